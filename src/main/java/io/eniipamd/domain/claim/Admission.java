package io.eniipamd.domain.claim;

import io.eniipamd.domain.node.ZoneLabel;
import java.util.Optional;

/**
 * What a new Pod gets before it is stored: the zone of its address, or the scheduling gate while
 * that is not known, and the request that the scheduler counts.
 *
 * @param zone what its node selector gets
 * @param gate whether it gets the scheduling gate
 * @param counted whether its first container gets the request for one address
 */
public record Admission(Optional<ZoneLabel> zone, boolean gate, boolean counted) {

  /** A Pod that stays as it is. */
  public static final Admission UNCHANGED = new Admission(Optional.empty(), false, false);

  /** What the cluster, the node agent and the operator run on must not wait for the operator. */
  private static final String UNTOUCHED = "kube-system";

  /**
   * The decision. The conditions are those of the two policies in {@code
   * src/main/kubernetes/zone-gate}.
   *
   * @param pod the Pod
   * @param step what would become of its gate. One that opens without a zone is no answer here: the
   *     Pod then gets the gate, and the operator decides again when the Pod is stored.
   */
  public static Admission decide(NewPod pod, GateStep step) {
    // A Pod with a gate and a node would be refused, and the kubelet would refuse one that requests
    // more than its node has left.
    if (pod.onNode() || pod.namespace().equals(UNTOUCHED)) {
      return UNCHANGED;
    }
    return pod.request()
        .requested()
        .map(
            request -> {
              boolean waits = hasAZone(pod.facts(), request) && !pod.gated();
              var zone =
                  waits && step instanceof GateStep.Open(var known)
                      ? known
                      : Optional.<ZoneLabel>empty();
              return new Admission(zone, waits && zone.isEmpty(), isToBeCounted(pod, request));
            })
        .orElse(UNCHANGED);
  }

  /** Whether the address of the Pod is of one zone; a nomination that cannot be read counts too. */
  private static boolean hasAZone(PodFacts facts, PodRequest.Requested request) {
    return request.fixed()
        || facts.nominatedIp().isPresent()
        || facts.nominatedSubnets().isPresent();
  }

  /** Whether it asks for an address on a shared ENI by its annotation alone. */
  private static boolean isToBeCounted(NewPod pod, PodRequest.Requested request) {
    return !request.direct() && pod.facts().resources().isEmpty();
  }
}
