package io.eniipamd.kube.node;

import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.EniPhase;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.domain.address.Cidr;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.RetentionView.Place;
import io.eniipamd.domain.condition.NodeConditions;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.node.EniView;
import io.eniipamd.domain.node.NodeProblems;
import io.eniipamd.domain.node.NodeView;
import io.eniipamd.domain.node.Problem;
import io.eniipamd.domain.node.SubnetQuotaUse;
import io.eniipamd.domain.node.WarmAddress;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.FullPlaces;
import io.eniipamd.kube.address.OwnEnis;
import io.eniipamd.kube.address.RecordPurpose;
import io.eniipamd.kube.support.Conditions;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Nodes as claims see them, from the caches. */
@Singleton
public final class NodeViews {
  private final SharedCache<NodeENIConfig> necs;
  private final SharedCache<SlimNode> nodes;
  private final OwnEnis own;
  private final FullPlaces full;
  private final AddressBook book;
  private final EnisBySubnet bySubnet = new EnisBySubnet();

  public NodeViews(
      SharedCache<NodeENIConfig> necs,
      SharedCache<SlimNode> nodes,
      OwnEnis own,
      FullPlaces full,
      AddressBook book) {
    this.necs = necs;
    this.own = own;
    this.full = full;
    this.nodes = nodes;
    this.book = book;
    necs.listen(bySubnet);
  }

  /** Whether the cache knows no such Node; Pods may run on its machine still. */
  public boolean isGone(String node) {
    return nodes.get(node).isEmpty();
  }

  /**
   * Where else an address of that subnet can be kept: the emptiest ENI of it on another node, so
   * that it is not in the way there soon again.
   */
  public Optional<Place> elsewhere(String subnetId, String notOn) {
    var fullSubnets = fullSubnets();
    return bySubnet.nodesOf(subnetId).stream()
        .filter(name -> !name.equals(notOn) && !isGone(name))
        .flatMap(name -> located(name).stream())
        .flatMap(
            nec ->
                enis(nec)
                    .filter(e -> subnetId.equals(e.subnetId()))
                    .map(e -> new Place(nec.getMetadata().getName(), eni(e, fullSubnets))))
        .filter(place -> place.eni().hasRoom())
        .max(
            Comparator.comparingInt((Place p) -> p.eni().slots() - p.eni().used())
                .thenComparing(Place::node));
  }

  /**
   * The instance that a node runs on, where its Node was made after a Pod that names it, so that
   * the Pod was there before the machine was.
   *
   * @param pod when the Pod was made, as its metadata says
   */
  public Optional<String> laterMachine(String node, String pod) {
    return located(node)
        .filter(nec -> replaced(nec).isEmpty())
        .filter(_ -> nodes.get(node).filter(now -> isLater(now, pod)).isPresent())
        .map(nec -> nec.getSpec().instanceId());
  }

  private static boolean isLater(SlimNode node, String pod) {
    var made = node.getMetadata().getCreationTimestamp();
    return made != null && pod != null && Instant.parse(made).isAfter(Instant.parse(pod));
  }

  /** Whether the record of a node lists an ENI, in any phase. */
  public boolean lists(String node, String eniId) {
    return necs.get(node).stream()
        .flatMap(nec -> nec.statusOrEmpty().eniInfos().stream())
        .anyMatch(eni -> eniId.equals(eni.eniId()));
  }

  /** The node; empty while it has no record or no known zone. */
  public Optional<NodeView> of(String node) {
    return located(node).map(this::view);
  }

  private Optional<NodeENIConfig> located(String node) {
    return necs.get(node)
        .filter(nec -> !nec.isMarkedForDeletion())
        .filter(nec -> NodeGatherer.zone(nec).isPresent());
  }

  /** The ENIs that carry Pods; those of a machine that was replaced are not on this one. */
  private Stream<EniInfo> enis(NodeENIConfig nec) {
    return replaced(nec).isPresent()
        ? Stream.empty()
        : nec.statusOrEmpty().eniInfos().stream()
            .filter(e -> e.phase() == EniPhase.ATTACHED)
            .filter(e -> own.isUsable(e.eniId()));
  }

