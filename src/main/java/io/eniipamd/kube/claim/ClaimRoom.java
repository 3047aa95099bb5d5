package io.eniipamd.kube.claim;

import io.eniipamd.domain.release.ReleaseSettings;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.VpcIpStore;
import io.eniipamd.kube.node.NodeViews;
import io.eniipamd.kube.release.OwnerReferences;
import io.eniipamd.kube.release.ReleaseGate;
import io.eniipamd.kube.release.ReleasePath;
import io.eniipamd.kube.support.FreshReads;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimPod;
import io.eniipamd.kube.support.SlimStatefulSet;
import io.eniipamd.kube.support.WriteThrottle;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.function.Supplier;

/** Puts the room's own pieces together; what it stands on comes from {@code app}. */
final class ClaimRoom {

  /** A flag that is switched with ten thousand claims there is followed in minutes. */
  private static final int CHANGES_PER_SECOND = 20;

  @Produces
  @Singleton
  Expiry expiry(Supplier<ReleaseSettings> settings) {
    return new Expiry(settings);
  }

  @Produces
  @Singleton
  Preemptions preemptions() {
    return new Preemptions();
  }

  @Produces
  @Singleton
  Workloads workloads(
      KubernetesClient client,
      SharedCache<SlimStatefulSet> sets,
      Supplier<ReleaseSettings> settings) {
    return new Workloads(client, sets, settings);
  }

  @Produces
  @Singleton
  RetentionGatherer keepingGatherer(
      SharedCache<SlimPod> pods,
      AddressBook book,
      NodeViews nodes,
      ReleaseGate gate,
      Workloads workloads,
      Expiry expiry,
      Preemptions preemptions,
      Clock clock) {
    return new RetentionGatherer(pods, book, nodes, gate, workloads, expiry, preemptions, clock);
  }

  /** The pace of writes that nobody waits for, and that thousands of claims may want at once. */
  @Produces
  @Singleton
  WriteThrottle pace() {
    return new WriteThrottle(CHANGES_PER_SECOND, System::nanoTime);
  }

  @Produces
  @Singleton
  RetentionSteps keepingSteps(
      AddressBook book,
      VpcIpStore records,
      FreshReads fresh,
      ReleasePath path,
      OwnerReferences ties,
      Workloads workloads,
      Expiry expiry,
      Preemptions preemptions,
      WriteThrottle pace,
      NodeViews views) {
    return new RetentionSteps(
        book,
        records,
        path,
        ties,
        workloads,
        expiry,
        preemptions,
        pace,
        new NodesAsked(fresh::nodeMayCarryPods, System::nanoTime),
        views);
  }
}
