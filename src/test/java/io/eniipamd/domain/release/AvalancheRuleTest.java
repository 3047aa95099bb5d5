package io.eniipamd.domain.release;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AvalancheRuleTest {

  @ParameterizedTest(name = "{0} of {1} with {2} or {3} %: {4}")
  @CsvSource({
    "2000, 100000, 2000, 50, ''",
    "2001, 100000, 2000, 50, more than 2000 (avalanche-count)",
    "50, 100, 2000, 50, ''",
    "51, 100, 2000, 50, more than 50 % of all 100 retained ones (avalanche-percent)",
    // Half of a few is no avalanche.
    "20, 20, 2000, 50, ''",
    "21, 21, 2000, 50, more than 50 % of all 21 retained ones (avalanche-percent)",
    "1000000, 1000000, 0, 0, ''",
    "30000, 40000, 0, 50, more than 50 % of all 40000 retained ones (avalanche-percent)",
    "30000, 40000, 2000, 0, more than 2000 (avalanche-count)",
  })
  void shouldTripWhenMoreAreDueThanEitherLimitAllows(
      int due, int retained, int count, int percent, String by) {
    assertThat(new AvalancheRule(count, percent).trippedBy(due, retained).orElse("")).isEqualTo(by);
  }

  @Test
  void shouldNotOverflowWhenEverythingIsDueInALargeCluster() {
    assertThat(new AvalancheRule(0, 100).trippedBy(Integer.MAX_VALUE, Integer.MAX_VALUE)).isEmpty();
  }
}
