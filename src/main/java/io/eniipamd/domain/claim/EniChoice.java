package io.eniipamd.domain.claim;

import io.eniipamd.domain.claim.PlacementStep.AwaitRoom;
import io.eniipamd.domain.claim.WaitStep.Problem;
import io.eniipamd.domain.node.EniView;
import io.eniipamd.domain.node.NodeView;
import io.eniipamd.domain.node.WarmAddress;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** Chooses the ENI for an address, or decides what makes room where no ENI has any. */
final class EniChoice {
  private EniChoice() {}

  /** IDs of the subnets of the node's ENIs in which no address is free. */
  static Set<String> fullSubnets(NodeView node) {
    return node.enis().stream()
        .filter(EniView::subnetFull)
        .map(EniView::subnetId)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /**
   * Where a new address can be from while some subnets are full.
   *
   * @param subnets that are asked for; empty: any
   * @param useful the ENIs that are of such a subnet
   */
  record Elsewhere(Set<String> subnets, Predicate<EniView> useful) {}

  /** Empty where the Pod asks for none but full subnets. */
  static Optional<Elsewhere> elsewhere(ClaimView claim, Set<String> full) {
    var asked = claim.requested().subnets();
    var others =
        asked.stream().filter(s -> !full.contains(s)).collect(Collectors.toUnmodifiableSet());
    return !asked.isEmpty() && others.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Elsewhere(
                others,
                e ->
                    !full.contains(e.subnetId())
                        && (others.isEmpty() || others.contains(e.subnetId()))));
  }

  /** The fullest ENI that has room, so that ENIs are few. */
  static Optional<EniView> roomIn(NodeView node, Predicate<EniView> allowed) {
    return node.enis().stream()
        .filter(EniView::hasRoom)
        .filter(allowed)
        .max(Comparator.comparingInt(EniView::used).thenComparing(EniView::eniId));
  }

  /**
   * A warm address of the node on an ENI that is allowed: one that is ready before one that is on
   * its way, and of the fullest ENI, so that ENIs are few.
   */
  static Optional<WarmAddress> warm(NodeView node, Predicate<EniView> allowed) {
    return node.enis().stream()
        .filter(allowed)
        .sorted(Comparator.comparingInt(EniView::used).thenComparing(EniView::eniId).reversed())
        .flatMap(eni -> node.warm().stream().filter(w -> isOn(w, eni)))
        .max(Comparator.comparing(WarmAddress::ready));
  }

  /** IDs of the ENIs of these that have a warm address. */
  static Set<String> withWarm(NodeView node, Predicate<EniView> useful) {
    return node.enis().stream()
        .filter(useful)
        .map(EniView::eniId)
        .filter(id -> node.warm().stream().anyMatch(w -> w.eniId().equals(id)))
        .collect(Collectors.toSet());
  }

  /** Whether a Pod can be given the address there: one on its way to a full ENI may never come. */
  private static boolean isOn(WarmAddress warm, EniView eni) {
    return warm.eniId().equals(eni.eniId()) && (warm.ready() || !eni.refusing());
  }

  /**
   * A warm address makes room, where one takes a slot that is useful; else a further ENI, where
   * there can be one; else an address that is kept on the node for a Pod that is away makes room.
   */
  static ClaimDecision noRoom(
      ClaimView claim,
      NodeView node,
      Set<String> subnets,
      BiFunction<NodeView, Set<String>, Problem> full) {
    return noRoom(
        claim,
        node,
        subnets,
        e -> subnets.isEmpty() || subnets.contains(e.subnetId()),
        node.mayHaveOneOf(subnets)
            ? full.apply(node, subnets)
            : ClaimProblems.subnetNotOnNode(node, subnets));
  }

  static ClaimDecision noRoom(
      ClaimView claim,
      NodeView node,
      Set<String> subnets,
      Predicate<EniView> useful,
      Problem full) {
    var warm = withWarm(node, useful.and(e -> !e.refusing()));
    if (!warm.isEmpty()) {
      return new AllocationStep.YieldWarm(warm, full);
    }
    boolean stuck = node.problem().isPresent();
    boolean mayGrow = node.mayGrow() && node.mayHaveOneOf(subnets);
    if (mayGrow && !stuck) {
      return new AwaitRoom(node.name(), subnets, Optional.empty());
    }
    var crowded =
        node.enis().stream()
            .filter(useful)
            .map(EniView::eniId)
            .filter(claim.crowded()::contains)
            .collect(Collectors.toSet());
    if (!crowded.isEmpty()) {
      return new PlacementStep.Preempt(crowded, full);
    }
    if (mayGrow) {
      return new AwaitRoom(node.name(), subnets, node.problem().map(ClaimProblems::of));
    }
    if (stuck && node.enis().isEmpty()) {
      return ClaimProblems.of(node.problem().get());
    }
    return full;
  }
}
