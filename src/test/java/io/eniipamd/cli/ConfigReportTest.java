package io.eniipamd.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.config.ConfigKey;
import io.eniipamd.config.ConfiguredValue;
import io.eniipamd.config.ConfiguredValue.Origin;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ConfigReportTest {

  @Test
  void shouldNameTheSourceOfEachValueWhenSeveralSetThem() {
    var report =
        ConfigReport.of(
            Map.of(
                ConfigKey.CLUSTER_ID, new ConfiguredValue("cls-1", Origin.ARGUMENT),
                ConfigKey.VPC_ID, new ConfiguredValue("vpc-1", Origin.ENVIRONMENT),
                ConfigKey.QUARANTINE, new ConfiguredValue("9s", Origin.FILE)),
            Set.of());

    assertThat(report.lines())
        .anyMatch(line -> line.matches("--cluster-id=cls-1 +argument"))
        .anyMatch(line -> line.matches("--vpc-id=vpc-1 +environment variable ENI_IPAMD_VPC_ID"))
        .anyMatch(line -> line.matches("--quarantine=9s +application.properties.*"))
        .anyMatch(line -> line.matches("--leader-election-lease-duration=15s +default"))
        .anyMatch(line -> line.matches("--claim-expired-duration=.* live: .*"));
  }

  @ParameterizedTest
  @EnumSource(ConfigKey.class)
  void shouldShowEverySettingWhenNoneIsSet(ConfigKey key) {
    assertThat(ConfigReport.of(Map.of(), Set.of())).contains(key.flag());
  }

  @ParameterizedTest
  @CsvSource({
    "CLOUD_PROXY, http://someone:hunter2@proxy:3128",
    "CLOUD_PROXY, http://someone:hunter2/x@proxy:3128",
    "CLOUD_ENDPOINT, https://vpc.example.com/?token=hunter2",
    "CLOUD_CREDENTIALS, hunter2hunter2hunter2hunter2hunter2",
  })
  void shouldLeaveOutAValueThatMayHoldASecretWhenItIsSet(ConfigKey key, String value) {
    var report =
        ConfigReport.of(Map.of(key, new ConfiguredValue(value, Origin.ARGUMENT)), Set.of());

    assertThat(report).doesNotContain("hunter2", "someone").contains(key.flag() + "=<not shown>");
  }

  @Test
  void shouldMaskAKeyOfTheCloudWhenItIsSet() {
    assertThat(ConfigReport.of(Map.of(), Set.of("TENCENTCLOUD_SECRET_ID")))
        .contains("TENCENTCLOUD_SECRET_ID=***")
        .contains("TENCENTCLOUD_SECRET_KEY is not set");
  }
}