  private NodeView view(NodeENIConfig nec) {
    var status = nec.statusOrEmpty();
    var fullSubnets = fullSubnets();
    var enis = enis(nec).map(e -> eni(e, fullSubnets)).toList();
    // One that is gone, or was detached, takes no place on the instance.
    long present = status.eniInfos().stream().filter(e -> own.isUsable(e.eniId())).count();
    var problem =
        replaced(nec)
            .or(() -> failing(nec, NodeConditions.READY))
            .or(() -> failing(nec, NodeConditions.CAN_GROW));
    var limits = NodeGatherer.recorded(nec).map(l -> NodeGatherer.capped(nec, l));
    return new NodeView(
        nec.getMetadata().getName(),
        nec.getSpec().zone(),
        enis,
        problem,
        limits.isEmpty() || present < limits.get().enis(),
        Set.copyOf(nec.getSpec().subnets()),
        nodes.get(nec.getMetadata().getName()).flatMap(NodeGatherer::zone),
        enis.stream().flatMap(eni -> warm(eni.eniId())).toList(),
        warmElsewhere(enis),
        metQuotas(enis));
  }

  private Map<String, SubnetQuotaUse> metQuotas(List<EniView> enis) {
    return enis.stream()
        .filter(EniView::subnetFull)
        .map(EniView::subnetId)
        .distinct()
        .flatMap(subnet -> book.quota(subnet).stream())
        .filter(SubnetQuotaUse::isMet)
        .collect(Collectors.toMap(SubnetQuotaUse::subnet, use -> use));
  }

  private Stream<WarmAddress> warm(String eniId) {
    return book.warmOn(eniId).stream()
        // One with a problem may never come, or be in use by a Pod whose claim takes it back.
        .filter(vip -> vip.statusOrEmpty().error() == null)
        .map(
            vip ->
                new WarmAddress(
                    vip.ip(), eniId, vip.statusOrEmpty().phase() == VpcIPPhase.AVAILABLE));
  }

  /** Whether a claim can have the address: it is on an ENI that a node of this cluster has. */
  public boolean isWarm(VpcIP vip) {
    return RecordPurpose.isWarm(vip)
        && vip.statusOrEmpty().error() == null
        && own.isUsable(vip.getSpec().eniId())
        && lists(vip.getSpec().nodeName(), vip.getSpec().eniId());
  }

  /** Only of full subnets: the others have addresses that need not be moved. */
  private Map<String, Ip> warmElsewhere(List<EniView> enis) {
    return enis.stream()
        .filter(EniView::subnetFull)
        .map(EniView::subnetId)
        .distinct()
        .flatMap(
            subnet ->
                book.warmIn(subnet).stream()
                    .filter(vip -> vip.statusOrEmpty().phase() == VpcIPPhase.AVAILABLE)
                    .filter(this::isWarm)
                    .findFirst()
                    .stream())
        .collect(Collectors.toMap(vip -> vip.getSpec().subnetId(), VpcIP::ip));
  }

  /** What is said of a node that runs on another machine than its record knows. */
  private Optional<Problem> replaced(NodeENIConfig nec) {
    var name = nec.getMetadata().getName();
    var recorded = nec.getSpec().instanceId();
    return nodes
        .get(name)
        .flatMap(node -> NodeGatherer.node(node).instanceId())
        .filter(now -> recorded != null && !now.equals(recorded))
        .map(now -> NodeProblems.instanceChanged(name, recorded, now));
  }

  private static Optional<Problem> failing(NodeENIConfig nec, NodeConditions condition) {
    return Conditions.failing(nec.statusOrEmpty().conditions(), condition)
        .map(f -> new Problem(f.reason().orElse(NodeReason.ENI_FAILED), f.message()));
  }

  /** The book is asked once a subnet, because ENIs are many and their subnets few. */
  private Predicate<String> fullSubnets() {
    var known = new HashMap<String, Boolean>();
    return subnetId -> known.computeIfAbsent(subnetId, this::isSubnetFull);
  }

  /** By the records, or by what the cloud has answered a moment ago. */
  private boolean isSubnetFull(String subnetId) {
    return full.isFull(subnetId) || book.isFull(subnetId);
  }

  private EniView eni(EniInfo info, Predicate<String> fullSubnets) {
    return new EniView(
        info.eniId(),
        info.mac(),
        info.subnetId(),
        Cidr.parse(info.subnetCIDR()),
        Ip.parse(info.gateway()),
        info.slots(),
        book.used(info.eniId()),
        isFull(info.eniId()),
        fullSubnets.test(info.subnetId()));
  }

  /** Whether the cloud would put no further address on the ENI a moment ago. */
  public boolean isFull(String eniId) {
    return full.isFull(eniId);
  }
}
