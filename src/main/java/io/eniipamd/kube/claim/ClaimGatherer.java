package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimStatus;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.ClaimAddress;
import io.eniipamd.domain.claim.ClaimView;
import io.eniipamd.domain.claim.DirectEni;
import io.eniipamd.domain.claim.LostPlace;
import io.eniipamd.domain.claim.PodRequest;
import io.eniipamd.domain.claim.PodView;
import io.eniipamd.domain.claim.PodZones;
import io.eniipamd.domain.claim.Worn;
import io.eniipamd.domain.condition.AddressConditions;
import io.eniipamd.domain.condition.AddressReason;
import io.eniipamd.domain.condition.ClaimConditions;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.domain.node.EniView;
import io.eniipamd.domain.node.NodeView;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.AddressOutcomes;
import io.eniipamd.kube.address.DirectRecords;
import io.eniipamd.kube.address.EniPlaces;
import io.eniipamd.kube.address.WornAddresses;
import io.eniipamd.kube.node.DirectRooms;
import io.eniipamd.kube.node.NodeViews;
import io.eniipamd.kube.support.Conditions;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimPod;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads all that the decision about a claim needs, from caches alone. */
@Singleton
final class ClaimGatherer {
  /** Reasons why an address is not on its ENI after which it is certainly not on its way there. */
  private static final Set<Reason> REFUSALS =
      Set.of(
          AddressReason.ENI_NOT_FOUND,
          AddressReason.FOREIGN_ENI,
          AddressReason.QUOTA_EXCEEDED,
          NodeReason.SUBNET_FULL,
          AddressReason.REQUEST_REFUSED);

  private final SharedCache<SlimPod> pods;
  private final AddressBook book;
  private final NodeViews nodes;
  private final ClaimLookup claims;
  private final RetentionGatherer retention;
  private final WornAddresses worn;
  private final PodRequestReader requests;
  private final EniPlaces places;
  private final Destinations destinations;
  private final DirectRooms rooms;

  ClaimGatherer(
      SharedCache<SlimPod> pods,
      AddressBook book,
      NodeViews nodes,
      ClaimLookup claims,
      RetentionGatherer retention,
      WornAddresses worn,
      PodRequestReader requests,
      EniPlaces places,
      Destinations destinations,
      DirectRooms rooms) {
    this.rooms = rooms;
    this.places = places;
    this.destinations = destinations;
    this.worn = worn;
    this.requests = requests;
    this.pods = pods;
    this.book = book;
    this.nodes = nodes;
    this.claims = claims;
    this.retention = retention;
  }

  ClaimView gather(VpcIPClaim claim) {
    var meta = claim.getMetadata();
    var status = claim.statusOrEmpty();
    var pod = pods.get(meta.getNamespace(), meta.getName()).map(requests::view);
    var held = book.heldBy(meta.getUid()).stream().map(vip -> held(vip, claim)).toList();
    var node = pod.flatMap(PodView::node).flatMap(nodes::of);
    var boundTo = nonEmpty(status.podUID());
    var request = pod.filter(p -> !p.ended()).map(PodView::request).flatMap(PodRequest::requested);
    return new ClaimView(
        claim.isMarkedForDeletion(),
        claim.madeByOperator(),
        new ClaimView.Recorded(
            phase(status.phase()),
            PodRequests.ip(status.address()),
            moving(status, boundTo.isPresent()),
            boundTo,
            Policy.of(claim).policy() == DeletePolicy.NEVER,
            claim.wantsOwnEni()),
        new ClaimView.Requester(
            pod,
            node,
            requested(claim, request),
            boundTo.isEmpty() && request.filter(r -> isNews(claim, r)).isPresent(),
            pod.flatMap(p -> worn(claim, p)),
            pod(claim).flatMap(p -> lost(claim, p)),
            pod.filter(ClaimGatherer::mayExcludeItsZone)
                .flatMap(_ -> destinations.of(claim, request)),
            pod.flatMap(PodView::node).filter(_ -> claim.wantsOwnEni()).flatMap(rooms::of)),
        held,
        book.quarantinedOf(meta.getNamespace(), meta.getName())
            .filter(vip -> vip.getSpec().ofOwnEni() == claim.wantsOwnEni())
            .map(VpcIP::ip),
        node.map(this::crowded).orElse(Set.of()),
        retention.gather(
            claim,
            pod.filter(p -> boundTo.equals(Optional.of(p.uid())))
                .flatMap(p -> p.request().requested())));
  }

  /** Hardly any Pod says something of zones, and the others need no look for theirs. */
  private static boolean mayExcludeItsZone(PodView pod) {
    return pod.node().isEmpty() && !pod.zones().equals(PodZones.ANY);
  }

