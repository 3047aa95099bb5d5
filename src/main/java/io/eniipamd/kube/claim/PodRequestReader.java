package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.Names;
import io.eniipamd.domain.claim.PodFacts;
import io.eniipamd.domain.claim.PodRequest;
import io.eniipamd.domain.claim.PodView;
import io.eniipamd.domain.claim.PodZones;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimPod;
import io.eniipamd.kube.support.SlimStatefulSet;
import io.fabric8.kubernetes.api.model.OwnerReference;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What Pods want, by their own annotations and by what the StatefulSets of older clusters say for
 * all their Pods.
 */
@Singleton
final class PodRequestReader {
  private static final String STATIC = "true";

  private final SharedCache<SlimStatefulSet> sets;

  PodRequestReader(SharedCache<SlimStatefulSet> sets) {
    this.sets = sets;
  }

  /** What a Pod wants. */
  PodRequest of(SlimPod pod) {
    return PodRequests.of(pod, ofAStaticSet(pod));
  }

  /** What a Pod says of its network. */
  PodFacts facts(SlimPod pod) {
    return PodRequests.facts(pod, ofAStaticSet(pod));
  }

  /** What a Pod that uses VPC-CNI wants; empty for another. */
  Optional<PodRequest.Requested> requested(SlimPod pod) {
    return of(pod).requested();
  }

  /** A Pod in the words of the domain. */
  PodView view(SlimPod pod) {
    return new PodView(
        pod.getMetadata().getUid(),
        pod.ended(),
        pod.isMarkedForDeletion(),
        Optional.ofNullable(pod.nodeName()),
        zones(pod),
        PodRequests.ip(pod.podIp()),
        of(pod));
  }

  /** What a Pod itself says of zones. */
  PodZones zones(SlimPod pod) {
    return new PodZones(
        pod.zoneSelector(),
        pod.zoneTerms().stream()
            .map(term -> term.stream().map(PodRequestReader::expression).toList())
            .toList());
  }

  private static PodZones.Expression expression(SlimPod.Expression said) {
    var operator =
        switch (said.operator()) {
          case "In" -> PodZones.Operator.IN;
          case "NotIn" -> PodZones.Operator.NOT_IN;
          case "Exists" -> PodZones.Operator.EXISTS;
          case "DoesNotExist" -> PodZones.Operator.DOES_NOT_EXIST;
          default -> PodZones.Operator.OTHER;
        };
    return new PodZones.Expression(said.key(), operator, Set.copyOf(said.values()));
  }

  /** Whether the Pod's own StatefulSet keeps the addresses of its Pods. */
  private boolean ofAStaticSet(SlimPod pod) {
    var meta = pod.getMetadata();
    var owners = meta.getOwnerReferences();
    return (owners == null ? List.<OwnerReference>of() : owners)
        .stream()
            .filter(o -> o.getKind().equals("StatefulSet") && o.getApiVersion().startsWith("apps/"))
            .anyMatch(
                o ->
                    sets.get(meta.getNamespace(), o.getName())
                        .filter(set -> set.getMetadata().getUid().equals(o.getUid()))
                        .filter(set -> STATIC.equals(word(set).orElse("")))
                        .isPresent());
  }

  /** What a StatefulSet says of its Pods' addresses, as written. */
  static Optional<String> word(SlimStatefulSet set) {
    return Optional.ofNullable(set.annotations().get(Names.ENABLE_STATIC_IP)).map(String::strip);
  }
}
