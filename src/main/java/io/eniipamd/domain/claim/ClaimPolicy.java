package io.eniipamd.domain.claim;

import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.ClaimDecision.Nothing;
import io.eniipamd.domain.claim.ClaimView.Phase;
import io.eniipamd.domain.claim.PlacementStep.AwaitRoom;
import io.eniipamd.domain.claim.WaitStep.Refuse;
import io.eniipamd.domain.node.NodeView;
import java.util.Optional;
import java.util.Set;

/** The decision about a claim, read from top to bottom. Where it is not sure, the address stays. */
public final class ClaimPolicy {
  private ClaimPolicy() {}

  /** What has to happen to the claim next. */
  public static ClaimDecision decide(ClaimView claim) {
    if (claim.deleting()) {
      return release(claim);
    }
    var alive =
        claim.pod().filter(p -> !p.ended()).filter(p -> p.request().requested().isPresent());
    if (alive.isEmpty()) {
      return podGone(claim);
    }
    return podAlive(claim, alive.get());
  }

  private static ClaimDecision release(ClaimView claim) {
    var user = claim.pod().filter(p -> boundTo(claim, p)).filter(p -> !p.ended());
    if (user.isPresent()) {
      return new ReleaseStep.BlockRelease();
    }
    var living = claim.living();
    if (!living.isEmpty()) {
      return new ReleaseStep.ReleaseAddresses(living.stream().map(ClaimAddress::ip).toList());
    }
    boolean confirmed =
        claim.held().stream().allMatch(h -> h.phase() == ClaimAddress.Phase.QUARANTINED);
    if (confirmed) {
      return new ReleaseStep.RemoveFinalizer();
    }
    boolean next = claim.pod().filter(p -> !p.ended() && !p.terminating()).isPresent();
    return next ? ClaimProblems.awaitingRelease(claim.held()) : new Nothing();
  }

  private static ClaimDecision podGone(ClaimView claim) {
    // A Pod that was bound and still lives owns its address, whatever its annotations say now.
    if (claim.pod().filter(p -> boundTo(claim, p)).filter(p -> !p.ended()).isPresent()) {
      return new Nothing();
    }
    // A claim that a user made in advance waits for its Pod.
    if (!claim.ours() && claim.boundTo().isEmpty()) {
      return new Nothing();
    }
    // One that was never on an ENI was never the Pod's, and another user of the VPC may have it.
    boolean holdsSomething =
        claim.address().isPresent() || claim.living().stream().anyMatch(ClaimAddress::wasConfirmed);
    if (!claim.fixed() || !holdsSomething) {
      return new ReleaseStep.DeleteClaim();
    }
    return claim.phase() == Phase.RETAINED ? kept(claim) : new RetentionStep.Retain();
  }

  /** Its record first, then whether it may go, then where it is, then what its status says. */
  private static ClaimDecision kept(ClaimView claim) {
    var steady = steady(claim);
    if (!(steady instanceof Nothing)) {
      return steady;
    }
    var attached =
        claim.living().stream()
            .filter(h -> h.direct().flatMap(DirectEni::wantedOn).isPresent())
            .findFirst();
    if (attached.isPresent()) {
      return new RetentionStep.Detach(attached.get());
    }
    var retention = claim.retention();
    if (retention.hold().filter(hold -> !hold.told()).isPresent()) {
      return new ReleaseStep.ExplainPause(retention.hold().get());
    }
    if (retention.scaledAway() && retention.hold().isEmpty()) {
      return new ReleaseStep.DeleteScaled();
    }
    if (retention.relocation().isPresent()) {
      var onAnEni =
          claim.living().stream()
              .filter(
                  h ->
                      h.intendedEni().filter(h::settledOn).isPresent()
                          || (!retention.relocation().get().nodeGone() && isOnNone(h)))
              .findFirst();
      if (onAnEni.isPresent()) {
        return new RetentionStep.Relocate(onAnEni.get(), retention.relocation().get());
      }
    }
    return retention.stale() ? new RetentionStep.RefreshStatus(Optional.empty()) : new Nothing();
  }

  /** Whether the cloud has refused to put the address on its ENI, and it was on none before. */
  private static boolean isOnNone(ClaimAddress held) {
    return held.refused() && held.intendedEni().isPresent() && held.confirmedEni().isEmpty();
  }

  private static ClaimDecision bound(ClaimView claim, PodView pod) {
    var steady = steady(claim);
    if (!(steady instanceof Nothing)) {
      return steady;
    }
    // The ENI of a Pod's own stays where it is while that Pod lives.
    if (!claim.direct()
        && claim.lost().isPresent()
        && claim.node().isPresent()
        && !pod.terminating()) {
      return PlacementPolicy.lost(claim, claim.lost().get(), claim.node().get(), pod);
    }
    return claim.retention().stale()
        ? new RetentionStep.RefreshStatus(pod.request().requested())
        : steady;
  }

