package io.eniipamd.kube.claim;

import io.eniipamd.domain.release.ReleaseSettings;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.IpRecords;
import io.eniipamd.kube.node.NodeViews;
import io.eniipamd.kube.reclaim.ReleaseGate;
import io.eniipamd.kube.reclaim.Releases;
import io.eniipamd.kube.reclaim.Ties;
import io.eniipamd.kube.support.FreshReads;
import io.eniipamd.kube.support.Pace;
import io.eniipamd.kube.support.SlimPod;
import io.eniipamd.kube.support.SlimStatefulSet;
import io.eniipamd.kube.support.Watched;
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
  Evictions evictions() {
    return new Evictions();
  }

  @Produces
  @Singleton
  Workloads workloads(
      KubernetesClient client, Watched<SlimStatefulSet> sets, Supplier<ReleaseSettings> settings) {
    return new Workloads(client, sets, settings);
  }

  @Produces
  @Singleton
  KeepingGatherer keepingGatherer(
      Watched<SlimPod> pods,
      AddressBook book,
      NodeViews nodes,
      ReleaseGate gate,
      Workloads workloads,
      Expiry expiry,
      Evictions evictions,
      Clock clock) {
    return new KeepingGatherer(pods, book, nodes, gate, workloads, expiry, evictions, clock);
  }

  /** The pace of writes that nobody waits for, and that thousands of claims may want at once. */
  @Produces
  @Singleton
  Pace pace() {
    return new Pace(CHANGES_PER_SECOND, System::nanoTime);
  }

  @Produces
  @Singleton
  KeepingSteps keepingSteps(
      AddressBook book,
      IpRecords records,
      FreshReads fresh,
      Releases releases,
      ReleaseGate gate,
      Ties ties,
      Workloads workloads,
      Expiry expiry,
      Evictions evictions,
      Pace pace,
      NodeViews views) {
    return new KeepingSteps(
        book,
        records,
        fresh,
        releases,
        gate,
        ties,
        workloads,
        expiry,
        evictions,
        pace,
        new NodesAsked(fresh::nodeMayCarryPods, System::nanoTime),
        views);
  }
}
