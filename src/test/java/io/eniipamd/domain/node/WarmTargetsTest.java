package io.eniipamd.domain.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WarmTargetsTest {

  @Test
  void shouldSayNothingWhenNeitherIsSet() {
    var read = WarmTargets.read("min", null, "max", null);

    assertThat(read.targets()).isEmpty();
    assertThat(read.problem()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0, 5", "3, 3", "1000, 1000"})
  void shouldTakeAPairThatFits(int min, int max) {
    var read = WarmTargets.read("min", String.valueOf(min), "max", String.valueOf(max));

    assertThat(read.targets()).hasValue(new WarmTargets(min, max));
    assertThat(read.problem()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          5   | - | min=5: works only together with max; set both, or none
          -   | 5 | max=5: works only together with min; set both, or none
          5   | 3 | min=5: must be at most max=3
          x   | 3 | min=x: must be a whole number from 0 to 1000
          1   | -3 | max=-3: must be a whole number from 0 to 1000
          1   | 1001 | max=1001: must be a whole number from 0 to 1000
          1.5 | 3 | min=1.5: must be a whole number from 0 to 1000
          """)
  void shouldNameWhatIsWrongWithAPairThatDoesNotFit(String min, String max, String problem) {
    var read = WarmTargets.read("min", min, "max", max);

    assertThat(read.targets()).isEmpty();
    assertThat(read.problem()).isEqualTo(Optional.of(problem));
  }

  @Test
  void shouldNotBeMadeOfNumbersThatDoNotFit() {
    assertThatThrownBy(() -> new WarmTargets(2, 1)).hasMessageContaining("2 and 1");
  }
}
