package io.eniipamd.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.metrics.IpamMetrics;
import io.eniipamd.metrics.WorkMetrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClaimMetricsTest {
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ClaimMetrics metrics =
      new ClaimMetrics(new IpamMetrics(registry), new WorkMetrics(registry));

  @Test
  void shouldShowEveryReasonWhenNoClaimWasReleasedYet() {
    assertThat(registry.get("ipamd.claims.released").counters())
        .allSatisfy(counter -> assertThat(counter.count()).isZero())
        .extracting(counter -> counter.getId().getTag("reason"))
        .containsExactlyInAnyOrder(
            "Expired", "Manual", "Cascade", "ScaledDown", "PodEnded", "Surplus");
  }

  @Test
  void shouldShowHowLateAClaimWasReleasedWhenItExpired() {
    metrics.released(claim("2026-01-31T12:00:00Z", "2026-01-31T12:00:20Z"), ReleaseReason.EXPIRED);

    assertThat(delays()).isEqualTo(1);
    assertThat(registry.get("ipamd.expiry.delay").timer().totalTime(TimeUnit.SECONDS))
        .isEqualTo(20.0);
    assertThat(registry.get("ipamd.claims.released").tag("reason", "Expired").counter().count())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({
    ", 2026-01-31T12:00:00Z",
    "2026-01-31T12:00:00Z,",
    "soon, 2026-01-31T12:00:00Z",
    "2026-01-31T12:00:00Z, 2026-01-31T11:00:00Z"
  })
  void shouldShowNoDelayWhenItIsNotKnown(String due, String deleted) {
    metrics.released(claim(due, deleted), ReleaseReason.EXPIRED);

    assertThat(delays()).isZero();
  }

  @Test
  void shouldShowNoDelayWhenAUserDeletedTheClaim() {
    metrics.released(claim("2026-01-31T12:00:00Z", "2026-01-31T12:00:20Z"), ReleaseReason.MANUAL);

    assertThat(delays()).isZero();
  }

  private long delays() {
    return registry.get("ipamd.expiry.delay").timer().count();
  }

  private static VpcIPClaim claim(String due, String deleted) {
    var claim = new VpcIPClaim();
    claim.getMetadata().setDeletionTimestamp(deleted);
    claim.setStatus(VpcIPClaimStatusBuilder.builder().expiresAt(due).build());
    return claim;
  }
}
