package io.eniipamd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.config.ConfigKey;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class UnknownPropertiesTest {

  @Test
  void shouldNameTheNearestWhenOneIsNotKnown() {
    assertThat(UnknownProperties.problems(List.of("eni-ipamd.quarantin", "quarkus.log.level")))
        .containsExactly(
            "the property eni-ipamd.quarantin is not known: did you mean eni-ipamd.quarantine?"
                + " Rename it, or remove it");
  }

  @Test
  void shouldSayToTakeItOutWhenNoneIsNear() {
    assertThat(UnknownProperties.problems(List.of("eni-ipamd.something-else-entirely")))
        .containsExactly("the property eni-ipamd.something-else-entirely is not known: remove it");
  }

  @Test
  void shouldFindNothingWhenAllAreKeys() {
    assertThat(
            UnknownProperties.problems(
                Arrays.stream(ConfigKey.values()).map(ConfigKey::property).toList()))
        .isEmpty();
  }
}
