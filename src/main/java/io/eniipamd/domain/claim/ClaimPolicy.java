package io.eniipamd.domain.claim;

import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.ClaimDecision.AllocateNamed;
import io.eniipamd.domain.claim.ClaimDecision.AwaitRoom;
import io.eniipamd.domain.claim.ClaimDecision.Nothing;
import io.eniipamd.domain.claim.ClaimDecision.Problem;
import io.eniipamd.domain.claim.ClaimDecision.Refuse;
import io.eniipamd.domain.claim.ClaimView.Phase;
import io.eniipamd.domain.node.EniView;
import io.eniipamd.domain.node.NodeView;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** The decision about a claim, read from top to bottom. Where it is not sure, the address stays. */
public final class ClaimPolicy {
  private ClaimPolicy() {}

  /** What has to happen to the claim next. */
  public static ClaimDecision decide(ClaimView claim) {
    if (claim.deleting()) {
      return release(claim);
    }
    var alive = claim.pod().filter(p -> !p.ended()).filter(p -> p.wish().wants().isPresent());
    if (alive.isEmpty()) {
      return podGone(claim);
    }
    return podAlive(claim, alive.get());
  }

  private static ClaimDecision release(ClaimView claim) {
    var user = claim.pod().filter(p -> boundTo(claim, p)).filter(p -> !p.ended());
    if (user.isPresent()) {
      return new ClaimDecision.BlockRelease(user.get().uid());
    }
    var living = claim.living();
    if (!living.isEmpty()) {
      return new ClaimDecision.ReleaseAddresses(living.stream().map(ClaimAddress::ip).toList());
    }
    boolean confirmed =
        claim.held().stream().allMatch(h -> h.phase() == ClaimAddress.Phase.RESTING);
    if (confirmed) {
      return new ClaimDecision.RemoveFinalizer();
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
    // One that was never on an ENI was never the Pod's, and may be a stranger's.
    boolean holdsSomething =
        claim.address().isPresent() || claim.living().stream().anyMatch(ClaimAddress::wasConfirmed);
    if (!claim.fixed() || !holdsSomething) {
      return new ClaimDecision.DeleteClaim();
    }
    return claim.phase() == Phase.RETAINED ? kept(claim) : new ClaimDecision.Retain();
  }

  /** Its record first, then whether it may go, then where it is, then what people are told. */
  private static ClaimDecision kept(ClaimView claim) {
    var steady = steady(claim);
    if (!(steady instanceof Nothing)) {
      return steady;
    }
    var retention = claim.retention();
    if (retention.hold().filter(hold -> !hold.told()).isPresent()) {
      return new ClaimDecision.ExplainPause(retention.hold().get());
    }
    if (retention.scaledAway() && retention.hold().isEmpty()) {
      return new ClaimDecision.DeleteScaled();
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
        return new ClaimDecision.Relocate(onAnEni.get(), retention.relocation().get());
      }
    }
    return retention.stale() ? new ClaimDecision.RefreshStatus() : new Nothing();
  }

  /** Whether the cloud has refused to put the address on its ENI, and it was on none before. */
  private static boolean isOnNone(ClaimAddress held) {
    return held.refused() && held.intendedEni().isPresent() && held.confirmedEni().isEmpty();
  }

