package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.domain.claim.PodRequest;
import io.eniipamd.domain.claim.RetentionView;
import io.eniipamd.domain.claim.RetentionView.Pause;
import io.eniipamd.domain.claim.RetentionView.Relocation;
import io.eniipamd.domain.condition.ClaimConditions;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.node.NodeViews;
import io.eniipamd.kube.release.Expiry;
import io.eniipamd.kube.release.ReleaseGate;
import io.eniipamd.kube.release.Workloads;
import io.eniipamd.kube.support.Conditions;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimPod;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Reads what bears on a claim while its Pod is away, from caches alone. */
@Singleton
final class RetentionGatherer {
  private static final Set<Reason> PAUSES =
      Set.of(
          ClaimReason.RELEASES_PAUSED,
          ClaimReason.AVALANCHE_PAUSED,
          ClaimReason.PAUSE_RECORD_MISSING);

  private final SharedCache<SlimPod> pods;
  private final AddressBook book;
  private final NodeViews nodes;
  private final ReleaseGate gate;
  private final Workloads workloads;
  private final Expiry expiry;
  private final Preemptions preemptions;
  private final Clock clock;

  RetentionGatherer(
      SharedCache<SlimPod> pods,
      AddressBook book,
      NodeViews nodes,
      ReleaseGate gate,
      Workloads workloads,
      Expiry expiry,
      Preemptions preemptions,
      Clock clock) {
    this.pods = pods;
    this.book = book;
    this.nodes = nodes;
    this.gate = gate;
    this.workloads = workloads;
    this.expiry = expiry;
    this.preemptions = preemptions;
    this.clock = clock;
  }

  /**
   * What bears on a claim whose Pod is away, or is bound.
   *
   * @param pod what the Pod that has the address says now; empty where it is away
   */
  RetentionView gather(VpcIPClaim claim, Optional<PodRequest.Requested> pod) {
    var phase = claim.statusOrEmpty().phase();
    if (phase == ClaimPhase.BOUND) {
      return new RetentionView(boundIsStale(claim, pod), false, Optional.empty(), Optional.empty());
    }
    if (phase != ClaimPhase.RETAINED || claim.isMarkedForDeletion()) {
      return RetentionView.QUIETLY;
    }
    boolean scaledAway = workloads.scaledAway(claim);
    var hold = hold(claim, scaledAway);
    return new RetentionView(
        keptIsStale(claim, hold.isPresent()), scaledAway, hold, relocation(claim));
  }

  /** While its Pod is there, only what is said of this very claim is copied at once. */
  private boolean boundIsStale(VpcIPClaim claim, Optional<PodRequest.Requested> pod) {
    if (errorIsStale(claim, pod)) {
      return true;
    }
    if (Policy.annotated(claim).isEmpty() && Expiry.annotation(claim).isEmpty()) {
      return false;
    }
    var status = claim.statusOrEmpty();
    var policy = Policy.of(claim).policy();
    var text = policy == DeletePolicy.NEVER ? expiry.of(claim).text() : null;
    return policy != status.deletePolicy() || !Objects.equals(text, status.claimExpiredDuration());
  }

  private boolean keptIsStale(VpcIPClaim claim, boolean held) {
    var status = claim.statusOrEmpty();
    if (status.retainedSince() == null) {
      return false;
    }
    if (status.address() == null) {
      return !book.livingOf(claim.getMetadata().getUid()).isEmpty();
    }
    boolean says =
        Objects.equals(expiry.of(claim).text(), status.claimExpiredDuration())
            && expiry.due(claim).map(Object::toString).equals(nonEmpty(status.expiresAt()));
    boolean saysHeld =
        Conditions.is(status.conditions(), ClaimConditions.RELEASE_BLOCKED, Condition.TRUE)
            && Conditions.reason(status.conditions(), ClaimConditions.RELEASE_BLOCKED)
                .filter(PAUSES::contains)
                .isPresent();
    return !says || (saysHeld && !held) || errorIsStale(claim, Optional.empty());
  }

  private static boolean errorIsStale(VpcIPClaim claim, Optional<PodRequest.Requested> pod) {
    var conditions = claim.statusOrEmpty().conditions();
    return Policy.error(claim, pod)
        .map(
            c ->
                !Conditions.says(
                    conditions, ClaimConditions.VALID, Condition.FALSE, c.reason(), c.message()))
        .orElseGet(() -> Conditions.is(conditions, ClaimConditions.VALID, Condition.FALSE));
  }

  private Optional<Pause> hold(VpcIPClaim claim, boolean scaledAway) {
    boolean due =
        expiry.due(claim).filter(at -> !at.isAfter(clock.instant())).isPresent()
            && pods.get(claim.getMetadata().getNamespace(), claim.getMetadata().getName())
                .filter(pod -> !pod.ended())
                .isEmpty();
    if (!due && !scaledAway) {
      return Optional.empty();
    }
    return gate.paused(claim.getMetadata().getNamespace())
        .map(
            paused ->
                new Pause(
                    paused.reason(),
                    paused.message(),
                    Conditions.says(
                        claim.statusOrEmpty().conditions(),
                        ClaimConditions.RELEASE_BLOCKED,
                        Condition.TRUE,
                        paused.reason(),
                        paused.message())));
  }

  private Optional<Relocation> relocation(VpcIPClaim claim) {
    return book.heldBy(claim.getMetadata().getUid()).stream()
        .filter(vip -> vip.getSpec().eniId() != null && vip.getSpec().nodeName() != null)
        .findFirst()
        .flatMap(vip -> relocation(claim, vip));
  }

  private Optional<Relocation> relocation(VpcIPClaim claim, VpcIP vip) {
    var node = vip.getSpec().nodeName();
    boolean nodeGone = nodes.isGone(node) && pods.byIndex(PodReconciler.BY_NODE, node).isEmpty();
    // One that has left its ENI and does not get onto it again waits for no Pod to be placed again.
    boolean nowhere = vip.statusOrEmpty().eniId() == null && nodes.isFull(vip.getSpec().eniId());
    if (!nodeGone && !nowhere && !preemptions.wanted(claim.getMetadata().getUid())) {
      return Optional.empty();
    }
    return Optional.of(new Relocation(node, nodeGone));
  }

  private static Optional<String> nonEmpty(String text) {
    return Optional.ofNullable(text).filter(t -> !t.isEmpty());
  }
}
