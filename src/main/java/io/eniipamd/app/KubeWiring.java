package io.eniipamd.app;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.cloud.decorate.CloudStack;
import io.eniipamd.config.IpamdConfig;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.AddressSteps;
import io.eniipamd.kube.address.AddressesOfOthers;
import io.eniipamd.kube.address.EniPlaces;
import io.eniipamd.kube.address.FullPlaces;
import io.eniipamd.kube.address.HeldWatch;
import io.eniipamd.kube.address.IpRecords;
import io.eniipamd.kube.address.OwnEnis;
import io.eniipamd.kube.address.Reserving;
import io.eniipamd.kube.address.StrayWatch;
import io.eniipamd.kube.address.Subnets;
import io.eniipamd.kube.address.WornAddresses;
import io.eniipamd.kube.node.EniTags;
import io.eniipamd.kube.node.NodeViews;
import io.eniipamd.kube.reclaim.ReleaseGate;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.EniDemand;
import io.eniipamd.kube.support.FreshReads;
import io.eniipamd.kube.support.Leadership;
import io.eniipamd.kube.support.People;
import io.eniipamd.kube.support.Resync;
import io.eniipamd.kube.support.SlimNode;
import io.eniipamd.kube.support.SlimPod;
import io.eniipamd.kube.support.SlimStatefulSet;
import io.eniipamd.kube.support.Watched;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;

/** The pieces that the rooms of the Kubernetes side share. */
final class KubeWiring {

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  @Produces
  @Singleton
  Watched<SlimPod> pods() {
    return new Watched<>(SlimPod.class);
  }

  @Produces
  @Singleton
  Watched<SlimNode> nodes() {
    return new Watched<>(SlimNode.class);
  }

  @Produces
  @Singleton
  Watched<SlimStatefulSet> statefulSets() {
    return new Watched<>(SlimStatefulSet.class);
  }

  @Produces
  @Singleton
  Watched<VpcIPClaim> claims() {
    return new Watched<>(VpcIPClaim.class);
  }

  @Produces
  @Singleton
  Watched<VpcIP> vips(AddressBook book) {
    var vips = new Watched<>(VpcIP.class);
    // Before all others: whoever is woken by a change finds it in the book.
    vips.listen(book);
    return vips;
  }

  @Produces
  @Singleton
  Watched<NodeENIConfig> necs() {
    return new Watched<>(NodeENIConfig.class);
  }

  @Produces
  @Singleton
  AddressBook book(Clock clock) {
    return new AddressBook(clock);
  }

  @Produces
  @Singleton
  IpRecords records(KubernetesClient client, AddressBook book, Clock clock) {
    return new IpRecords(client, book, clock);
  }

  @Produces
  @Singleton
  Subnets subnets(VpcCloud cloud, AddressBook book, IpamdConfig config) {
    var others =
        new AddressesOfOthers(
            cloud, book, Executors.newVirtualThreadPerTaskExecutor(), System::nanoTime);
    return new Subnets(cloud, book, others, config.eniSubnets());
  }

  @Produces
  @Singleton
  OwnEnis ownEnis(
      VpcCloud cloud,
      Watched<NodeENIConfig> necs,
      Watched<SlimNode> nodes,
      IpamdConfig config,
      Clock clock) {
    return new OwnEnis(
        cloud,
        necs,
        nodes,
        EniTags.CLUSTER,
        config.clusterId(),
        Executors.newVirtualThreadPerTaskExecutor(),
        clock);
  }

  @Produces
  @Singleton
  FullPlaces fullPlaces() {
    return new FullPlaces(System::nanoTime);
  }

