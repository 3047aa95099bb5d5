package io.eniipamd.domain.claim;

import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.AllocationStep.AllocateDirect;
import io.eniipamd.domain.node.DirectRoom;
import io.eniipamd.domain.node.NodeView;
import io.eniipamd.domain.node.SubnetRoom;
import java.util.Comparator;
import java.util.Optional;

/** Decides how the ENI of a Pod's own comes to be, and how it gets onto its Pod's node. */
final class DirectPolicy {
  private DirectPolicy() {}

  /** The step of a claim that holds no address and whose Pod is on this node. */
  static ClaimDecision firstAddress(ClaimView claim, NodeView node) {
    if (claim.address().isPresent()) {
      // Its record was deleted while no Pod used it; the address is still this claim's.
      return new AllocationStep.RecreateRecord(claim.address().get());
    }
    if (claim.quarantined().isPresent()) {
      return new AllocationStep.TakeBack(claim.quarantined().get());
    }
    var room = claim.directRoom();
    var instance = room.flatMap(DirectRoom::instanceId);
    if (instance.isEmpty()) {
      return ClaimProblems.instanceUnknown(node);
    }
    if (claim.requested().ip().isPresent()) {
      return nominated(claim, node, instance.get());
    }
    var asked = claim.requested().subnets();
    var useful =
        room.get().subnets().stream()
            .filter(s -> asked.isEmpty() || asked.contains(s.id()))
            .toList();
    return useful.stream()
        .filter(s -> s.free() > 0)
        .max(
            Comparator.comparingLong(SubnetRoom::free)
                .thenComparing(SubnetRoom::id, Comparator.reverseOrder()))
        .<ClaimDecision>map(s -> new AllocateDirect(Optional.empty(), s.id(), instance.get(), node))
        .orElseGet(
            () ->
                useful.isEmpty()
                    ? ClaimProblems.noSubnetForDirect(node, asked)
                    : ClaimProblems.subnetFull(node, useful));
  }

  private static ClaimDecision nominated(ClaimView claim, NodeView node, String instance) {
    var problem = AllocationPolicy.nominationProblem(claim, node);
    if (problem.isPresent()) {
      return problem.get();
    }
    Ip ip = claim.requested().ip().orElseThrow();
    var known = claim.requested().nominated().orElseThrow();
    if (known.warm()) {
      return ClaimProblems.nominatedInUse(ip, "a shared ENI, as a warm address");
    }
    var subnet = known.subnetId().orElseThrow();
    var full =
        claim.directRoom().orElseThrow().subnets().stream()
            .filter(s -> s.id().equals(subnet) && s.free() == 0)
            .toList();
    return full.isEmpty()
        ? new AllocateDirect(Optional.of(ip), subnet, instance, node)
        : ClaimProblems.subnetFull(node, full);
  }

  /** The step of a claim that holds this address and whose Pod is on this node. */
  static ClaimDecision settle(ClaimView claim, ClaimAddress held, NodeView node, PodView pod) {
    if (held.direct().isEmpty()) {
      // A user has written one of the two; neither is touched.
      return ClaimProblems.recordOfOtherMode(held);
    }
    if (held.zone().isPresent() && !held.zone().get().equals(node.zone())) {
      return ClaimProblems.zoneMismatch(held, node);
    }
    var instance = claim.directRoom().flatMap(DirectRoom::instanceId);
    if (instance.isEmpty()) {
      return ClaimProblems.instanceUnknown(node);
    }
    var direct = held.direct().get();
    if (direct.wantedOn().equals(instance)) {
      if (direct.settled().isPresent()) {
        return claim.moving() && !held.newerThanClaim()
            ? new PlacementStep.ConfirmPlace(held.ip())
            : new PlacementStep.Bind(held, direct.settled().get(), node, pod);
      }
      return held.problem().isPresent()
          ? ClaimProblems.directFailed(held.problem().get(), claim.directRoom().orElseThrow(), node)
          : ClaimProblems.directOnItsWay(held, node);
    }
    if (direct.wantedOn().isPresent() && pod.ip().filter(held.ip()::equals).isPresent()) {
      // The Pod says that it runs with the address, and the ENI is recorded on another instance.
      return ClaimProblems.eniNotOnNode(held, node);
    }
    return new PlacementStep.MoveDirect(held, instance.get(), node);
  }
}
