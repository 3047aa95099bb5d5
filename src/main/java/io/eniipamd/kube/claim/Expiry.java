package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.domain.claim.DurationText;
import io.eniipamd.domain.claim.ExpiryDuration;
import io.eniipamd.kube.support.Conditions;
import java.time.Instant;
import java.util.Optional;

/**
 * The expiry in force: the claim's annotation before its spec (which has the Pod's) before the
 * cluster's. A value that cannot be read keeps the address.
 */
public final class Expiry {
  private final ExpiryDuration cluster;

  public Expiry(ExpiryDuration cluster) {
    this.cluster = cluster;
  }

  /** What holds for the claim. */
  public ExpiryDuration inForce(VpcIPClaim claim) {
    var annotations = claim.getMetadata().getAnnotations();
    if (annotations != null && annotations.containsKey(Names.CLAIM_EXPIRED_DURATION)) {
      return ExpiryDuration.parse(annotations.get(Names.CLAIM_EXPIRED_DURATION));
    }
    if (claim.getSpec() != null && claim.getSpec().claimExpiredDuration() != null) {
      return ExpiryDuration.parse(claim.getSpec().claimExpiredDuration());
    }
    boolean podsWasMalformed =
        Conditions.find(claim.statusOrEmpty().conditions(), ClaimSteps.VALID)
            .filter(c -> c.status().equals(Condition.FALSE))
            .filter(c -> c.reason().equals("MalformedDuration"))
            .isPresent();
    return podsWasMalformed ? new ExpiryDuration.Never() : cluster;
  }

  /** The same as people write it; null for never. */
  public String text(VpcIPClaim claim) {
    return switch (inForce(claim)) {
      case ExpiryDuration.After after -> DurationText.format(after.duration());
      case ExpiryDuration.Never never -> null;
      case ExpiryDuration.Malformed malformed -> null;
    };
  }

  /** When a claim whose Pod ended then is due; empty for never. */
  public Optional<Instant> due(VpcIPClaim claim, Instant retainedSince) {
    return switch (inForce(claim)) {
      case ExpiryDuration.After after -> Optional.of(retainedSince.plus(after.duration()));
      case ExpiryDuration.Never never -> Optional.empty();
      case ExpiryDuration.Malformed malformed -> Optional.empty();
    };
  }
}
