package io.eniipamd.kube.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.domain.inventory.Drift;
import io.eniipamd.domain.inventory.DriftKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DriftHistoryTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration GRACE = Duration.ofMinutes(5);

  private final DriftHistory history = new DriftHistory(GRACE);

  @Test
  void shouldCountWhatASecondLookFindsAfterTheGracePeriod() {
    assertThat(history.confirmed(List.of(drift("eni-x")), START)).isEmpty();
    assertThat(history.confirmed(List.of(drift("eni-x")), START.plus(GRACE).minusMillis(1)))
        .isEmpty();
    assertThat(history.confirmed(List.of(drift("eni-x")), START.plus(GRACE)))
        .containsExactly(drift("eni-x"));
  }

  @Test
  void shouldBeginAgainWhereALookBetweenHasNotFoundIt() {
    history.confirmed(List.of(drift("eni-x")), START);
    history.confirmed(List.of(drift("eni-y")), START.plusSeconds(60));

    assertThat(history.confirmed(List.of(drift("eni-x"), drift("eni-y")), START.plus(GRACE)))
        .isEmpty();
  }

  @Test
  void shouldTellOnceForAsLongAsItLasts() {
    history.confirmed(List.of(drift("eni-x")), START);

    assertThat(history.isNews(drift("eni-x"))).isTrue();
    assertThat(history.isNews(drift("eni-x"))).isFalse();

    history.confirmed(List.of(), START.plus(GRACE));
    assertThat(history.isNews(drift("eni-x"))).isTrue();
  }

  private static Drift drift(String eniId) {
    return new Drift(
        DriftKind.UNOWNED_ENI,
        eniId,
        Optional.empty(),
        Optional.of(eniId),
        Optional.empty(),
        false,
        "it is there");
  }
}
