package io.eniipamd.app;

import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.kube.claim.ClaimObserver;
import io.eniipamd.metrics.IpamMetrics;
import io.eniipamd.metrics.WorkMetrics;
import jakarta.inject.Singleton;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** Counts what becomes of claims. */
@Singleton
final class ClaimMetrics implements ClaimObserver {

  /** No claim has these: a stray address is of no claim. */
  private static final Set<ReleaseReason> OF_NO_CLAIM =
      Set.of(ReleaseReason.STRAY, ReleaseReason.UNKNOWN);

  private final IpamMetrics metrics;
  private final WorkMetrics work;

  ClaimMetrics(IpamMetrics metrics, WorkMetrics work) {
    this.metrics = metrics;
    this.work = work;
    for (var reason : ReleaseReason.values()) {
      if (!OF_NO_CLAIM.contains(reason)) {
        metrics.mayBeReleased(reason.word());
      }
    }
  }

  @Override
  public void bound(Duration sincePodCreation) {
    metrics.claimBound(sincePodCreation);
  }

  @Override
  public void released(VpcIPClaim claim, ReleaseReason reason) {
    metrics.claimReleased(reason.word());
    if (reason == ReleaseReason.EXPIRED) {
      late(claim).ifPresent(work::expired);
    }
  }

  /** From its expiry to its deletion, both by the API server's clock. */
  private static Optional<Duration> late(VpcIPClaim claim) {
    return time(claim.statusOrEmpty().expiresAt())
        .flatMap(
            due ->
                time(claim.getMetadata().getDeletionTimestamp())
                    .map(deleted -> Duration.between(due, deleted)))
        .filter(late -> !late.isNegative());
  }

  private static Optional<Instant> time(String text) {
    try {
      return Optional.ofNullable(text).map(Instant::parse);
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
