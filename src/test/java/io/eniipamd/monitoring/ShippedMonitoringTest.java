package io.eniipamd.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.monitoring.ShippedMonitoring.Query;
import io.eniipamd.monitoring.ShippedMonitoring.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Alerts, dashboard, runbooks and the page of the metrics name the same things. */
class ShippedMonitoringTest {
  private static final Pattern METRIC = Pattern.compile("(?<![:\\w])ipamd_[a-z_]+");

  /** What Prometheus makes of a histogram, a summary or a timer. */
  private static final Pattern SERIES = Pattern.compile("_(bucket|sum|count|max)$");

  @Test
  void shouldHaveAPageForEachAlertAndForNoOther() throws IOException {
    var alerts =
        ShippedMonitoring.rules().stream()
            .filter(Rule::alert)
            .map(Rule::runbook)
            .collect(Collectors.toSet());

    try (var pages = Files.list(ShippedMonitoring.RUNBOOKS)) {
      assertThat(pages.map(Path::toString)).containsExactlyInAnyOrderElementsOf(alerts);
    }
  }

  @Test
  void shouldNameEachPageAfterItsAlert() {
    assertThat(ShippedMonitoring.rules())
        .filteredOn(Rule::alert)
        .allSatisfy(
            rule -> {
              assertThat(rule.runbook()).endsWith("/" + rule.name() + ".md");
              assertThat(ShippedMonitoring.read(Path.of(rule.runbook())))
                  .startsWith("# " + rule.name() + "\n")
                  .contains("## Who is affected", "## Where to look", "## What to do");
              assertThat(rule.severity()).isIn("critical", "warning");
            });
  }

  @Test
  void shouldListEachAlertOnThePageOfTheMonitoring() {
    var page = ShippedMonitoring.read(Path.of("docs/monitoring.md"));

    assertThat(ShippedMonitoring.rules())
        .filteredOn(Rule::alert)
        .allSatisfy(
            rule ->
                assertThat(page)
                    .contains(
                        "| [%1$s](runbooks/%1$s.md) | %2$s | "
                            .formatted(rule.name(), rule.severity())));
  }

  @Test
  void shouldAskForMetricsThatArePartOfTheInterface() throws IOException {
    var documented =
        ShippedMonitoring.read(Path.of("docs/metrics.md"))
            .lines()
            .filter(line -> line.startsWith("| `ipamd_"))
            .map(line -> line.substring(3, line.indexOf('`', 3)))
            .collect(Collectors.toSet());

    assertThat(documented).isNotEmpty();
    assertThat(named()).isNotEmpty().allMatch(name -> documented.contains(base(name, documented)));
  }

  private static Set<String> named() throws IOException {
    var texts =
        Stream.concat(
            ShippedMonitoring.rules().stream().map(Rule::expression),
            ShippedMonitoring.queries().stream().map(Query::expression));
    var all = new TreeSet<String>();
    try (var pages = Files.list(ShippedMonitoring.RUNBOOKS)) {
      Stream.concat(texts, pages.map(ShippedMonitoring::read))
          .forEach(text -> METRIC.matcher(text).results().forEach(m -> all.add(m.group())));
    }
    return all;
  }

  private static String base(String name, Set<String> documented) {
    return documented.contains(name) ? name : SERIES.matcher(name).replaceFirst("");
  }
}
