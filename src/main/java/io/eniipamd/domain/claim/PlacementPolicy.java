package io.eniipamd.domain.claim;

import io.eniipamd.domain.claim.ClaimDecision.Nothing;
import io.eniipamd.domain.claim.PlacementStep.AwaitRoom;
import io.eniipamd.domain.claim.WaitStep.Problem;
import io.eniipamd.domain.node.EniView;
import io.eniipamd.domain.node.NodeView;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Decides how the address that a claim holds gets onto an ENI of its Pod's node. */
final class PlacementPolicy {
  private PlacementPolicy() {}

  /**
   * The Pod's node runs on another machine by now, where the Pod starts again: its address follows
   * it, once nothing on the machine before can use it.
   */
  static ClaimDecision lost(ClaimView claim, LostPlace place, NodeView node, PodView pod) {
    return switch (place.where()) {
      case UNSURE -> new PlacementStep.LookForEni(place.eniId());
      case ELSEWHERE -> ClaimProblems.stillOnTheMachineBefore(claim, place, node);
      case NOWHERE, BACK ->
          claim.living().stream()
              .findFirst()
              .map(held -> settle(claim, held, node, pod, false))
              .orElseGet(Nothing::new);
    };
  }

  /** The step of a claim that holds this address and whose Pod is on this node. */
  static ClaimDecision settle(ClaimView claim, ClaimAddress held, NodeView node, PodView pod) {
    return settle(claim, held, node, pod, usesIt(claim, held, pod));
  }

  /**
   * Whether the Pod may be running with the address now. A claim that was bound to this Pod and is
   * pending again has lost its place: since then no agent has started the Pod's network, and what
   * the Pod says of its address is of a machine before.
   */
  private static boolean usesIt(ClaimView claim, ClaimAddress held, PodView pod) {
    boolean lostItsPlace =
        claim.phase() == ClaimView.Phase.PENDING
            && claim.boundTo().filter(pod.uid()::equals).isPresent();
    return !lostItsPlace && pod.ip().filter(held.ip()::equals).isPresent();
  }

  private static ClaimDecision settle(
      ClaimView claim, ClaimAddress held, NodeView node, PodView pod, boolean inUse) {
    if (held.zone().isPresent() && !held.zone().get().equals(node.zone())) {
      return ClaimProblems.zoneMismatch(held, node);
    }
    var here =
        node.enis().stream()
            .filter(e -> held.intendedEni().filter(e.eniId()::equals).isPresent())
            .findFirst();
    if (here.isPresent()) {
      if (held.settledOn(here.get().eniId())) {
        if (claim.moving() && !held.newerThanClaim()) {
          return new PlacementStep.ConfirmPlace(held.ip());
        }
        return new PlacementStep.Bind(held, here.get(), node, pod);
      }
      if (held.problem().isEmpty()) {
        return ClaimProblems.addressOnItsWay(held);
      }
      var failed = ClaimProblems.assignFailed(held.problem().get());
      if (inUse || !held.refused()) {
        return failed;
      }
      if (held.subnetFull()) {
        return inAnotherSubnet(claim, held, node);
      }
      return here.get().refusing() ? placedAnew(claim, held, node, failed) : failed;
    }
    if (inUse && held.intendedEni().isPresent()) {
      // Its ENI is not seen on the node, and the Pod runs with it: it stays where it is.
      return ClaimProblems.eniNotOnNode(held, node);
    }
    if (held.underWay()) {
      // One step at a time: where it is going is confirmed first, then it moves on.
      return ClaimProblems.addressOnItsWay(held);
    }
    return EniChoice.roomIn(node, e -> e.subnetId().equals(held.subnetId()))
        .<ClaimDecision>map(to -> new PlacementStep.Move(held, to, node))
        .orElseGet(
            () ->
                EniChoice.noRoom(
                    claim, node, Set.of(held.subnetId()), ClaimProblems::noEniInSubnet));
  }

  /**
   * The cloud puts no further address on the ENI that this one is to be on: it moves to another ENI
   * of the subnet or, if no Pod ever had this address, to one of another subnet.
   */
  private static ClaimDecision placedAnew(
      ClaimView claim, ClaimAddress held, NodeView node, Problem failed) {
    var sibling = EniChoice.roomIn(node, e -> e.subnetId().equals(held.subnetId()));
    if (sibling.isPresent()) {
      return new PlacementStep.Move(held, sibling.get(), node);
    }
    boolean promised = isPromised(claim);
    var subnets = promised ? Set.of(held.subnetId()) : Set.copyOf(claim.requested().subnets());
    Predicate<EniView> useful = e -> subnets.isEmpty() || subnets.contains(e.subnetId());
    if (!promised && EniChoice.roomIn(node, useful.and(e -> !e.subnetFull())).isPresent()) {
      return new ReleaseStep.ReleaseSurplus(List.of(held.ip()));
    }
    var wait = EniChoice.noRoom(claim, node, subnets, useful, failed);
    return wait instanceof AwaitRoom(var on, var of, var why)
        ? new AwaitRoom(on, of, why.or(() -> Optional.of(failed)))
        : wait;
  }

  /**
   * The cloud has no address left in the subnet: if no Pod ever had this address, one of another
   * subnet is possible. Meanwhile this one is tried again by itself.
   */
  private static ClaimDecision inAnotherSubnet(ClaimView claim, ClaimAddress held, NodeView node) {
    var failed = ClaimProblems.subnetRefused(held, node);
    if (isPromised(claim)) {
      return failed;
    }
    var full = EniChoice.fullSubnets(node);
    full.add(held.subnetId());
    var elsewhere = EniChoice.elsewhere(claim, full);
    if (elsewhere.isEmpty()) {
      return failed;
    }
    if (EniChoice.roomIn(node, elsewhere.get().useful()).isPresent()) {
      return new ReleaseStep.ReleaseSurplus(List.of(held.ip()));
    }
    var subnets = elsewhere.get().subnets();
    var wait = EniChoice.noRoom(claim, node, subnets, elsewhere.get().useful(), failed);
    return wait instanceof AwaitRoom(var on, var of, var why)
        ? new AwaitRoom(on, of, why.or(() -> Optional.of(failed)))
        : wait;
  }

  private static boolean isPromised(ClaimView claim) {
    return claim.address().isPresent() || claim.requested().ip().isPresent();
  }
}
