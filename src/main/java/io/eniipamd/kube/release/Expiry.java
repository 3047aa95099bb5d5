package io.eniipamd.kube.release;

import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.domain.claim.DurationText;
import io.eniipamd.domain.claim.ExpiryDuration;
import io.eniipamd.domain.condition.ClaimConditions;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.domain.release.ReleaseSettings;
import io.eniipamd.kube.support.Conditions;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The expiry in force: the claim's annotation before what the Pod said that was bound last (before
 * both its spec, where a user made the claim) before the cluster's. A value that cannot be read
 * keeps the address.
 */
@Singleton
public final class Expiry implements DueTimes {
  /** What the status says of a Pod's expiry that cannot be read. */
  public static final String UNREADABLE = "unreadable";

  private final Supplier<ReleaseSettings> settings;

  public Expiry(Supplier<ReleaseSettings> settings) {
    this.settings = settings;
  }

  /**
   * What is in force, and who set it.
   *
   * @param whose for users, like {@code the cluster}
   * @param own whether the claim or its Pod says so, and not the cluster
   */
  public record InForce(ExpiryDuration expiry, String whose, boolean own) {

    /** After how long it is released; empty for never. */
    public Optional<Duration> after() {
      return switch (expiry) {
        case ExpiryDuration.After after -> Optional.of(after.duration());
        case ExpiryDuration.Never() -> Optional.empty();
        case ExpiryDuration.Malformed(_) -> Optional.empty();
      };
    }

    /** The same as statuses have it; null for never. */
    public String text() {
      return after().map(DurationText::format).orElse(null);
    }
  }

  /** The expiry in force for a claim. */
  public InForce of(VpcIPClaim claim) {
    var annotation = annotation(claim);
    if (annotation.isPresent()) {
      return new InForce(ExpiryDuration.parse(annotation.get()), "the claim's annotation", true);
    }
    var said = claim.statusOrEmpty().podClaimExpiredDuration();
    boolean specGoesFirst = said == null || !claim.madeByOperator();
    if (specGoesFirst
        && claim.getSpec() != null
        && claim.getSpec().claimExpiredDuration() != null) {
      return new InForce(
          ExpiryDuration.parse(claim.getSpec().claimExpiredDuration()), "the Pod", true);
    }
    if (podsIsUnreadable(claim)) {
      return new InForce(new ExpiryDuration.Never(), "the Pod, whose value cannot be read", true);
    }
    if (said != null && !said.isEmpty()) {
      return new InForce(ExpiryDuration.parse(said), "the Pod", true);
    }
    return new InForce(settings.get().expiry(), "the cluster", false);
  }

  /** What the claim's own annotation says. */
  public static Optional<String> annotation(VpcIPClaim claim) {
    var annotations = claim.getMetadata().getAnnotations();
    return Optional.ofNullable(
        annotations == null ? null : annotations.get(Names.CLAIM_EXPIRED_DURATION));
  }

  /** Whether what the Pod said that was bound last cannot be read, which keeps the address. */
  public static boolean podsIsUnreadable(VpcIPClaim claim) {
    var said = claim.statusOrEmpty().podClaimExpiredDuration();
    return said == null ? podsWasMalformed(claim) : said.equals(UNREADABLE);
  }

  /**
   * By the condition, for a claim that an earlier version bound, which did not record the Pod's
   * value.
   */
  private static boolean podsWasMalformed(VpcIPClaim claim) {
    var conditions = claim.statusOrEmpty().conditions();
    return Conditions.is(conditions, ClaimConditions.VALID, Condition.FALSE)
        && Conditions.reason(conditions, ClaimConditions.VALID)
            .filter(ClaimReason.MALFORMED_DURATION::equals)
            .isPresent();
  }

  @Override
  public Optional<Instant> due(VpcIPClaim claim) {
    var since = claim.statusOrEmpty().retainedSince();
    return since == null || since.isEmpty() || claim.unreadable().isPresent()
        ? Optional.empty()
        : of(claim).after().map(Instant.parse(since)::plus);
  }
}
