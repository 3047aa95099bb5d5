package io.eniipamd.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.Names;
import io.eniipamd.kubelet.NodeSpec;
import io.eniipamd.monitoring.ShippedMonitoring.Query;
import io.eniipamd.monitoring.ShippedMonitoring.Rule;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What Prometheus makes of the metrics of an operator at work. */
class PrometheusIT {
  private static final List<String> CHANGES =
      List.of(
          "CreateNetworkInterface",
          "AttachNetworkInterface",
          "AssignPrivateIpAddresses",
          "UnassignPrivateIpAddresses");

  private static Stage stage;
  private static Scene scene;
  private static OperatorProcess operator;
  private static PrometheusServer prometheus;

  @BeforeAll
  static void open() throws Exception {
    stage = Stage.set("monitoring", VpcLayout.standard());
    var flags = new ArrayList<>(List.of(StandingStage.QUICK));
    flags.add("--inventory-interval=1s");
    flags.add("--subnet-refresh=1s");
    operator = stage.startOperator(flags.toArray(String[]::new));
    prometheus =
        PrometheusServer.start(
            Path.of("target/monitoring/server-" + ProcessHandle.current().pid()),
            operator.managementPort());
    stage.join("node-1", "ins-node0001");
    Scene.awaitNodes(stage, "node-1");
    scene = Scene.open(stage, "monitoring");
    load();
  }

  /**
   * Of each kind of thing that the dashboard shows there is one, and it happens once more when
   * Prometheus has seen it: a rate needs a difference.
   */
  private static void load() {
    scene.run(PodSketch.fixed("kept", "node-1"));
    scene.run(PodSketch.immediate("goes", "node-1"));
    scene.retire("kept");
    scene.end("goes");
    scene.create(PodSketch.fixed("waits", "node-1").with(Names.NOMINATED_IP, "10.99.0.1"));
    var machine = stage.vpc().layout().instances().getFirst();
    stage
        .kubelets()
        .addNode(new NodeSpec("node-nowhere", machine.zone(), "ins-unknown1", machine.type()));
    for (var seen :
        List.of(
            "ipamd_cloud_request_addresses_count{action=\"AssignPrivateIpAddresses\"}",
            "ipamd_cloud_request_addresses_count{action=\"UnassignPrivateIpAddresses\"}",
            "ipamd_claims_bound_total")) {
      scene.until("Prometheus has " + seen, () -> hasData(seen));
    }
    scene.run(PodSketch.immediate("again", "node-1"));
    scene.end("again");
  }

  @AfterAll
  static void close() throws Exception {
    if (stage == null) {
      return;
    }
    try (var _ = stage;
        var _ = prometheus) {
      assertThat(stage.kubelets().violations()).isEmpty();
    }
  }

  @Test
  void shouldShowDataInEachPanelOfTheDashboard() {
    assertThat(ShippedMonitoring.queries()).isNotEmpty();

    awaitData(ShippedMonitoring.queries().stream().map(Query::expression).toList());
  }

  @Test
  void shouldHaveEachRecordOfTheRules() {
    awaitData(
        ShippedMonitoring.rules().stream()
            .filter(Predicate.not(Rule::alert))
            .map(Rule::name)
            .toList());
  }

  @Test
  void shouldEvaluateEachAlert() {
    for (var rule : ShippedMonitoring.rules()) {
      // Prometheus refuses what it cannot evaluate, such as series that do not match one another.
      assertThat(prometheus.query(rule.expression())).as(rule.name()).isNotNull();
    }
    scene.until(
        "the Pod that waits is on its way to an alert",
        () ->
            prometheus
                    .query(
                        "ALERTS{alertname=\"IpamdPodsWait\",reason=\"NominatedIPOutsideSubnets\"}")
                    .size()
                == 1);
    assertThat(prometheus.query("ALERTS{severity=\"critical\"}")).isEmpty();
  }

  @Test
  void shouldCountRequestsAndAddressesAsTheCloudCountsThem() {
    for (var action : CHANGES) {
      scene.until(
          action + " is counted",
          () ->
              prometheus.value(
                      "sum(ipamd_cloud_request_duration_seconds_count{action=\"%s\"})"
                          .formatted(action))
                  == stage.vpc().record().callsOf(action).size());
    }
    for (var subnet : stage.vpc().layout().subnets()) {
      scene.until(
          subnet.id() + " has as many free addresses as the cloud says",
          () ->
              prometheus.value(
                      "ipamd_subnet_available_addresses{subnet=\"%s\"}".formatted(subnet.id()))
                  == stage.vpc().snapshot().subnet(subnet.id()).available());
    }
  }

  @Test
  void shouldServeMetricsThatPromtoolFindsNothingWrongWith() throws Exception {
    var tool =
        new ProcessBuilder(PrometheusPrograms.locate().promtool().toString(), "check", "metrics")
            .redirectErrorStream(true)
            .start();
    try (var page = tool.getOutputStream()) {
      page.write(textFormat());
    }
    var said = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    tool.waitFor();

    // The names of the framework's metrics are not ours to choose.
    assertThat(said.lines().filter(line -> line.startsWith("ipamd_"))).as(said).isEmpty();
    assertThat(said).doesNotContain("error while linting");
  }

  /** Whether a query has a number; the rate of nothing in a quotient gives none. */
  private static boolean hasData(String expression) {
    return prometheus.query(expression).asList().stream()
        .map(series -> series.getAsJsonObject().getAsJsonArray("value").get(1).getAsString())
        .anyMatch(Predicate.not("NaN"::equals));
  }

  /** The page in the one format that promtool reads. */
  private static byte[] textFormat() throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var page = "http://127.0.0.1:%d/q/metrics".formatted(operator.managementPort());
      var request =
          HttpRequest.newBuilder(URI.create(page))
              .header("Accept", "text/plain;version=0.0.4")
              .build();
      return http.send(request, HttpResponse.BodyHandlers.ofByteArray()).body();
    }
  }

  private static void awaitData(List<String> expressions) {
    var empty = new ArrayList<>(expressions);
    try {
      scene.until(
          "each query has data",
          () -> {
            empty.removeIf(PrometheusIT::hasData);
            return empty.isEmpty();
          });
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError("no data: " + empty, e);
    }
  }
}
