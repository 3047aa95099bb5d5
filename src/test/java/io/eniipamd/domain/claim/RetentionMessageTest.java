package io.eniipamd.domain.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetentionMessageTest {
  private static final Instant SINCE = Instant.parse("2026-01-31T12:00:00Z");

  @Test
  void shouldTellByWhosePolicyUntilWhenAndWhatReleasesIt() {
    assertThat(
            new RetentionMessage(
                    "prod",
                    "web-0",
                    "10.0.3.7",
                    "the Pod",
                    SINCE,
                    Optional.of(Duration.ofMinutes(90)),
                    "the cluster",
                    Optional.of("StatefulSet web"))
                .text())
        .isEqualTo(
            "Pod web-0 ended at 2026-01-31T12:00:00Z; its claim retains 10.0.3.7 for the next Pod of"
                + " that name (vpc-ip-claim-delete-policy: Never of the Pod). The operator releases it"
                + " at 2026-01-31T13:30:00Z, 1h30m after that end (claim-expired-duration of the"
                + " cluster). To release it now: kubectl delete vipc web-0 -n prod. Deleting"
                + " StatefulSet web releases it too.");
  }

  @Test
  void shouldSayThatItNeverExpiresWhenNoExpiryIsSet() {
    assertThat(
            new RetentionMessage(
                    "prod",
                    "web-0",
                    "10.0.3.7",
                    "the claim's annotation",
                    SINCE,
                    Optional.empty(),
                    "the cluster",
                    Optional.empty())
                .text())
        .contains("Never of the claim's annotation")
        .contains("It never expires (claim-expired-duration of the cluster).")
        .endsWith("To release it now: kubectl delete vipc web-0 -n prod.");
  }
}
