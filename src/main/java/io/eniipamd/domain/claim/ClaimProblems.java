package io.eniipamd.domain.claim;

import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.WaitStep.Await;
import io.eniipamd.domain.claim.WaitStep.Problem;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.node.DirectRoom;
import io.eniipamd.domain.node.EniView;
import io.eniipamd.domain.node.NodeProblems;
import io.eniipamd.domain.node.NodeView;
import io.eniipamd.domain.node.SubnetRoom;
import io.eniipamd.domain.node.ZoneLabel;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Everything that can keep a Pod from its address, each with its reason and the sentence that tells
 * a user what to do. The only place of these sentences; {@link NodeProblems} has those of nodes.
 */
public final class ClaimProblems {
  private ClaimProblems() {}

  // ------------------------------------------------------------- what passes by itself

  static Await awaitingRelease(List<ClaimAddress> held) {
    return new Await(
        ClaimReason.AWAITING_RELEASE,
        "the claim of an earlier Pod of this name is deleted, and its address %s is leaving its ENI; then the operator creates the claim of this Pod"
            .formatted(
                held.stream().map(h -> h.ip().toString()).collect(Collectors.joining(" and "))));
  }

  static Await addressOnItsWay(ClaimAddress held) {
    return new Await(
        ClaimReason.ADDRESS_ON_ITS_WAY,
        "the cloud is putting %s on ENI %s; see the VpcIP %s for its progress"
            .formatted(held.ip(), held.intendedEni().orElse("?"), held.ip()));
  }

  static Await directOnItsWay(ClaimAddress held, NodeView node) {
    return new Await(
        ClaimReason.ADDRESS_ON_ITS_WAY,
        "the cloud is attaching the ENI of the Pod's own with %s to node %s; see the VpcIP %s for its progress"
            .formatted(held.ip(), node.name(), held.ip()));
  }

  static Await awaitingRecord(String node) {
    return new Await(
        ClaimReason.AWAITING_ENI,
        "node %s has no NodeENIConfig with a zone yet; the operator makes it".formatted(node));
  }

  static Await instanceUnknown(NodeView node) {
    return new Await(
        ClaimReason.AWAITING_ENI,
        "the NodeENIConfig %s does not name the instance that the node runs on yet; the operator writes it"
            .formatted(node.name()));
  }

  static Problem noSubnetForDirect(NodeView node, Collection<String> asked) {
    return new Problem(
        ClaimReason.SUBNET_NOT_ON_NODE,
        "node %s can have no ENI of %s: no such subnet was found in its zone %s; let the Pod run on another node, or add a subnet (--eni-subnets)"
            .formatted(
                node.name(),
                asked.isEmpty() ? "any configured subnet" : anyOf(asked),
                node.zone()));
  }

  static Problem recordOfOtherMode(ClaimAddress held) {
    return new Problem(
        ClaimReason.NETWORK_MODE_CONFLICT,
        "the claim is for an ENI of the Pod's own, but the VpcIP %s is for a shared one; delete the claim to release the address"
            .formatted(held.ip()));
  }

  /**
   * The node is asked for an ENI.
   *
   * @param subnets those that it may be from; empty for any
   */
  public static Await awaitingEni(String node, Collection<String> subnets) {
    var which = subnets.isEmpty() ? "" : " of " + anyOf(subnets);
    return new Await(
        ClaimReason.AWAITING_ENI,
        "node %s has no ENI%s with a free slot yet, and the operator adds one; see the NodeENIConfig %s for its progress"
            .formatted(node, which, node));
  }

  // --------------------------------------------------------- the place of the address

  static Problem zoneMismatch(ClaimAddress held, NodeView node) {
    var zone = held.zone().orElseThrow();
    return new Problem(
        ClaimReason.ZONE_MISMATCH,
        ("the Pod is scheduled to node %s in zone %s, but its address %s belongs to subnet %s"
                + " in zone %s and cannot leave that zone; let the Pod run in %s (nodeSelector %s), or"
                + " delete this claim to release the address")
            .formatted(
                node.name(),
                node.zone(),
                held.ip(),
                held.subnetId(),
                zone,
                zone,
                node.zoneLabel().map(ZoneLabel::key).orElse("topology.kubernetes.io/zone")));
  }

