package io.eniipamd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.config.ConfigKey;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnknownVariablesTest {

  @ParameterizedTest
  @CsvSource({
    "ENI_IPAMD_CLAIM_EXPIRE_DURATION, ENI_IPAMD_CLAIM_EXPIRED_DURATION",
    "ENI_IPAMD_SUBNETS, ENI_IPAMD_ENI_SUBNETS",
    "ENI_IPAMD_REPLICA, ENI_IPAMD_REPLICAS"
  })
  void shouldNameTheNearestWhenAVariableIsMistyped(String name, String nearest) {
    assertThat(UnknownVariables.problems(List.of("PATH", name)))
        .containsExactly(
            "the environment variable %s is not known: did you mean %s? Rename it, or remove it"
                .formatted(name, nearest));
  }

  @Test
  void shouldNameNoOtherWhenNoneIsNear() {
    assertThat(UnknownVariables.problems(List.of("ENI_IPAMD_X")))
        .containsExactly("the environment variable ENI_IPAMD_X is not known: remove it");
  }

  @ParameterizedTest
  @EnumSource(ConfigKey.class)
  void shouldFindNothingWhenTheVariableIsAKeys(ConfigKey key) {
    assertThat(UnknownVariables.problems(List.of(key.environmentVariable()))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"ENI_IPAMD", "ENI_IPAMD_X"})
  void shouldFindNothingWhenTheKubeletSetsThemForAService(String service) {
    assertThat(
            UnknownVariables.problems(
                List.of(
                    service + "_SERVICE_HOST",
                    service + "_SERVICE_PORT",
                    service + "_SERVICE_PORT_METRICS",
                    service + "_PORT",
                    service + "_PORT_9000_TCP",
                    service + "_PORT_9000_TCP_ADDR",
                    service + "_PORT_9000_TCP_PORT",
                    service + "_PORT_9000_TCP_PROTO",
                    service + "_PORT_53_UDP",
                    service + "_PORT_53_SCTP_PROTO")))
        .isEmpty();
  }

  @Test
  void shouldTakeNoKeyForAServicesWhenItIsMistyped() {
    // A key that ended like a variable of a Service could be mistyped without a word.
    assertThat(ConfigKey.values())
        .extracting(ConfigKey::environmentVariable)
        .allMatch(name -> !UnknownVariables.problems(List.of(name + "X")).isEmpty())
        .noneMatch(name -> name.matches(".*_(SERVICE_HOST|SERVICE_PORT.*|PORT(_.*)?)"));
  }
}
