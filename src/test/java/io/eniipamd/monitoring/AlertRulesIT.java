package io.eniipamd.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.monitoring.ShippedMonitoring.Rule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules by Prometheus' own tool: that it reads them, and when each alert fires. */
class AlertRulesIT {
  private static final Path CASES = Path.of("src/test/resources/prometheus/rules-test.yml");
  private static final Path WORK = Path.of("target/monitoring");

  @BeforeAll
  static void write() throws IOException {
    Files.createDirectories(WORK);
    Files.writeString(WORK.resolve("rules.yml"), ShippedMonitoring.rulesFile());
    Files.copy(CASES, WORK.resolve(CASES.getFileName()), StandardCopyOption.REPLACE_EXISTING);
  }

  @Test
  void shouldBeRulesThatPrometheusReads() throws Exception {
    assertThat(promtool("check", "rules", "rules.yml")).contains("SUCCESS").doesNotContain("FAIL");
  }

  @Test
  void shouldFireEachAlertWhenItsCaseIsThereAndNotBefore() throws Exception {
    assertThat(promtool("test", "rules", CASES.getFileName().toString()))
        .contains("SUCCESS")
        .doesNotContain("FAILED");
  }

  @Test
  void shouldHaveACaseForEachAlert() {
    var cases = ShippedMonitoring.read(CASES);

    assertThat(ShippedMonitoring.rules())
        .filteredOn(Rule::alert)
        .isNotEmpty()
        .allSatisfy(
            rule ->
                assertThat(cases)
                    .containsPattern(
                        Pattern.compile(
                            "alertname: %s\\n    exp_alerts:\\n    - exp_labels"
                                .formatted(rule.name())))
                    .containsPattern(
                        "alertname: %s\\n    exp_alerts: \\[\\]".formatted(rule.name())));
  }

  private static String promtool(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of(PrometheusPrograms.locate().promtool().toString()));
    command.addAll(List.of(arguments));
    var tool =
        new ProcessBuilder(command).directory(WORK.toFile()).redirectErrorStream(true).start();
    var said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(tool.waitFor()).as(said).isZero();
    return said;
  }
}
