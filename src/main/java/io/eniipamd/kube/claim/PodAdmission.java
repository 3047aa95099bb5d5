package io.eniipamd.kube.claim;

import io.eniipamd.domain.claim.Admission;
import io.eniipamd.domain.claim.GateStep;
import io.eniipamd.domain.claim.NewPod;
import io.eniipamd.kube.support.SlimPod;
import jakarta.inject.Singleton;

/**
 * What a new Pod gets before it is stored, from caches alone. A claim that the cache does not show
 * costs the Pod no more than the gate; a zone is told only from a claim that is there.
 */
@Singleton
public final class PodAdmission {
  private final PodRequestReader requests;
  private final GateDecisions gate;

  PodAdmission(PodRequestReader requests, GateDecisions gate) {
    this.requests = requests;
    this.gate = gate;
  }

  /**
   * The answer for a Pod.
   *
   * @param pod as it is to be created, with its namespace
   * @param current whether the caches follow the API server. A node selector cannot be taken away
   *     again, so that an old zone would be worse than none.
   */
  public Admission of(SlimPod pod, boolean current) {
    var request = requests.of(pod);
    return Admission.decide(
        new NewPod(
            requests.facts(pod),
            request,
            pod.getMetadata().getNamespace(),
            pod.nodeName() != null,
            pod.isGated()),
        current ? gate.of(pod, request) : new GateStep.AwaitClaim());
  }
}