  static Problem zoneConflict(Destination address) {
    return new Problem(
        ClaimReason.ZONE_CONFLICT,
        ("the nodeSelector or the required node affinity of the Pod excludes zone %s, but %s of"
                + " subnet %s cannot leave that zone; let the Pod run there%s, or %s")
            .formatted(
                address.zone(),
                address.ip().map(ip -> "its address " + ip).orElse("an address"),
                address.subnet(),
                address
                    .labels()
                    .map(
                        l ->
                            " (nodeSelector %s: %s)"
                                .formatted(l.select().key(), l.select().value()))
                    .orElse(""),
                address
                    .ip()
                    .map(_ -> "delete this claim to release the address")
                    .orElse("nominate subnets of another zone")));
  }

  static Problem nominatedInOtherZone(Ip ip, String subnet, String zone, NodeView node) {
    return new Problem(
        ClaimReason.ZONE_MISMATCH,
        "the Pod is scheduled to node %s in zone %s, but %s belongs to %s in zone %s; let the Pod run there, or nominate another address"
            .formatted(node.name(), node.zone(), ip, subnet, zone));
  }

  /**
   * The cloud refuses to put the address on its ENI.
   *
   * @param said what the cloud refused
   */
  static Problem assignFailed(String said) {
    return new Problem(ClaimReason.ASSIGN_FAILED, said);
  }

  /** The ENI of the Pod's own does not get onto its instance. */
  static Problem directFailed(String said, DirectRoom room, NodeView node) {
    return new Problem(
        ClaimReason.ASSIGN_FAILED,
        room.isOverfull()
            ? "%s; instance %s may have %d ENIs of Pods' own, and %d Pods on node %s want one; delete a Pod that has one, or let the scheduler choose the node: it counts Pods that request tke.cloud.tencent.com/direct-eni"
                .formatted(
                    said,
                    room.instanceId().orElse("of the node"),
                    room.limit().orElseThrow(),
                    room.wanted(),
                    node.name())
            : said);
  }

  static Problem eniNotOnNode(ClaimAddress held, NodeView node) {
    return new Problem(
        ClaimReason.ENI_NOT_ON_NODE,
        "the Pod runs with %s, but its ENI %s is not among the ENIs of node %s; the operator checks again"
            .formatted(
                held.ip(), held.intendedEni().or(held::confirmedEni).orElse("?"), node.name()));
  }

  static Problem nominatedOutsideSubnets(Ip ip) {
    return new Problem(
        ClaimReason.NOMINATED_IP_OUTSIDE_SUBNETS,
        ip + " is in none of the configured subnets; nominate an address of one of them");
  }

  static Problem nominatedReserved(Ip ip, String subnet) {
    return new Problem(
        ClaimReason.NOMINATED_IP_OUTSIDE_SUBNETS,
        "%s is reserved by the platform in %s (network, gateway or broadcast); nominate another address of that subnet"
            .formatted(ip, subnet));
  }

  static Problem nominatedElsewhere(Ip ip, String subnet, List<String> subnets) {
    return new Problem(
        ClaimReason.NOMINATED_IP_OUTSIDE_SUBNETS,
        "%s belongs to %s, but the Pod nominates the subnets %s; make them agree"
            .formatted(ip, subnet, String.join(",", subnets)));
  }

  static Problem nominatedInUse(Ip ip, String holder) {
    return new Problem(
        ClaimReason.NOMINATED_IP_IN_USE,
        "%s is in use by %s; the operator tries again when it becomes free".formatted(ip, holder),
        Optional.of(ip));
  }

  /** The Pod starts again on another machine, and its ENI is on the earlier one. */
  static Problem stillOnTheMachineBefore(ClaimView claim, LostPlace place, NodeView node) {
    return new Problem(
        ClaimReason.MACHINE_REPLACED,
        ("node %s runs on %s now, but the Pod is bound to %s on ENI %s, which is still attached"
                + " to instance %s and stays there, because a Pod may run with it; terminate that"
                + " instance or detach the ENI from it, and the address moves to this machine")
            .formatted(
                node.name(),
                place.machine(),
                claim.address().map(Ip::toString).orElse("?"),
                place.eniId(),
                place.on().orElse("?")));
  }

  /**
   * The Pod's address follows it to the machine that the node runs on now.
   *
   * @param from the ENI that is on no machine
   * @param to the ENI of this machine
   */
  public static Problem followsToNextMachine(String node, String from, Ip ip, String to) {
    return new Problem(
        ClaimReason.MACHINE_REPLACED,
        "node %s runs on another machine now, and ENI %s is on none: the operator moves %s to ENI %s of this machine"
            .formatted(node, from, ip, to));
  }