  private static boolean moving(VpcIPClaimStatus status, boolean wasBound) {
    boolean cleared = wasBound && nonEmpty(status.eniId()).isEmpty();
    return cleared || Conditions.is(status.conditions(), ClaimConditions.PLACED, Condition.FALSE);
  }

  /** The ENIs of a full node on which addresses are kept whose Pods are away. */
  private Set<String> crowded(NodeView node) {
    return node.enis().stream()
        .filter(eni -> !eni.hasRoom())
        .map(EniView::eniId)
        .filter(this::keepsForOthers)
        .collect(Collectors.toSet());
  }

  private boolean keepsForOthers(String eniId) {
    return book.onEni(eniId).stream()
        .flatMap(vip -> claims.holding(vip).stream())
        .anyMatch(
            c ->
                c.statusOrEmpty().phase() == ClaimPhase.RETAINED
                    && !c.isMarkedForDeletion()
                    && c.unreadable().isEmpty());
  }

  /** The address that the Pod has on already, although the claim is not bound to it. */
  private Optional<Worn> worn(VpcIPClaim claim, PodView pod) {
    var status = claim.statusOrEmpty();
    boolean bound = status.phase() == ClaimPhase.BOUND && pod.uid().equals(status.podUID());
    return bound || pod.ended()
        ? Optional.empty()
        : pod.ip()
            .map(
                ip ->
                    worn.of(
                        claim.getMetadata().getNamespace(),
                        claim.getMetadata().getName(),
                        pod.uid(),
                        ip));
  }

  /** The place of a bound address that the machine of the Pod's node has not. */
  private Optional<LostPlace> lost(VpcIPClaim claim, SlimPod pod) {
    if (!isBoundTo(claim, pod) || pod.ended() || claim.wantsOwnEni()) {
      return Optional.empty();
    }
    var status = claim.statusOrEmpty();
    var node = pod.nodeName();
    if (nonEmpty(status.eniId()).isEmpty() || nonEmpty(node).isEmpty()) {
      return Optional.empty();
    }
    var machine = nodes.laterMachine(node, pod.getMetadata().getCreationTimestamp());
    if (machine.isEmpty()) {
      return Optional.empty();
    }
    if (nodes.lists(node, status.eniId())) {
      boolean told =
          Conditions.failing(status.conditions(), ClaimConditions.READY)
              .flatMap(Conditions.Failing::reason)
              .filter(ClaimReason.MACHINE_REPLACED::equals)
              .isPresent();
      return told
          ? Optional.of(new LostPlace(status.eniId(), LostPlace.Where.BACK, machine, machine.get()))
          : Optional.empty();
    }
    return places.of(status.eniId(), machine.get());
  }

  /**
   * Whether the claim of a Pod waits: it is bound to none, to another, or on no ENI of the node.
   */
  boolean waits(VpcIPClaim claim, SlimPod pod) {
    return !isBoundTo(claim, pod) || lost(claim, pod).isPresent();
  }

  private static boolean isBoundTo(VpcIPClaim claim, SlimPod pod) {
    var status = claim.statusOrEmpty();
    return status.phase() == ClaimPhase.BOUND && pod.getMetadata().getUid().equals(status.podUID());
  }

  private static boolean ofThis(VpcIP vip, VpcIPClaim claim) {
    return vip.getSpec().claimRef() != null
        && claim.getMetadata().getUid().equals(vip.getSpec().claimRef().uid());
  }

  private ClaimView.PodRequests requested(VpcIPClaim claim, Optional<PodRequest.Requested> pod) {
    var wanted = PodRequests.address(claim, pod);
    return new ClaimView.PodRequests(
        wanted.ip(), wanted.subnets(), wanted.ip().map(ip -> nominated(claim, ip)));
  }

  /** Whether a claim that was made for an earlier Pod says something else than this one. */
  private boolean isNews(VpcIPClaim claim, PodRequest.Requested request) {
    if (!claim.madeByOperator()) {
      return false;
    }
    var policy = request.fixed() ? DeletePolicy.NEVER : DeletePolicy.IMMEDIATE;
    boolean samePolicy = Policy.annotated(claim).isPresent() || policy == Policy.of(claim).policy();
    return !samePolicy || !PodRequests.expirySaid(request).equals(PodRequests.expiryKnown(claim));
  }

  private ClaimView.Nominated nominated(VpcIPClaim claim, Ip ip) {
    var subnet = book.subnetOf(ip);
    return new ClaimView.Nominated(
        subnet.map(Subnet::id),
        subnet.map(Subnet::zone),
        subnet.filter(s -> s.cidr().usable(ip)).isPresent(),
        book.get(ip)
            .filter(vip -> !ofThis(vip, claim) && !nodes.isWarm(vip))
            .map(ClaimGatherer::holder)
            .or(
                () ->
                    book.isForeign(ip) ? Optional.of("another user of the VPC") : Optional.empty()),
        book.get(ip).filter(nodes::isWarm).isPresent());
  }

