package io.eniipamd.domain.release;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AvalancheRuleTest {

  @ParameterizedTest(name = "{0}, {1} of them expired, of {2} kept and {3} in all: {6}")
  @CsvSource({
    "2000, 2000, 100000, 100000, 2000, 50, ''",
    "2001, 2001, 100000, 100000, 2000, 50, more than 2000 (avalanche-count)",
    "101, 101, 202, 9000, 2000, 50, ''",
    "102, 102, 202, 9000, 2000, 50, more than 50 % of the 202 retained ones (avalanche-percent)",
    // Half of a few is no avalanche.
    "100, 100, 100, 100, 2000, 50, ''",
    // The addresses of a workload that is deleted while its Pods run are not retained ones.
    "500, 0, 0, 1000, 2000, 50, ''",
    "501, 0, 0, 1000, 2000, 50, more than 50 % of all 1000 fixed IPs (avalanche-percent)",
    "1000000, 1000000, 1000000, 1000000, 0, 0, ''",
    "30000, 0, 0, 40000, 2000, 0, more than 2000 (avalanche-count)",
  })
  void shouldTripWhenMoreAreDueThanALimitAllows(
      int all, int expired, int retained, int fixed, int count, int percent, String by) {
    assertThat(
            new AvalancheRule(count, percent).trippedBy(all, expired, retained, fixed).orElse(""))
        .isEqualTo(by);
  }

  @Test
  void shouldNotOverflowWhenEverythingIsDueInALargeCluster() {
    int all = Integer.MAX_VALUE;

    assertThat(new AvalancheRule(0, 100).trippedBy(all, all, all, all)).isEmpty();
  }
}