  private static ClaimDecision podAlive(ClaimView claim, PodView pod) {
    if (boundTo(claim, pod) && claim.phase() == Phase.BOUND) {
      return bound(claim, pod);
    }
    if (claim.boundTo().isPresent() && !boundTo(claim, pod) && !claim.fixed()) {
      // The Pod that had this address is gone and another one of the same name has come: it gets a
      // claim of its own.
      return new ReleaseStep.DeleteClaim();
    }
    if (pod.terminating()) {
      return new Nothing();
    }
    var request = pod.request().requested().orElseThrow();
    if (request.fatal().isPresent()) {
      return new Refuse(request.fatal().get());
    }
    if (request.direct() != claim.direct()) {
      return new Refuse(ValidationProblems.claimOfOtherMode(claim.direct()));
    }
    var worn = claim.worn().flatMap(w -> worn(claim, w));
    if (worn.isPresent()) {
      return worn.get();
    }
    if (claim.requestIsNew()) {
      return new AllocationStep.NoteRequest();
    }
    if (pod.node().isEmpty()) {
      return unscheduled(claim, pod);
    }
    if (claim.node().isEmpty()) {
      if (claim.direct()) {
        return ClaimProblems.awaitingRecord(pod.node().get());
      }
      // The node's record is about to come and enqueues the claim.
      return new AwaitRoom(pod.node().get(), Set.of(), Optional.empty());
    }
    return onNode(claim, claim.node().get(), pod);
  }

  /** The step of a claim whose Pod is on a node of which there is a record. */
  private static ClaimDecision onNode(ClaimView claim, NodeView node, PodView pod) {
    var living = claim.living();
    if (claim.fixed() && !living.isEmpty() && claim.address().isPresent()) {
      // Whatever else it was given meanwhile: what was promised is recorded first.
      var promised = recorded(claim, claim.address().get());
      if (promised.isPresent()) {
        return promised.get();
      }
    }
    if (!living.isEmpty()) {
      return living.size() > 1
          ? surplusOr(claim, new Nothing())
          : claim.direct()
              ? DirectPolicy.settle(claim, living.getFirst(), node, pod)
              : PlacementPolicy.settle(claim, living.getFirst(), node, pod);
    }
    return claim.direct()
        ? DirectPolicy.firstAddress(claim, node)
        : AllocationPolicy.firstAddress(claim, node);
  }

  /** A Pod that can never be scheduled where its address is has to be told while it waits. */
  private static ClaimDecision unscheduled(ClaimView claim, PodView pod) {
    return claim
        .destination()
        .filter(d -> d.isExcludedBy(pod.zones()))
        .<ClaimDecision>map(ClaimProblems::zoneConflict)
        .orElseGet(Nothing::new);
  }

  /**
   * What has to be done about the address that the Pod runs with: a running Pod can be given no
   * other one. Empty where the claim may go its way.
   */
  private static Optional<ClaimDecision> worn(ClaimView claim, Worn worn) {
    var ip = worn.ip();
    if (claim.living().stream().anyMatch(h -> h.ip().equals(ip))) {
      return Optional.empty();
    }
    boolean hasOther = claim.address().isPresent() || !claim.living().isEmpty();
    return switch (worn.where()) {
      case UNSURE -> Optional.of(new AllocationStep.LookForWorn(ip));
      case ELSEWHERE -> Optional.of(ClaimProblems.runsElsewhere(ip));
      case OURS ->
          hasOther && !claim.address().equals(Optional.of(ip))
              ? Optional.of(ClaimProblems.holdsAnother(ip, other(claim)))
              : Optional.of(new AllocationStep.TakeBack(ip, worn.eniId()));
    };
  }

  private static Ip other(ClaimView claim) {
    return claim.address().orElseGet(() -> claim.living().getFirst().ip());
  }

  /**
   * Bound to a living Pod, or kept: the record of its address has to be there, and nothing else.
   */
  private static ClaimDecision steady(ClaimView claim) {
    if (claim.address().isEmpty()) {
      return surplusOr(claim, new Nothing());
    }
    return recorded(claim, claim.address().get()).orElseGet(() -> surplusOr(claim, new Nothing()));
  }

  /** What has to be done that the claim's address has a record of its own; empty where it has. */
  private static Optional<ClaimDecision> recorded(ClaimView claim, Ip ip) {
    if (claim.held().stream().noneMatch(h -> h.ip().equals(ip))) {
      return Optional.of(new AllocationStep.RecreateRecord(ip));
    }
    if (claim.living().stream().noneMatch(h -> h.ip().equals(ip))) {
      // A process took it for a surplus at the moment when it was bound: it is not.
      return Optional.of(new AllocationStep.TakeBack(ip));
    }
    return Optional.empty();
  }

  private static ClaimDecision surplusOr(ClaimView claim, ClaimDecision otherwise) {
    var living = claim.living();
    if (living.size() < 2) {
      return otherwise;
    }
    // The one in the status is in use; before a first binding the oldest wins.
    var keep = claim.address().orElse(living.getFirst().ip());
    return new ReleaseStep.ReleaseSurplus(
        living.stream().map(ClaimAddress::ip).filter(ip -> !ip.equals(keep)).toList());
  }

  private static boolean boundTo(ClaimView claim, PodView pod) {
    return claim.boundTo().filter(pod.uid()::equals).isPresent();
  }
}
