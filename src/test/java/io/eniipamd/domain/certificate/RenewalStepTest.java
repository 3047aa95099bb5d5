package io.eniipamd.domain.certificate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RenewalStepTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Set<String> NAMES = Set.of("hook.kube-system.svc");
  private static final CertificateFacts NEW = aged(0, NAMES);
  private static final CertificateFacts DUE = aged(61, NAMES);

  @Test
  void shouldReplaceWhenThereIsNone() {
    assertThat(decide(Optional.empty(), Optional.empty())).isEqualTo(new RenewalStep.Replace());
  }

  @Test
  void shouldKeepWhenMoreThanAThirdOfItsLifeIsLeft() {
    assertThat(decide(Optional.of(aged(59, NAMES)), Optional.empty()))
        .isEqualTo(new RenewalStep.Keep());
  }

  @Test
  void shouldPrepareTheNextWhenItsLastThirdHasBegun() {
    assertThat(decide(Optional.of(DUE), Optional.empty())).isEqualTo(new RenewalStep.Prepare());
  }

  @Test
  void shouldReplaceAtOnceWhenItIsOver() {
    assertThat(decide(Optional.of(aged(91, NAMES)), Optional.empty()))
        .isEqualTo(new RenewalStep.Replace());
    assertThat(decide(Optional.of(aged(90, NAMES)), Optional.empty()))
        .as("at the very end")
        .isEqualTo(new RenewalStep.Replace());
  }

  @Test
  void shouldReplaceWhenItsBeginIsInTheFuture() {
    assertThat(decide(Optional.of(aged(-1, NAMES)), Optional.empty()))
        .isEqualTo(new RenewalStep.Replace());
  }

  @Test
  void shouldReplaceWhenTheServerIsCalledByAnotherName() {
    assertThat(decide(Optional.of(aged(0, Set.of("127.0.0.1"))), Optional.empty()))
        .isEqualTo(new RenewalStep.Replace());
  }

  @Test
  void shouldWaitUntilAllApiServersHaveHeardOfTheNext() {
    assertThat(decide(DUE, NEW, Optional.empty())).isEqualTo(new RenewalStep.Keep());
    assertThat(decide(DUE, NEW, Optional.of(Duration.ofSeconds(29))))
        .isEqualTo(new RenewalStep.Keep());
    assertThat(decide(DUE, NEW, Optional.of(Duration.ofSeconds(30))))
        .isEqualTo(new RenewalStep.Promote());
  }

  @Test
  void shouldServeTheNextAtOnceWhenTheOtherIsOver() {
    assertThat(decide(aged(91, NAMES), NEW, Optional.empty())).isEqualTo(new RenewalStep.Promote());
  }

  @Test
  void shouldPrepareAnotherOneWhenTheNextHasAgedMeanwhile() {
    assertThat(decide(DUE, DUE, Optional.of(Duration.ofDays(60))))
        .isEqualTo(new RenewalStep.Prepare());
  }

  private static RenewalStep decide(
      Optional<CertificateFacts> served, Optional<CertificateFacts> next) {
    return RenewalStep.decide(NOW, served, next, Optional.empty(), NAMES);
  }

  private static RenewalStep decide(
      CertificateFacts served, CertificateFacts next, Optional<Duration> trustedFor) {
    return RenewalStep.decide(NOW, Optional.of(served), Optional.of(next), trustedFor, NAMES);
  }

  private static CertificateFacts aged(int days, Set<String> names) {
    var begin = NOW.minus(Duration.ofDays(days));
    return new CertificateFacts(begin, begin.plus(Duration.ofDays(90)), names);
  }
}