  // --------------------------------------------------------------- room on the node

  static Problem subnetNotOnNode(NodeView node, Set<String> subnets) {
    return new Problem(
        ClaimReason.SUBNET_NOT_ON_NODE,
        ("the Pod needs an address of %s, but node %s may have ENIs of %s only (its label"
                + " tke.cloud.tencent.com/route-eni-subnet-ids, copied to spec.subnets of its"
                + " NodeENIConfig); let the Pod run on another node, or change the label")
            .formatted(
                anyOf(subnets), node.name(), String.join(" and ", new TreeSet<>(node.subnets()))));
  }

  static Problem noRoomOnNode(NodeView node, Set<String> subnets) {
    return new Problem(ClaimReason.NO_ROOM_ON_NODE, noFreeSlot(node, subnets));
  }

  static Problem noEniInSubnet(NodeView node, Set<String> subnets) {
    return new Problem(ClaimReason.NO_ENI_IN_SUBNET, noFreeSlot(node, subnets));
  }

  private static String noFreeSlot(NodeView node, Set<String> subnets) {
    return subnets.isEmpty()
        ? "every slot of the ENIs of node %s is in use and the node can have no further ENI; let the Pod run on another node"
            .formatted(node.name())
        : "node %s has no ENI of %s with a free slot and can have no further ENI; let the Pod run on another node of that zone"
            .formatted(node.name(), anyOf(subnets));
  }

  /** Every address of the ENI's subnet is taken. */
  public static Problem noAddressLeft(EniView eni) {
    return new Problem(
        NodeReason.SUBNET_FULL,
        "subnet %s of ENI %s has no free address left; release addresses of it, or add a subnet (--eni-subnets)"
            .formatted(eni.subnetId(), eni.eniId()));
  }

  static Problem subnetFull(NodeView node, Set<String> full) {
    var met = full.stream().filter(node.metQuotas()::containsKey).map(node.metQuotas()::get);
    return of(NodeProblems.subnetFull(node.zone(), full, met.toList()));
  }

  /** The same, where what is known of the subnets is at hand. */
  static Problem subnetFull(NodeView node, List<SubnetRoom> full) {
    var ids = full.stream().map(SubnetRoom::id).toList();
    return of(NodeProblems.subnetFull(node.zone(), ids, SubnetRoom.limits(full)));
  }

  static Problem subnetRefused(ClaimAddress held, NodeView node) {
    return of(
        NodeProblems.subnetRefused(held.problem().orElseThrow(), held.subnetId(), node.zone()));
  }

  /** What keeps the node from its ENIs keeps the Pod waiting. */
  static Problem of(io.eniipamd.domain.node.Problem node) {
    return new Problem(node.reason(), node.message());
  }

  // ------------------------------------------------------------ what the Pod already has

  /** The address that the Pod runs with does not belong to this cluster. */
  public static Problem runsElsewhere(Ip ip) {
    return new Problem(
        ClaimReason.RUNS_ON_OTHER_NETWORK,
        ("the Pod already runs with %s, which is neither a free address of the configured"
                + " subnets nor on an ENI of this cluster; a running Pod gets no other address. Delete"
                + " the Pod, so that the next one gets an address, or remove its VPC-CNI annotations")
            .formatted(ip));
  }

  /** The address that the Pod runs with belongs to this cluster, and the claim has another one. */
  static Problem holdsAnother(Ip ip, Ip held) {
    return new Problem(
        ClaimReason.RUNS_ON_OTHER_NETWORK,
        ("the Pod already runs with %s, but its claim has %s; a running Pod gets no other"
                + " address. Delete the Pod, so that the next one gets %s")
            .formatted(ip, held, held));
  }

  /**
   * The cloud does not say where the address is that the Pod runs with.
   *
   * @param said what it says instead
   */
  public static Problem addressUnclear(Ip ip, String said) {
    return new Problem(
        ClaimReason.ADDRESS_UNCLEAR,
        "the Pod already runs with %s, and the cloud does not say where that address is: %s"
            .formatted(ip, said));
  }

  /** Another claim holds the address whose record was deleted. */
  public static Problem addressLost(Ip ip) {
    return new Problem(
        ClaimReason.ADDRESS_LOST,
        "a user deleted the record of %s past its finalizer, and another claim has taken the address; delete this claim, and the next Pod gets another address"
            .formatted(ip));
  }

  private static String anyOf(Collection<String> subnets) {
    return String.join(" or ", new TreeSet<>(subnets));
  }
}
