package io.eniipamd.domain.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteLimitsTest {

  @ParameterizedTest(name = "{0} cores: {1} ENIs of {2} addresses")
  @CsvSource({
    "1, 1, 5",
    "2, 3, 9",
    "6, 3, 9",
    "8, 5, 19",
    "10, 5, 19",
    "12, 7, 29",
    "64, 7, 29",
  })
  void shouldFollowThePlatformsTableWhenTheCloudDoesNotSay(int cores, int enis, int slots) {
    assertThat(RouteLimits.ofCores(cores)).isEqualTo(new RouteLimits(enis, slots));
  }

  @Test
  void shouldLeaveOutThePrimaryOnesWhenTheCloudSays() {
    assertThat(RouteLimits.ofCloud(4, 10)).isEqualTo(new RouteLimits(3, 9));
  }

  @Test
  void shouldNotGoBelowZeroWhenTheCloudAllowsNothing() {
    assertThat(RouteLimits.ofCloud(0, 0)).isEqualTo(new RouteLimits(0, 0));
  }

  @Test
  void shouldTakeTheLowestWhenThereAreSeveralCaps() {
    var limits = new RouteLimits(7, 29);

    var capped = limits.capped(IntStream.of(3, 5), IntStream.of(40));

    assertThat(capped).isEqualTo(new RouteLimits(3, 29));
    assertThat(capped.offer()).isEqualTo(87);
  }

  @Test
  void shouldStayAsTheyAreWhenNothingCapsThem() {
    var limits = new RouteLimits(3, 9);

    assertThat(limits.capped(IntStream.of(), IntStream.of())).isEqualTo(limits);
  }
}