  private static ClaimDecision podAlive(ClaimView claim, PodView pod) {
    if (boundTo(claim, pod) && claim.phase() == Phase.BOUND) {
      var steady = steady(claim);
      if (!(steady instanceof Nothing)) {
        return steady;
      }
      if (claim.lost().isPresent() && claim.node().isPresent() && !pod.terminating()) {
        return lost(claim, claim.lost().get(), claim.node().get(), pod);
      }
      return claim.retention().stale() ? new ClaimDecision.RefreshStatus() : steady;
    }
    if (claim.boundTo().isPresent() && !boundTo(claim, pod) && !claim.fixed()) {
      // The Pod that had this address is gone and a namesake has come: it gets a claim of its own.
      return new ClaimDecision.DeleteClaim();
    }
    if (pod.terminating()) {
      return new Nothing();
    }
    var wish = pod.wish().wants().orElseThrow();
    if (wish.fatal().isPresent()) {
      return new Refuse(wish.fatal().get());
    }
    if (wish.direct()) {
      return new Refuse(ValidationProblems.directEniNotSupported());
    }
    var worn = claim.worn().flatMap(w -> worn(claim, w));
    if (worn.isPresent()) {
      return worn.get();
    }
    if (claim.wishIsNews()) {
      return new ClaimDecision.NoteRequest();
    }
    if (pod.node().isEmpty()) {
      return new Nothing();
    }
    if (claim.node().isEmpty()) {
      // The node's record is on its way and wakes the claim.
      return new AwaitRoom(pod.node().get(), Set.of(), Optional.empty());
    }
    var node = claim.node().get();
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
          : settle(claim, living.getFirst(), node, pod);
    }
    return firstAddress(claim, node);
  }

  /**
   * The Pod's node runs on another machine by now, where the Pod starts anew: its address follows
   * it, once nothing on the machine before can use it.
   */
  private static ClaimDecision lost(ClaimView claim, LostPlace place, NodeView node, PodView pod) {
    return switch (place.where()) {
      case UNSURE -> new ClaimDecision.LookForEni(place.eniId());
      case ELSEWHERE -> ClaimProblems.stillOnTheMachineBefore(claim, place, node);
      case NOWHERE, BACK ->
          claim.living().stream()
              .findFirst()
              .map(held -> settle(claim, held, node, withoutNetwork(pod)))
              .orElseGet(Nothing::new);
    };
  }

  /** What the Pod says of its address is of the machine before. */
  private static PodView withoutNetwork(PodView pod) {
    return new PodView(
        pod.uid(), pod.ended(), pod.terminating(), pod.node(), Optional.empty(), pod.wish());
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
      case UNSURE -> Optional.of(new ClaimDecision.LookForWorn(ip));
      case ELSEWHERE -> Optional.of(ClaimProblems.runsElsewhere(ip));
      case OURS ->
          hasOther && !claim.address().equals(Optional.of(ip))
              ? Optional.of(ClaimProblems.holdsAnother(ip, other(claim)))
              : Optional.of(new ClaimDecision.TakeBack(ip, worn.eniId()));
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
      return Optional.of(new ClaimDecision.RecreateRecord(ip));
    }
    if (claim.living().stream().noneMatch(h -> h.ip().equals(ip))) {
      // Somebody took it for a surplus at the moment when it was bound: it is not.
      return Optional.of(new ClaimDecision.TakeBack(ip));
    }
    return Optional.empty();
  }

  private static ClaimDecision settle(
      ClaimView claim, ClaimAddress held, NodeView node, PodView pod) {
    if (held.zone().isPresent() && !held.zone().get().equals(node.zone())) {
      return ClaimProblems.zoneMismatch(held, node);
    }
    boolean inUse = pod.ip().filter(held.ip()::equals).isPresent();
    var here =
        node.enis().stream()
            .filter(e -> held.intendedEni().filter(e.eniId()::equals).isPresent())
            .findFirst();
    if (here.isPresent()) {
      if (held.settledOn(here.get().eniId())) {
        if (claim.moving() && !held.newerThanClaim()) {
          return new ClaimDecision.ConfirmPlace(held.ip());
        }
        return new ClaimDecision.Bind(held, here.get(), node, pod);
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
    return roomIn(node, e -> e.subnetId().equals(held.subnetId()))
        .<ClaimDecision>map(to -> new ClaimDecision.Move(held, to, node))
        .orElseGet(
            () -> noRoom(claim, node, Set.of(held.subnetId()), ClaimProblems::noEniInSubnet));
  }

  /**
   * The cloud puts no further address on the ENI that this one is to be on: another ENI of the
   * subnet will do, and where nobody was promised this very address, one of another subnet too.
   */
  private static ClaimDecision placedAnew(
      ClaimView claim, ClaimAddress held, NodeView node, Problem failed) {
    var sibling = roomIn(node, e -> e.subnetId().equals(held.subnetId()));
    if (sibling.isPresent()) {
      return new ClaimDecision.Move(held, sibling.get(), node);
    }
    boolean promised = isPromised(claim);
    var subnets = promised ? Set.of(held.subnetId()) : Set.copyOf(claim.wishes().subnets());
    Predicate<EniView> useful = e -> subnets.isEmpty() || subnets.contains(e.subnetId());
    if (!promised && roomIn(node, useful.and(e -> !e.subnetFull())).isPresent()) {
      return new ClaimDecision.ReleaseSurplus(List.of(held.ip()));
    }
    var wait = noRoom(claim, node, subnets, useful, failed);
    return wait instanceof AwaitRoom(var on, var of, var why)
        ? new AwaitRoom(on, of, why.or(() -> Optional.of(failed)))
        : wait;
  }

  /**
   * The cloud has no address left in the subnet: where nobody was promised this very address, one
   * of another subnet will do. Meanwhile this one is tried again by itself.
   */
  private static ClaimDecision inAnotherSubnet(ClaimView claim, ClaimAddress held, NodeView node) {
    var failed = ClaimProblems.subnetRefused(held, node);
    if (isPromised(claim)) {
      return failed;
    }
    var full = fullSubnets(node);
    full.add(held.subnetId());
    var elsewhere = elsewhere(claim, full);
    if (elsewhere.isEmpty()) {
      return failed;
    }
    if (roomIn(node, elsewhere.get().useful()).isPresent()) {
      return new ClaimDecision.ReleaseSurplus(List.of(held.ip()));
    }
    var subnets = elsewhere.get().subnets();
    var wait = noRoom(claim, node, subnets, elsewhere.get().useful(), failed);
    return wait instanceof AwaitRoom(var on, var of, var why)
        ? new AwaitRoom(on, of, why.or(() -> Optional.of(failed)))
        : wait;
  }

  private static boolean isPromised(ClaimView claim) {
    return claim.address().isPresent() || claim.wishes().ip().isPresent();
  }

  private static Set<String> fullSubnets(NodeView node) {
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
  private record Elsewhere(Set<String> subnets, Predicate<EniView> useful) {}

  /** Empty where the Pod asks for none but full subnets. */
  private static Optional<Elsewhere> elsewhere(ClaimView claim, Set<String> full) {
    var asked = claim.wishes().subnets();
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

  private static ClaimDecision firstAddress(ClaimView claim, NodeView node) {
    if (claim.address().isPresent()) {
      // Its record was taken away while nobody used it; the address is still this claim's.
      return new ClaimDecision.RecreateRecord(claim.address().get());
    }
    if (claim.resting().isPresent()) {
      return new ClaimDecision.TakeBack(claim.resting().get());
    }
    if (claim.wishes().ip().isPresent()) {
      return nominated(claim, node);
    }
    var subnets = Set.copyOf(claim.wishes().subnets());
    Predicate<EniView> allowed = e -> subnets.isEmpty() || subnets.contains(e.subnetId());
    return roomIn(node, allowed.and(e -> !e.subnetFull()))
        .<ClaimDecision>map(eni -> new ClaimDecision.Allocate(eni, node))
        .orElseGet(() -> noNewAddress(claim, node, subnets));
  }

  /** A full subnet is no room: an ENI of another one is asked for. */
  private static ClaimDecision noNewAddress(ClaimView claim, NodeView node, Set<String> subnets) {
    var full = fullSubnets(node);
    if (full.isEmpty()) {
      return noRoom(claim, node, subnets, ClaimProblems::noRoomOnNode);
    }
    var subnetFull = ClaimProblems.subnetFull(node, full);
    return elsewhere(claim, full)
        .map(e -> noRoom(claim, node, e.subnets(), e.useful(), subnetFull))
        .orElse(subnetFull);
  }

  private static ClaimDecision nominated(ClaimView claim, NodeView node) {
    var ip = claim.wishes().ip().orElseThrow();
    var known = claim.wishes().nominated().orElseThrow();
    if (known.subnetId().isEmpty() || !known.usable()) {
      return known
          .subnetId()
          .map(subnet -> ClaimProblems.nominatedReserved(ip, subnet))
          .orElseGet(() -> ClaimProblems.nominatedOutsideSubnets(ip));
    }
    var subnet = known.subnetId().get();
    if (!claim.wishes().subnets().isEmpty() && !claim.wishes().subnets().contains(subnet)) {
      return ClaimProblems.nominatedElsewhere(ip, subnet, claim.wishes().subnets());
    }
    if (known.holder().isPresent()) {
      return ClaimProblems.nominatedInUse(ip, known.holder().get());
    }
    if (known.zone().isPresent() && !known.zone().get().equals(node.zone())) {
      return ClaimProblems.nominatedInOtherZone(ip, subnet, known.zone().get(), node);
    }
    return roomIn(node, e -> e.subnetId().equals(subnet))
        .<ClaimDecision>map(eni -> new AllocateNamed(ip, eni, node))
        .orElseGet(() -> noRoom(claim, node, Set.of(subnet), ClaimProblems::noEniInSubnet));
  }

  /** The fullest ENI that has room, so that ENIs are few. */
  private static Optional<EniView> roomIn(NodeView node, Predicate<EniView> allowed) {
    return node.enis().stream()
        .filter(EniView::hasRoom)
        .filter(allowed)
        .max(Comparator.comparingInt(EniView::used).thenComparing(EniView::eniId));
  }

  /**
   * A further ENI, where there can be one; else an address that is kept on the node for a Pod that
   * is away makes room.
   */
  private static ClaimDecision noRoom(
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

  private static ClaimDecision noRoom(
      ClaimView claim,
      NodeView node,
      Set<String> subnets,
      Predicate<EniView> useful,
      Problem full) {
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
      return new ClaimDecision.Preempt(crowded, node, full);
    }
    if (mayGrow) {
      return new AwaitRoom(node.name(), subnets, node.problem().map(ClaimProblems::of));
    }
    if (stuck && node.enis().isEmpty()) {
      return ClaimProblems.of(node.problem().get());
    }
    return full;
  }

  private static ClaimDecision surplusOr(ClaimView claim, ClaimDecision otherwise) {
    var living = claim.living();
    if (living.size() < 2) {
      return otherwise;
    }
    // The one in the status is in use; before a first binding the oldest wins.
    var keep = claim.address().orElse(living.getFirst().ip());
    return new ClaimDecision.ReleaseSurplus(
        living.stream().map(ClaimAddress::ip).filter(ip -> !ip.equals(keep)).toList());
  }

  private static boolean boundTo(ClaimView claim, PodView pod) {
    return claim.boundTo().filter(pod.uid()::equals).isPresent();
  }
}
