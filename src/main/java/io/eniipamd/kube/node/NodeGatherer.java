package io.eniipamd.kube.node;

import io.eniipamd.api.v1.EniPhase;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.NodeENIConfigSpec;
import io.eniipamd.domain.node.NodeFacts;
import io.eniipamd.domain.node.ProviderIds;
import io.eniipamd.domain.node.RecordFacts;
import io.eniipamd.domain.node.RouteLimits;
import io.eniipamd.domain.node.ZoneLabel;
import io.eniipamd.kube.support.SlimNode;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Nodes and their records as the pure decisions take them. */
final class NodeGatherer {
  private NodeGatherer() {}

  static NodeFacts node(SlimNode node) {
    return new NodeFacts(
        node.getMetadata().getName(),
        node.providerId(),
        zone(node).map(ZoneLabel::value),
        node.label(Names.NODE_SUBNETS),
        isVirtual(node),
        Optional.ofNullable(node.capacity(Names.ENI_IP))
            .filter(c -> c.equals(node.allocatable(Names.ENI_IP))),
        Optional.ofNullable(node.capacity(Names.DIRECT_ENI))
            .filter(c -> c.equals(node.allocatable(Names.DIRECT_ENI))));
  }

  /**
   * The label that has the name of the node's zone: on TKE {@link Names#ZONE_LABEL} is a number.
   */
  static Optional<ZoneLabel> zone(SlimNode node) {
    return Stream.of(Names.CSI_ZONE_LABEL, Names.ZONE_LABEL)
        .flatMap(key -> node.label(key).map(value -> new ZoneLabel(key, value)).stream())
        .filter(label -> ProviderIds.isZone(label.value()))
        .findFirst();
  }

  /** The name of the zone in a node's record; a value that is no name does not count. */
  static Optional<String> zone(NodeENIConfig nec) {
    return Optional.ofNullable(nec.getSpec())
        .map(NodeENIConfigSpec::zone)
        .filter(ProviderIds::isZone);
  }

  /** Nodes that represent a service and run on no instance. */
  private static boolean isVirtual(SlimNode node) {
    return node.label("type").filter("virtual-kubelet"::equals).isPresent()
        || node.label(Names.INSTANCE_TYPE_LABEL).filter("eklet"::equals).isPresent();
  }

  /**
   * A record as its Node depends on it.
   *
   * @param usable whether addresses can be put on an ENI, by what was seen of it
   */
  static RecordFacts record(NodeENIConfig nec, Predicate<String> usable) {
    var spec = nec.getSpec();
    return new RecordFacts(
        nec.isMarkedForDeletion(),
        Optional.ofNullable(spec.instanceId()),
        Optional.ofNullable(spec.zone()),
        spec.subnets(),
        nec.statusOrEmpty().eniInfos().stream()
            .filter(e -> e.phase() == EniPhase.ATTACHED)
            .anyMatch(e -> usable.test(e.eniId())),
        offer(nec),
        Optional.ofNullable(nec.statusOrEmpty().maxDirectENI()));
  }

  /** What the record says; one that an earlier version wrote does not, but tells the limits. */
  private static Optional<Integer> offer(NodeENIConfig nec) {
    return Optional.ofNullable(nec.statusOrEmpty().slotsOffered())
        .or(() -> recorded(nec).map(l -> capped(nec, l)).map(RouteLimits::offer));
  }

  /** The cloud's limits as the status has them. */
  static Optional<RouteLimits> recorded(NodeENIConfig nec) {
    var status = nec.statusOrEmpty();
    return status.maxRouteENI() == null || status.maxIPPerENI() == null
        ? Optional.empty()
        : Optional.of(new RouteLimits(status.maxRouteENI(), status.maxIPPerENI()));
  }

  /** The limits with the caps of the record's spec and annotations. */
  static RouteLimits capped(NodeENIConfig nec, RouteLimits limits) {
    return limits.capped(
        caps(nec.getSpec().maxRouteENI(), annotation(nec, Names.ROUTE_ENI_MAX_ATTACH)),
        caps(nec.getSpec().maxIPPerENI(), annotation(nec, Names.MAX_IP_PER_ROUTE_ENI)));
  }

  private static IntStream caps(Integer ofSpec, Integer ofAnnotation) {
    return Stream.of(Optional.ofNullable(ofSpec), Optional.ofNullable(ofAnnotation))
        .flatMap(Optional::stream)
        .mapToInt(Integer::intValue);
  }

  /** The number in an annotation; null where there is none, or something else than a number. */
  private static Integer annotation(NodeENIConfig nec, String key) {
    var annotations = nec.getMetadata().getAnnotations();
    var text = annotations == null ? null : annotations.get(key);
    if (text == null || !text.matches("[1-9][0-9]{0,3}")) {
      return null;
    }
    return Integer.valueOf(text);
  }
}
