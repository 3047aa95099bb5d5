package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.domain.claim.GateStep;
import io.eniipamd.domain.claim.PodRequest;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimPod;
import jakarta.inject.Singleton;

/** Decides what becomes of the scheduling gate of a Pod, from caches alone. */
@Singleton
final class GateDecisions {
  private final SharedCache<VpcIPClaim> claims;
  private final PodRequestReader requests;
  private final Destinations destinations;

  GateDecisions(
      SharedCache<VpcIPClaim> claims, PodRequestReader requests, Destinations destinations) {
    this.claims = claims;
    this.requests = requests;
    this.destinations = destinations;
  }

  /**
   * The decision for a Pod.
   *
   * @param pod it; one that is not stored yet has no UID, and perhaps no name
   * @param request what it asks for
   */
  GateStep of(SlimPod pod, PodRequest request) {
    var meta = pod.getMetadata();
    var claim =
        claims
            .get(meta.getNamespace(), meta.getName())
            .filter(c -> !c.isMarkedForDeletion())
            .filter(c -> c.unreadable().isEmpty())
            .filter(c -> !goesWithAnother(c, pod));
    var destination = claim.flatMap(c -> destinations.of(c, request.requested()));
    var tells =
        claim
            .map(c -> destination.isEmpty() && destinations.isUnclear(c, request.requested()))
            .map(unclear -> unclear ? GateStep.Claim.UNCLEAR : GateStep.Claim.CLEAR)
            .orElse(GateStep.Claim.ABSENT);
    return GateStep.decide(request, requests.zones(pod), tells, destination);
  }

  /** Whether the claim is that of an earlier Pod of the name, and ends with it. */
  private static boolean goesWithAnother(VpcIPClaim claim, SlimPod pod) {
    var boundTo = claim.statusOrEmpty().podUID();
    return boundTo != null
        && !boundTo.isEmpty()
        && !boundTo.equals(pod.getMetadata().getUid())
        && Policy.of(claim).policy() != DeletePolicy.NEVER;
  }
}
