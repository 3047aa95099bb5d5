package io.eniipamd.app;

import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.kube.claim.ClaimObserver;
import io.eniipamd.metrics.IpamMetrics;
import jakarta.inject.Singleton;
import java.time.Duration;

/** Counts what becomes of claims. */
@Singleton
final class ClaimMetrics implements ClaimObserver {
  private final IpamMetrics metrics;

  ClaimMetrics(IpamMetrics metrics) {
    this.metrics = metrics;
  }

  @Override
  public void bound(Duration sincePodCreation) {
    metrics.claimBound(sincePodCreation);
  }

  @Override
  public void released(ReleaseReason reason) {
    metrics.claimReleased(reason.word());
  }
}
