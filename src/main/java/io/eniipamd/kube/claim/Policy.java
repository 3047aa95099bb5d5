package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.domain.claim.ExpiryDuration;
import io.eniipamd.domain.claim.PodRequest;
import io.eniipamd.domain.claim.ValidationError;
import io.eniipamd.domain.claim.ValidationProblems;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.kube.release.Expiry;
import java.util.Optional;

/**
 * Whether the address outlives its Pod: the claim's annotation before what the Pod said that was
 * bound last.
 *
 * @param policy what holds
 * @param whose who set it, for users
 */
record Policy(DeletePolicy policy, String whose) {

  /** What holds for the claim; before its first binding, its request. */
  static Policy of(VpcIPClaim claim) {
    var annotated = annotated(claim);
    if (annotated.isPresent()) {
      return new Policy(annotated.get(), "the claim's annotation");
    }
    var status = claim.statusOrEmpty();
    var requested = claim.getSpec() == null ? null : claim.getSpec().deletePolicy();
    var inForce = status.deletePolicy() != null ? status.deletePolicy() : requested;
    return new Policy(inForce == null ? DeletePolicy.IMMEDIATE : inForce, "the Pod");
  }

  /** What comes into force when the claim is bound to the Pod that requests this. */
  static DeletePolicy atBinding(VpcIPClaim claim, PodRequest.Requested request) {
    return annotated(claim).orElse(request.fixed() ? DeletePolicy.NEVER : DeletePolicy.IMMEDIATE);
  }

  /** What the claim's own annotation says; a value that cannot be read is ignored. */
  static Optional<DeletePolicy> annotated(VpcIPClaim claim) {
    return switch (annotation(claim).orElse("")) {
      case PodRequest.NEVER -> Optional.of(DeletePolicy.NEVER);
      case PodRequest.IMMEDIATE -> Optional.of(DeletePolicy.IMMEDIATE);
      default -> Optional.empty();
    };
  }

  /** What is wrong with the claim's own annotations. */
  private static Optional<ValidationError> error(VpcIPClaim claim) {
    var policy = annotation(claim);
    if (policy.isPresent() && annotated(claim).isEmpty()) {
      return Optional.of(
          ValidationProblems.unknownDeletePolicyOfClaim(Names.DELETE_POLICY, policy.get()));
    }
    return Expiry.annotation(claim)
        .map(ExpiryDuration::parse)
        .filter(ExpiryDuration.Malformed.class::isInstance)
        .map(ExpiryDuration.Malformed.class::cast)
        .map(bad -> ValidationProblems.malformedDurationOfClaim(Names.CLAIM_EXPIRED_DURATION, bad));
  }

  /**
   * The errors that the condition {@code Valid} of a bound or retained claim reports: its own
   * annotations before what its Pod said when it was bound, which the status keeps.
   *
   * @param pod what the Pod that has the address says now; empty where it is away
   */
  static Optional<ValidationError> error(VpcIPClaim claim, Optional<PodRequest.Requested> pod) {
    return error(claim)
        .or(() -> Expiry.podsIsUnreadable(claim) ? Optional.of(podsError(pod)) : Optional.empty());
  }

  private static ValidationError podsError(Optional<PodRequest.Requested> pod) {
    return pod.stream()
        .flatMap(request -> request.errors().stream())
        .filter(c -> c.reason() == ClaimReason.MALFORMED_DURATION)
        .findFirst()
        .orElseGet(
            () -> ValidationProblems.malformedDurationOfLastPod(Names.CLAIM_EXPIRED_DURATION));
  }

  private static Optional<String> annotation(VpcIPClaim claim) {
    var annotations = claim.getMetadata().getAnnotations();
    return Optional.ofNullable(annotations == null ? null : annotations.get(Names.DELETE_POLICY))
        .map(String::strip);
  }
}
