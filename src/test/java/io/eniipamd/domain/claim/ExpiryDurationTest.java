package io.eniipamd.domain.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExpiryDurationTest {

  @Test
  void shouldExpireAfterTheTimeWhenItIsLongEnough() {
    assertThat(ExpiryDuration.parse("1h30m"))
        .isEqualTo(new ExpiryDuration.After(Duration.ofMinutes(90)));
    assertThat(ExpiryDuration.parse("5m"))
        .isEqualTo(new ExpiryDuration.After(Duration.ofMinutes(5)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "0s", "0h"})
  void shouldNeverExpireWhenTheTimeIsZero(String text) {
    assertThat(ExpiryDuration.parse(text)).isEqualTo(new ExpiryDuration.Never());
  }

  @Test
  void shouldSayWhatWouldDoWhenTheTimeIsTooShort() {
    assertThat(ExpiryDuration.parse("4m59s"))
        .isEqualTo(
            new ExpiryDuration.Malformed(
                "\"4m59s\" is too short: write at least 5m, or 0 for never"));
  }

  @Test
  void shouldSayWhatWouldDoWhenTheTextIsNoDuration() {
    assertThat(ExpiryDuration.parse("soon"))
        .isEqualTo(
            new ExpiryDuration.Malformed(
                "\"soon\" is not a duration: write a duration such as 1h, 90m, 1h30m or 30s, at least"
                    + " 5m, or 0 for never"));
  }
}
