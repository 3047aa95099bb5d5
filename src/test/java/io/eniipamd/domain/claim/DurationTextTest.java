package io.eniipamd.domain.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

  @ParameterizedTest
  @CsvSource({
    "1h, PT1H",
    "90m, PT90M",
    "1h30m, PT1H30M",
    "1H30M, PT1H30M",
    "1h30m15s, PT1H30M15S",
    "30s, PT30S",
    "1.5s, PT1.5S",
    "500ms, PT0.5S",
    "24h, PT24H",
    "7d, PT168H",
    "1d12h, PT36H",
    "0, PT0S",
    "0s, PT0S",
    "PT1H30M, PT1H30M",
    "P2D, PT48H",
    "' 1h ', PT1H"
  })
  void shouldReadTheDurationWhenItIsWrittenAsPeopleDo(String text, Duration expected) {
    assertThat(DurationText.parse(text)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "1",
        "60",
        "h",
        "1x",
        "1h 30m",
        "30m1h",
        "-5m",
        "PT-5M",
        "1.5h",
        "1h30",
        "never",
        "1hh",
        "99999999999h",
        "P",
        "PT",
        "٣h",
        "1e3s"
      })
  void shouldReadNothingWhenTheTextIsNoDuration(String text) {
    assertThat(DurationText.parse(text)).isEmpty();
  }

  @Property(seed = "20260101")
  void shouldReadWhatItWroteWhenTheDurationHasWholeSeconds(
      @ForAll @LongRange(min = 0, max = 1_000_000_000L) long seconds) {
    var duration = Duration.ofSeconds(seconds);

    assertThat(DurationText.parse(DurationText.format(duration))).contains(duration);
  }

  @ParameterizedTest
  @CsvSource({"PT0S, 0s", "PT1H30M, 1h30m", "PT24H, 24h", "PT0.1S, 100ms", "PT65S, 1m5s"})
  void shouldWriteTheShortFormWhenGivenADuration(Duration duration, String expected) {
    assertThat(DurationText.format(duration)).isEqualTo(expected);
  }
}