  @Produces
  @Singleton
  AddressSteps addressSteps(
      KubernetesClient client,
      Watched<VpcIP> vips,
      Watched<VpcIPClaim> claims,
      AddressBook book,
      IpRecords records,
      EniOperations enis,
      OwnEnis own,
      Reserving reserving,
      CloudTasks tasks,
      FreshReads fresh,
      People people,
      ReleaseGate gate,
      StrayWatch strays,
      FullPlaces full,
      IpamdConfig config,
      Clock clock) {
    return new AddressSteps(
        client,
        vips,
        claims,
        book,
        records,
        enis,
        own,
        reserving,
        tasks,
        fresh,
        people,
        gate,
        new AddressSteps.NoRoom() {
          @Override
          public void onEni(String eniId) {
            full.note(eniId);
            strays.suspect(eniId);
            own.wakeNode(eniId);
          }

          @Override
          public void inSubnet(String subnetId) {
            full.note(subnetId);
            book.doubt(subnetId);
          }
        },
        config.quarantine(),
        clock,
        System::nanoTime);
  }

  @Produces
  @Singleton
  Reserving reserving(
      CloudStack stack,
      IpRecords records,
      Watched<VpcIP> vips,
      Watched<VpcIPClaim> claims,
      CloudTasks tasks,
      People people,
      LiveSettings live,
      Clock clock) {
    return new Reserving(
        stack.reservations(),
        records,
        vips,
        claims,
        tasks,
        people,
        () -> live.current().reserve(),
        clock);
  }

  @Produces
  @Singleton
  HeldWatch heldWatch(
      VpcCloud cloud,
      AddressBook book,
      IpRecords records,
      Watched<VpcIPClaim> claims,
      People people,
      Clock clock) {
    return new HeldWatch(cloud, book, records, claims, people, clock);
  }

  @Produces
  @Singleton
  StrayWatch strayWatch(
      VpcCloud cloud,
      Watched<NodeENIConfig> necs,
      OwnEnis own,
      AddressBook book,
      IpRecords records,
      ReleaseGate gate,
      IpamdConfig config,
      People people,
      Clock clock) {
    return new StrayWatch(
        cloud,
        necs,
        own,
        book,
        records,
        people,
        () -> config.releaseStrayAddresses() && gate.open(),
        clock);
  }

  @Produces
  @Singleton
  NodeViews nodeViews(
      Watched<NodeENIConfig> necs,
      Watched<SlimNode> nodes,
      OwnEnis own,
      FullPlaces full,
      AddressBook book) {
    return new NodeViews(necs, nodes, own, full, book);
  }

  @Produces
  @Singleton
  Resync resync(
      Watched<SlimPod> pods,
      Watched<SlimNode> nodes,
      Watched<SlimStatefulSet> statefulSets,
      Watched<VpcIPClaim> claims,
      Watched<VpcIP> vips,
      Watched<NodeENIConfig> necs) {
    return new Resync(List.of(pods, nodes, statefulSets, claims, vips, necs));
  }

  @Produces
  @Singleton
  WornAddresses wornAddresses(
      AddressBook book,
      OwnEnis own,
      CloudTasks tasks,
      Watched<SlimPod> pods,
      Watched<VpcIPClaim> claims) {
    return new WornAddresses(book, own, tasks, pods, claims, System::nanoTime);
  }

  @Produces
  @Singleton
  EniPlaces eniPlaces(AddressBook book, OwnEnis own, CloudTasks tasks, Watched<VpcIPClaim> claims) {
    return new EniPlaces(book, own, tasks, claims, System::nanoTime);
  }

  @Produces
  @Singleton
  CloudTasks tasks() {
    return new CloudTasks(new Random());
  }

  @Produces
  @Singleton
  EniDemand demand() {
    return new EniDemand();
  }

  @Produces
  @Singleton
  FreshReads freshReads(KubernetesClient client, Clock clock) {
    return new FreshReads(client, clock);
  }

  @Produces
  @Singleton
  People people(KubernetesClient client, Clock clock) {
    return new People(client, clock);
  }

  @Produces
  @Singleton
  Leadership leadership(IpamdConfig config) {
    return new Leadership(
        config.leaderElectionLeaseDuration().minus(config.cloudCallTimeout()), System::nanoTime);
  }
}
