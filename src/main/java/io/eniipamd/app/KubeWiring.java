package io.eniipamd.app;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.cloud.operate.CloudStack;
import io.eniipamd.config.IpamdConfig;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.AddressReserver;
import io.eniipamd.kube.address.AddressesOfOthers;
import io.eniipamd.kube.address.FullPlaces;
import io.eniipamd.kube.address.NoRoom;
import io.eniipamd.kube.address.OwnEnis;
import io.eniipamd.kube.address.Quarantine;
import io.eniipamd.kube.address.StrayCollector;
import io.eniipamd.kube.address.Subnets;
import io.eniipamd.kube.address.VpcIpStore;
import io.eniipamd.kube.node.EniTags;
import io.eniipamd.kube.release.ReleaseGate;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.Leadership;
import io.eniipamd.kube.support.Resync;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import io.eniipamd.kube.support.SlimPod;
import io.eniipamd.kube.support.SlimStatefulSet;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** The pieces that the rooms of the Kubernetes side share. */
final class KubeWiring {

  @Produces
  @Singleton
  Clock clock() {
    return Clock.systemUTC();
  }

  /** A monotonic clock, in nanoseconds. */
  @Produces
  @Singleton
  LongSupplier nanoTime() {
    return System::nanoTime;
  }

  /** How long pauses are: those that failed together do not come back together. */
  @Produces
  @Singleton
  RandomGenerator random() {
    return new Random();
  }

  @Produces
  @Singleton
  SharedCache<SlimPod> pods() {
    return new SharedCache<>(SlimPod.class);
  }

  @Produces
  @Singleton
  SharedCache<SlimNode> nodes() {
    return new SharedCache<>(SlimNode.class);
  }

  @Produces
  @Singleton
  SharedCache<SlimStatefulSet> statefulSets() {
    return new SharedCache<>(SlimStatefulSet.class);
  }

  @Produces
  @Singleton
  SharedCache<VpcIPClaim> claims() {
    return new SharedCache<>(VpcIPClaim.class);
  }

  @Produces
  @Singleton
  SharedCache<VpcIP> vips(AddressBook book) {
    var vips = new SharedCache<>(VpcIP.class);
    // Before all others: an object that a change enqueues finds it in the book.
    vips.listen(book);
    return vips;
  }

  @Produces
  @Singleton
  SharedCache<NodeENIConfig> necs() {
    return new SharedCache<>(NodeENIConfig.class);
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
      SharedCache<NodeENIConfig> necs,
      SharedCache<SlimNode> nodes,
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
  NoRoom noRoom(FullPlaces full, StrayCollector strays, OwnEnis own, AddressBook book) {
    return new NoRoom() {
      @Override
      public void onEni(String eniId) {
        full.note(eniId);
        strays.suspect(eniId);
        own.enqueueNode(eniId);
      }

      @Override
      public void inSubnet(String subnetId) {
        full.note(subnetId);
        book.doubt(subnetId);
      }
    };
  }

  @Produces
  @Singleton
  Quarantine quarantine(IpamdConfig config) {
    return new Quarantine(config.quarantine(), System::nanoTime);
  }

  @Produces
  @Singleton
  AddressReserver reserving(
      CloudStack stack,
      VpcIpStore records,
      SharedCache<VpcIP> vips,
      SharedCache<VpcIPClaim> claims,
      CloudTasks tasks,
      EventRecorder events,
      LiveSettings live,
      Clock clock) {
    return new AddressReserver(
        stack.reservations(),
        records,
        vips,
        claims,
        tasks,
        events,
        () -> live.current().reserve(),
        clock);
  }

  @Produces
  @Singleton
  StrayCollector strayCollector(
      VpcCloud cloud,
      SharedCache<NodeENIConfig> necs,
      OwnEnis own,
      AddressBook book,
      VpcIpStore records,
      ReleaseGate gate,
      IpamdConfig config,
      EventRecorder events,
      Clock clock) {
    return new StrayCollector(
        cloud,
        necs,
        own,
        book,
        records,
        events,
        () -> config.releaseStrayAddresses() && gate.open(),
        clock);
  }

  @Produces
  @Singleton
  Resync resync(
      SharedCache<SlimPod> pods,
      SharedCache<SlimNode> nodes,
      SharedCache<SlimStatefulSet> statefulSets,
      SharedCache<VpcIPClaim> claims,
      SharedCache<VpcIP> vips,
      SharedCache<NodeENIConfig> necs) {
    return new Resync(List.of(pods, nodes, statefulSets, claims, vips, necs));
  }

  @Produces
  @Singleton
  Leadership leadership(IpamdConfig config) {
    return new Leadership(
        config.leaderElectionLeaseDuration().minus(config.cloudCallTimeout()), System::nanoTime);
  }
}
