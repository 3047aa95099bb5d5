package io.eniipamd.domain.claim;

import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.AllocationStep.AllocateNamed;
import io.eniipamd.domain.node.EniView;
import io.eniipamd.domain.node.NodeView;
import io.eniipamd.domain.node.WarmAddress;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Decides which address a claim gets that holds none. */
final class AllocationPolicy {
  private AllocationPolicy() {}

  /** The step of a claim whose Pod is on this node and that holds no address. */
  static ClaimDecision firstAddress(ClaimView claim, NodeView node) {
    if (claim.address().isPresent()) {
      // Its record was deleted while no Pod used it; the address is still this claim's.
      return new AllocationStep.RecreateRecord(claim.address().get());
    }
    if (claim.quarantined().isPresent()) {
      return new AllocationStep.TakeBack(claim.quarantined().get());
    }
    if (claim.requested().ip().isPresent()) {
      return nominated(claim, node);
    }
    var subnets = Set.copyOf(claim.requested().subnets());
    Predicate<EniView> allowed = e -> subnets.isEmpty() || subnets.contains(e.subnetId());
    return EniChoice.warm(node, allowed)
        .map(WarmAddress::ip)
        .<ClaimDecision>map(AllocationStep.TakeWarm::new)
        .or(
            () ->
                EniChoice.roomIn(node, allowed.and(e -> !e.subnetFull()))
                    .map(eni -> new AllocationStep.Allocate(eni, node)))
        .or(() -> warmElsewhere(node, allowed).map(AllocationStep.TakeWarm::new))
        .orElseGet(() -> noNewAddress(claim, node, subnets));
  }

  /** The node has a slot, and another node has an address of its full subnet that no Pod uses. */
  private static Optional<Ip> warmElsewhere(NodeView node, Predicate<EniView> allowed) {
    return EniChoice.roomIn(node, allowed.and(e -> node.warmElsewhere().containsKey(e.subnetId())))
        .map(eni -> node.warmElsewhere().get(eni.subnetId()));
  }

  /** A full subnet is no room: an ENI of another one is asked for. */
  private static ClaimDecision noNewAddress(ClaimView claim, NodeView node, Set<String> subnets) {
    var full = EniChoice.fullSubnets(node);
    if (full.isEmpty()) {
      return EniChoice.noRoom(claim, node, subnets, ClaimProblems::noRoomOnNode);
    }
    var subnetFull = ClaimProblems.subnetFull(node, full);
    return EniChoice.elsewhere(claim, full)
        .map(e -> EniChoice.noRoom(claim, node, e.subnets(), e.useful(), subnetFull))
        .orElse(subnetFull);
  }

  private static ClaimDecision nominated(ClaimView claim, NodeView node) {
    var problem = nominationProblem(claim, node);
    if (problem.isPresent()) {
      return problem.get();
    }
    var ip = claim.requested().ip().orElseThrow();
    var known = claim.requested().nominated().orElseThrow();
    var subnet = known.subnetId().orElseThrow();
    if (known.warm()) {
      return new AllocationStep.TakeWarm(ip);
    }
    if (node.metQuotas().containsKey(subnet)) {
      return overQuota(node, subnet);
    }
    return EniChoice.roomIn(node, e -> e.subnetId().equals(subnet))
        .<ClaimDecision>map(eni -> new AllocateNamed(ip, eni, node))
        .orElseGet(
            () -> EniChoice.noRoom(claim, node, Set.of(subnet), ClaimProblems::noEniInSubnet));
  }

  /** Another address than the one that is asked for can be had for it, if one is warm. */
  private static ClaimDecision overQuota(NodeView node, String subnet) {
    var met = ClaimProblems.subnetFull(node, Set.of(subnet));
    var warm = EniChoice.withWarm(node, e -> e.subnetId().equals(subnet));
    return warm.isEmpty() ? met : new AllocationStep.YieldWarm(warm, met);
  }

  /** What keeps the Pod from the address that it asks for, if anything does. */
  static Optional<ClaimDecision> nominationProblem(ClaimView claim, NodeView node) {
    var ip = claim.requested().ip().orElseThrow();
    var known = claim.requested().nominated().orElseThrow();
    if (known.subnetId().isEmpty() || !known.usable()) {
      return Optional.of(
          known
              .subnetId()
              .map(subnet -> ClaimProblems.nominatedReserved(ip, subnet))
              .orElseGet(() -> ClaimProblems.nominatedOutsideSubnets(ip)));
    }
    var subnet = known.subnetId().get();
    if (!claim.requested().subnets().isEmpty() && !claim.requested().subnets().contains(subnet)) {
      return Optional.of(ClaimProblems.nominatedElsewhere(ip, subnet, claim.requested().subnets()));
    }
    if (known.holder().isPresent()) {
      return Optional.of(ClaimProblems.nominatedInUse(ip, known.holder().get()));
    }
    if (known.zone().isPresent() && !known.zone().get().equals(node.zone())) {
      return Optional.of(ClaimProblems.nominatedInOtherZone(ip, subnet, known.zone().get(), node));
    }
    return Optional.empty();
  }
}