  private static String holder(VpcIP vip) {
    var ref = vip.getSpec().claimRef();
    if (ref == null) {
      return vip.getSpec().type() == VpcIPType.ENI
          ? "an ENI as its primary address"
          : "an ENI, from which the operator is releasing it";
    }
    var quarantined = vip.statusOrEmpty().phase() == VpcIPPhase.QUARANTINED;
    return "claim %s/%s%s"
        .formatted(
            ref.namespace(), ref.name(), quarantined ? " until its quarantine has passed" : "");
  }

  private ClaimAddress held(VpcIP vip, VpcIPClaim claim) {
    var spec = vip.getSpec();
    var status = vip.statusOrEmpty();
    return new ClaimAddress(
        vip.ip(),
        spec.subnetId(),
        book.subnet(spec.subnetId()).map(Subnet::zone),
        switch (status.phase()) {
          case ATTACHING -> ClaimAddress.Phase.ATTACHING;
          case ASSIGNED -> ClaimAddress.Phase.ASSIGNED;
          case AVAILABLE -> ClaimAddress.Phase.AVAILABLE;
          case HELD -> ClaimAddress.Phase.HELD;
          case RELEASING -> ClaimAddress.Phase.RELEASING;
          case QUARANTINED -> ClaimAddress.Phase.QUARANTINED;
          case UNKNOWN -> throw leftAlone(vip);
        },
        nonEmpty(spec.eniId()),
        nonEmpty(status.eniId()),
        nonEmpty(status.error()).filter(_ -> !spec.ofOwnEni() || isOfThisPlace(vip)),
        AddressBook.isNewer(vip, claim),
        isSaid(vip, REFUSALS),
        isSaid(vip, Set.of(NodeReason.SUBNET_FULL)),
        spec.ofOwnEni() ? Optional.of(direct(vip)) : Optional.empty());
  }

  private DirectEni direct(VpcIP vip) {
    var status = vip.statusOrEmpty();
    return new DirectEni(
        nonEmpty(vip.getSpec().instanceId()),
        book.subnet(vip.getSpec().subnetId())
            .filter(_ -> DirectRecords.isSettled(vip))
            .filter(_ -> nonEmpty(status.eniId()).isPresent())
            .map(
                subnet ->
                    new EniView(
                        status.eniId(),
                        status.eniMac(),
                        subnet.id(),
                        subnet.cidr(),
                        subnet.cidr().gateway(),
                        1,
                        1,
                        false,
                        false)));
  }

  private static boolean isOfThisPlace(VpcIP vip) {
    return Conditions.find(vip.statusOrEmpty().conditions(), AddressConditions.ATTACHED)
        .filter(c -> AddressOutcomes.isOfThisPlace(c, vip))
        .isPresent();
  }

  /** Whether one of these reasons is why the address is not where it should be now. */
  private static boolean isSaid(VpcIP vip, Set<Reason> reasons) {
    // One of an earlier place says nothing of where it should be now.
    return Conditions.anyFailing(
        vip.statusOrEmpty().conditions(), reasons, c -> AddressOutcomes.isOfThisPlace(c, vip));
  }

  private static IllegalStateException leftAlone(VpcIP vip) {
    return new IllegalStateException(
        "VpcIP %s has a phase that this version does not know; the operator leaves its claim alone"
            .formatted(vip.getMetadata().getName()));
  }

  private static ClaimView.Phase phase(ClaimPhase phase) {
    return switch (phase) {
      case UNKNOWN ->
          throw new IllegalStateException("a claim of another version's phase is left alone");
      case PENDING -> ClaimView.Phase.PENDING;
      case BOUND -> ClaimView.Phase.BOUND;
      case RETAINED -> ClaimView.Phase.RETAINED;
      case RELEASING -> ClaimView.Phase.RELEASING;
    };
  }

  private static Optional<String> nonEmpty(String text) {
    return Optional.ofNullable(text).filter(t -> !t.isEmpty());
  }

  /** The Pod of a claim's name that is in the cache. */
  Optional<SlimPod> pod(VpcIPClaim claim) {
    return pods.get(claim.getMetadata().getNamespace(), claim.getMetadata().getName());
  }

  /** The Pods of a node that are in the cache. */
  List<SlimPod> podsOn(String node) {
    return pods.byIndex(PodReconciler.BY_NODE, node);
  }
}
