package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.domain.claim.Complaint;
import io.eniipamd.domain.claim.ExpiryDuration;
import java.util.Optional;

/**
 * Whether the address outlives its Pod: the claim's annotation before what the Pod said that was
 * bound last.
 *
 * @param policy what holds
 * @param whose whose word it is, for people
 */
record Policy(DeletePolicy policy, String whose) {

  /** What holds for the claim; before its first binding, its wish. */
  static Policy of(VpcIPClaim claim) {
    var annotated = annotated(claim);
    if (annotated.isPresent()) {
      return new Policy(annotated.get(), "the claim's annotation");
    }
    var status = claim.statusOrEmpty();
    var wished = claim.getSpec() == null ? null : claim.getSpec().deletePolicy();
    var inForce = status.deletePolicy() != null ? status.deletePolicy() : wished;
    return new Policy(inForce == null ? DeletePolicy.IMMEDIATE : inForce, "the Pod");
  }

  /** What the claim's own annotation says; a word that cannot be read is passed over. */
  static Optional<DeletePolicy> annotated(VpcIPClaim claim) {
    return switch (annotation(claim).orElse("")) {
      case "Never" -> Optional.of(DeletePolicy.NEVER);
      case "Immediate" -> Optional.of(DeletePolicy.IMMEDIATE);
      default -> Optional.empty();
    };
  }

  /** What is wrong with the claim's own annotations. */
  static Optional<Complaint> complaint(VpcIPClaim claim) {
    var policy = annotation(claim);
    if (policy.isPresent() && annotated(claim).isEmpty()) {
      return Optional.of(
          new Complaint(
              "UnknownDeletePolicy",
              ("annotation %s of the claim is \"%s\" and is passed over; Immediate (give the address"
                      + " back when the Pod has ended) or Never (keep it) would do")
                  .formatted(Names.DELETE_POLICY, policy.get()),
              false));
    }
    return Expiry.annotation(claim)
        .map(ExpiryDuration::parse)
        .filter(ExpiryDuration.Malformed.class::isInstance)
        .map(ExpiryDuration.Malformed.class::cast)
        .map(
            bad ->
                new Complaint(
                    "MalformedDuration",
                    "annotation %s of the claim: %s; until it is mended this address never expires"
                        .formatted(Names.CLAIM_EXPIRED_DURATION, bad.reason()),
                    false));
  }

  private static Optional<String> annotation(VpcIPClaim claim) {
    var annotations = claim.getMetadata().getAnnotations();
    return Optional.ofNullable(annotations == null ? null : annotations.get(Names.DELETE_POLICY))
        .map(String::strip);
  }
}
