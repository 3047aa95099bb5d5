package io.eniipamd.cli;

import static io.eniipamd.config.ConfigKey.*;
import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.config.ConfigKey;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ArgumentsTest {

  @Test
  void shouldReadAllFormsWhenTheyAreMixed() {
    var invocation =
        Arguments.read(
            "--claim-expired-duration=1h",
            "--enable-ownerref",
            "--enable-node-taint=false",
            "--security-groups=sg-1,sg-2",
            "--eni-subnets",
            "subnet-a,subnet-b");

    assertThat(invocation)
        .isEqualTo(
            new Invocation.Run(
                Map.of(
                    CLAIM_EXPIRED_DURATION, "1h",
                    ENABLE_OWNERREF, "true",
                    ENABLE_NODE_TAINT, "false",
                    SECURITY_GROUPS, "sg-1,sg-2",
                    ENI_SUBNETS, "subnet-a,subnet-b")));
  }

  @Test
  void shouldRunWithNothingWhenThereAreNoArguments() {
    assertThat(Arguments.read()).isEqualTo(new Invocation.Run(Map.of()));
  }

  @Test
  void shouldKeepTheValueAsWrittenWhenItIsBlankOrHoldsEqualsSigns() {
    assertThat(Arguments.read("--security-groups=", "--cloud-endpoint=https://h/?a=b"))
        .isEqualTo(
            new Invocation.Run(Map.of(SECURITY_GROUPS, "", CLOUD_ENDPOINT, "https://h/?a=b")));
  }

  @ParameterizedTest
  @CsvSource({
    "--claim-expire-duration=1h, --claim-expired-duration",
    "--enable-owner-ref, --enable-ownerref",
    "--security-group=sg-1, --security-groups",
    "--subnets=subnet-1, --eni-subnets",
    "-enable-ownerref, --enable-ownerref",
    "--vpcid=vpc-1, --vpc-id"
  })
  void shouldNameTheNearestFlagWhenOneIsNotKnown(String argument, String nearest) {
    assertThat(Arguments.read(argument))
        .isInstanceOfSatisfying(
            Invocation.Refused.class,
            refused ->
                assertThat(refused.problem())
                    .startsWith(
                        argument.split("=", 2)[0] + " is not known: did you mean " + nearest));
  }

  @Test
  void shouldNotRepeatTheValueWhenTheFlagIsNotKnown() {
    assertThat(Arguments.read("--secret-key=hunter2"))
        .isInstanceOfSatisfying(
            Invocation.Refused.class,
            refused -> assertThat(refused.problem()).doesNotContain("hunter2"));
  }

  @Test
  void shouldNotRepeatAnArgumentWhenItBelongsToNoFlag() {
    assertThat(Arguments.read("--vpc-id=vpc-1", "hunter2"))
        .isInstanceOfSatisfying(
            Invocation.Refused.class,
            refused ->
                assertThat(refused.problem())
                    .startsWith("an argument belongs to no flag")
                    .doesNotContain("hunter2"));
  }

  @Test
  void shouldSayWhatWouldDoWhenTheValueIsMissing() {
    assertThat(Arguments.read("--vpc-id", "--enable-ownerref"))
        .isEqualTo(new Invocation.Refused("--vpc-id needs a value: one id that begins with vpc-"));
    assertThat(Arguments.read("--vpc-id"))
        .isEqualTo(new Invocation.Refused("--vpc-id needs a value: one id that begins with vpc-"));
  }

  @Test
  void shouldRefuseAFlagWhenItIsGivenTwice() {
    assertThat(Arguments.read("--vpc-id=vpc-1", "--vpc-id=vpc-2"))
        .isEqualTo(new Invocation.Refused("--vpc-id is given twice: remove one"));
  }

  @ParameterizedTest
  @EnumSource(ConfigKey.class)
  void shouldListEveryFlagWithItsBoundAndDefaultWhenAskedForHelp(ConfigKey key) {
    var invocation = Arguments.read("--help");

    assertThat(invocation)
        .isInstanceOfSatisfying(
            Invocation.Help.class,
            help ->
                assertThat(help.text().replaceAll("\\s+", " "))
                    .contains(key.flag(), key.description(), "Must be " + key.bound()));
  }

  @Test
  void shouldAskForTheVersionWhenTheFlagIsGiven() {
    assertThat(Arguments.read("--version")).isEqualTo(new Invocation.Version());
  }

  @Test
  void shouldAskForTheConfigurationWithItsFlagsWhenTheFlagIsGiven() {
    assertThat(Arguments.read("--vpc-id=vpc-1", "--print-config"))
        .isEqualTo(new Invocation.PrintConfig(Map.of(VPC_ID, "vpc-1")));
  }
}
