package io.eniipamd.kube.node;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.domain.node.WarmTargets;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.FullPlaces;
import io.eniipamd.kube.address.OwnEnis;
import io.eniipamd.kube.address.Subnets;
import io.eniipamd.kube.address.VpcIpStore;
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
    SharedLooks looks,
    Clock clock) {

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
    var nodeCloud = new NodeCloud(cloud, operations, settings);
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
        new SharedLooks(cloud, nodeCloud, settings),
        clock);
  }

  EniAddressStore records() {
    return new EniAddressStore(client, book, new VpcIpStore(client, book, clock));
  }

  EniLearning learning() {
    return new EniLearning(necs, cloud, looks, tasks, memory);
  }

  PendingEniSteps pending() {
    return new PendingEniSteps(necs, book, records(), cloud, settings, tasks, memory, events);
  }

  LeftEniSteps left() {
    return new LeftEniSteps(necs, book, records(), cloud, tasks, memory, events);
  }

  LeavingEniSteps leaving() {
    return new LeavingEniSteps(necs, nodes, book, records(), cloud, tasks, memory, asked(), events);
  }

  private NodesAsked asked() {
    return new NodesAsked(new FreshReads(client, clock), () -> clock.millis() * 1_000_000);
  }

  WarmSettings warmSettings() {
    return new WarmSettings(WarmTargets.NONE, events);
  }

  WarmSteps warm(SharedCache<VpcIP> vips, OwnEnis own, FullPlaces full) {
    return new WarmSteps(
        necs,
        vips,
        book,
        new VpcIpStore(client, book, clock),
        own,
        full,
        warmSettings(),
        memory,
        ReleaseHold.NONE);
  }

  NodeDeparture departure(WarmSteps warm) {
    return new NodeDeparture(
        client,
        necs,
        book,
        steps(warm),
        leaving(),
        learning(),
        report(),
        memory,
        asked(),
        settings,
        clock);
  }

  EniSteps steps(WarmSteps warm) {
    return new EniSteps(
        learning(), pending(), left(), leaving(), records(), report(), next(), warm);
  }

  EniReport report() {
    return new EniReport(necs, nodes, book, memory, events, clock);
  }

  NextPass next() {
    return new NextPass(memory, clock);
  }

  NodeEniReconciler reconciler(
      SharedCache<VpcIP> vips, OwnEnis own, FullPlaces full, Subnets subnets, EniDemand demand) {
    var warm = warm(vips, own, full);
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
            new NodeSubnets(subnets, book, full, memory),
            new RoomWanted(demand, book, warmSettings()),
            memory,
            learning(),
            new PendingEnis(tasks, memory),
            new LeftEnis(book, own, tasks, memory),
            new LeavingEnis(book, own, tasks, memory)),
        steps(warm),
        departure(warm));
  }
}
