package io.eniipamd.app;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.config.InventoryMode;
import io.eniipamd.config.IpamdConfig;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.AddressSettings;
import io.eniipamd.kube.inventory.InventorySettings;
import io.eniipamd.kube.journal.JournalLine;
import io.eniipamd.kube.support.CloudReaders;
import io.eniipamd.kube.support.LeaseSettings;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import io.eniipamd.kube.support.SlimPod;
import io.eniipamd.kube.support.SlimStatefulSet;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Random;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
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
  Consumer<JournalLine> addressLog() {
    return AddressLog::write;
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
  AddressSettings addressSettings(IpamdConfig config) {
    return new AddressSettings(
        config.clusterId(),
        config.eniSubnets(),
        config.quarantine(),
        config.releaseStrayAddresses() && config.inventory() == InventoryMode.REPAIR);
  }

  @Produces
  @Singleton
  InventorySettings inventorySettings(IpamdConfig config) {
    return new InventorySettings(
        config.clusterId(), config.inventory() == InventoryMode.REPAIR, config.inventoryGrace());
  }

  @Produces
  @Singleton
  LeaseSettings leaseSettings(IpamdConfig config) {
    return new LeaseSettings(config.leaderElectionLeaseDuration(), config.cloudCallTimeout());
  }

  @Produces
  @Singleton
  @CloudReaders
  Executor cloudReaders() {
    return Executors.newVirtualThreadPerTaskExecutor();
  }
}
