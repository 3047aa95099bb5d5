package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.Names;
import io.eniipamd.domain.claim.PodRequest;
import io.eniipamd.domain.claim.PodView;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimPod;
import io.eniipamd.kube.support.SlimStatefulSet;
import io.fabric8.kubernetes.api.model.OwnerReference;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

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
        PodRequests.ip(pod.podIp()),
        of(pod));
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
