package io.eniipamd.kube.node;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.domain.node.SecurityGroupSettings;
import io.eniipamd.domain.node.WarmTargets;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.FullPlaces;
import io.eniipamd.kube.address.OwnEnis;
import io.eniipamd.kube.address.PlainAddresses;
import io.eniipamd.kube.address.StrayCollector;
import io.eniipamd.kube.address.Subnets;
import io.eniipamd.kube.address.VpcIpStore;
import io.eniipamd.kube.journal.Journals;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.EniDemand;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.FreshReads;
import io.eniipamd.kube.support.NodesAsked;
import io.eniipamd.kube.support.ReleaseHold;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The classes that work on nodes' ENIs, put together as the container does it. */
record NodeParts(
    KubernetesClient client,
    SharedCache<NodeENIConfig> necs,
    SharedCache<SlimNode> nodes,
    AddressBook book,
    EniCache memory,
    CloudTasks tasks,
    EventRecorder events,
    NodeSettings settings,
    NodeCloud cloud,
    Machines machines,
    SharedLooks looks,
    VpcCloud vpc,
    Clock clock,
    LongSupplier nanoTime,
    Executor readers) {

  private static SecurityGroupSettings noGroups() {
    return new SecurityGroupSettings(false, List.of());
  }

  static NodeParts of(
      KubernetesClient client,
      SharedCache<NodeENIConfig> necs,
      SharedCache<SlimNode> nodes,
      AddressBook book,
      CloudTasks tasks,
      VpcCloud cloud,
      EniOperations operations,
      NodeSettings settings,
      Clock clock) {
    return of(
        client,
        necs,
        nodes,
        book,
        tasks,
        cloud,
        operations,
        settings,
        clock,
        () -> clock.millis() * 1_000_000,
        Thread::startVirtualThread);
  }

  /**
   * The same with other threads.
   *
   * @param readers where the cloud is asked
   */
  static NodeParts of(
      KubernetesClient client,
      SharedCache<NodeENIConfig> necs,
      SharedCache<SlimNode> nodes,
      AddressBook book,
      CloudTasks tasks,
      VpcCloud cloud,
      EniOperations operations,
      NodeSettings settings,
      Clock clock,
      LongSupplier nanoTime,
      Executor readers) {
    var nodeCloud =
        new NodeCloud(cloud, operations, new VpcQuota(cloud, readers), settings, readers);
    return new NodeParts(
        client,
        necs,
        nodes,
        book,
        new EniCache(clock),
        tasks,
        new EventRecorder(client, clock),
        settings,
        nodeCloud,
        new Machines(cloud, readers),
        new SharedLooks(cloud, nodeCloud, settings, readers),
        cloud,
        clock,
        nanoTime,
        readers);
  }

  EniAddressStore records() {
    return new EniAddressStore(client, book, new VpcIpStore(client, book, Journals.none(), clock));
  }

  EniLearning learning() {
    return new EniLearning(necs, cloud, machines, looks, tasks, memory);
  }

  PendingEniSteps pending() {
    return pending(NodeParts::noGroups);
  }

  PendingEniSteps pending(Supplier<SecurityGroupSettings> groups) {
    return new PendingEniSteps(
        necs, book, records(), cloud, settings, groups, tasks, memory, events);
  }

  SecurityGroupSteps groups(
      OwnEnis own, StrayCollector looks, Supplier<SecurityGroupSettings> wanted) {
    return new SecurityGroupSteps(
        necs, own, looks, cloud, wanted, new EniGroups(clock), turnsAtOnce(), tasks, memory);
  }

  /** A second passes between any two questions for the time, so that each turn has come. */
  private static GroupTurns turnsAtOnce() {
    var nanos = new AtomicLong();
    return new GroupTurns(
        new GroupTurns.Settings(1_000), () -> nanos.addAndGet(Duration.ofSeconds(1).toNanos()));
  }

  /** What reads the ENIs of all nodes. */
  StrayCollector strays(OwnEnis own) {
    return new StrayCollector(
        vpc,
        necs,
        own,
        book,
        new VpcIpStore(client, book, Journals.none(), clock),
        events,
        PlainAddresses.reporting(settings.clusterId()),
        ReleaseHold.NONE,
        clock);
  }

  NodeSubnets subnets(Subnets subnets, FullPlaces full) {
    return new NodeSubnets(subnets, book, full, memory);
  }

  LeftEniSteps left() {
    return new LeftEniSteps(necs, book, records(), cloud, tasks, memory, events);
  }

  LeavingEniSteps leaving() {
    return new LeavingEniSteps(necs, nodes, book, records(), cloud, tasks, memory, asked(), events);
  }

  private NodesAsked asked() {
    return new NodesAsked(new FreshReads(client, clock), nanoTime);
  }

  WarmSettings warmSettings() {
    return new WarmSettings(WarmTargets.NONE, events);
  }

  WarmSteps warm(SharedCache<VpcIP> vips, OwnEnis own, FullPlaces full) {
    return new WarmSteps(
        necs,
        vips,
        book,
        new VpcIpStore(client, book, Journals.none(), clock),
        own,
        full,
        warmSettings(),
        memory,
        ReleaseHold.NONE);
  }

  NodeDeparture departure(WarmSteps warm, OwnEnis own) {
    return departure(steps(warm, own), report());
  }

  private NodeDeparture departure(EniSteps steps, EniReport report) {
    return new NodeDeparture(
        client, necs, book, steps, leaving(), learning(), report, memory, asked(), settings, clock);
  }

  EniSteps steps(WarmSteps warm, OwnEnis own) {
    return steps(warm, own, report());
  }

  private EniSteps steps(WarmSteps warm, OwnEnis own, EniReport report) {
    return new EniSteps(
        learning(),
        pending(),
        left(),
        leaving(),
        records(),
        report,
        next(),
        warm,
        groups(own, strays(own), NodeParts::noGroups));
  }

  EniReport report() {
    return report(new SlotOffers(_ -> true, _ -> true, _ -> true));
  }

  EniReport report(SlotOffers offers) {
    return new EniReport(necs, nodes, book, memory, events, offers, clock);
  }

  NextPass next() {
    return new NextPass(memory, clock);
  }

  UnownedEnis unowned(OwnEnis own) {
    return new UnownedEnis(cloud, necs, nodes, own, book, records(), memory, asked(), readers);
  }

  NodeEniReconciler reconciler(
      SharedCache<VpcIP> vips,
      OwnEnis own,
      FullPlaces full,
      NodeSubnets nodeSubnets,
      SubnetTides tides,
      Subnets subnets,
      EniDemand demand,
      DirectDemand directs) {
    return reconciler(
        vips,
        own,
        full,
        nodeSubnets,
        tides,
        subnets,
        demand,
        directs,
        new IdleEnis(necs, book, settings, clock));
  }

  NodeEniReconciler reconciler(
      SharedCache<VpcIP> vips,
      OwnEnis own,
      FullPlaces full,
      NodeSubnets nodeSubnets,
      SubnetTides tides,
      Subnets subnets,
      EniDemand demand,
      DirectDemand directs,
      IdleEnis idle) {
    var report = report(new SlotOffers(own, tides));
    var steps = steps(warm(vips, own, full), own, report);
    return new NodeEniReconciler(
        necs,
        vips,
        book,
        subnets,
        demand,
        tasks,
        events,
        memory,
        new EniGatherer(
            nodes,
            book,
            own,
            full,
            nodeSubnets,
            new RoomWanted(demand, book, warmSettings(), directs),
            memory,
            learning(),
            new PendingEnis(tasks, memory, cloud.quota()),
            new LeftEnis(book, own, tasks, memory),
            new LeavingEnis(book, own, tasks, memory, idle)),
        steps,
        departure(steps, report));
  }
}
