package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import java.time.Duration;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the users who run the operator see of it: its probes, and numbers that are the cloud's own.
 */
class OperationIT {
  private static Stage stage;
  private static Scene scene;
  private static OperatorProcess operator;

  @BeforeAll
  static void open() {
    stage = StandingStage.get().stage();
    operator = StandingStage.get().operator();
    scene = Scene.open(stage, "operation");
  }

  @Test
  void shouldBeUpWhenItLeads() {
    for (var probe : new String[] {"live", "ready", "started"}) {
      await(probe)
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () ->
                  assertThat(operator.get("/q/health/" + probe).replaceAll("\\s", ""))
                      .startsWith("{\"status\":\"UP\""));
    }
  }

  @Test
  void shouldShowTheSubnetsAsTheCloudHasThemWhenPodsComeAndGo() {
    double bound = metric("ipamd_claims_bound_total", "");
    double latencies = metric("ipamd_pod_set_ip_latency_seconds_count", "");
    var kept = scene.run(PodSketch.fixed("kept", "node-1")).getStatus();
    scene.run(PodSketch.immediate("goes", "node-1"));
    scene.retire("kept");
    double released = metric("ipamd_claims_released_total", "reason=\"PodEnded\"");
    scene.end("goes");

    await("the gauges are the cloud's and the cluster's numbers")
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(
            () -> {
              for (var subnet : stage.vpc().layout().subnets()) {
                var label = "subnet=\"" + subnet.id() + "\"";
                var cloud = stage.vpc().snapshot().subnet(subnet.id());
                assertThat(metric("ipamd_subnet_addresses", label))
                    .isEqualTo((double) cloud.total());
                assertThat(metric("ipamd_subnet_available_addresses", label))
                    .isEqualTo((double) cloud.available());
                assertThat(metric("ipamd_subnet_used_addresses", label, "by=\"eni\""))
                    .isEqualTo(
                        (double)
                            stage.vips().stream()
                                .filter(v -> v.getSpec().type() == VpcIPType.ENI)
                                .filter(v -> v.getSpec().subnetId().equals(subnet.id()))
                                .filter(v -> v.statusOrEmpty().phase() == VpcIPPhase.ASSIGNED)
                                .count());
              }
              assertThat(
                      metric(
                          "ipamd_subnet_used_addresses",
                          "subnet=\"" + kept.subnetId() + "\"",
                          "by=\"retained\""))
                  .isGreaterThanOrEqualTo(1);
              assertThat(metric("ipamd_claims", "phase=\"Retained\"", "delete_policy=\"Never\""))
                  .isGreaterThanOrEqualTo(1);
              assertThat(metric("ipamd_retained_claims_by_age", "age=\"1h\""))
                  .isGreaterThanOrEqualTo(1);
              assertThat(metric("ipamd_retained_claims_by_due")).isGreaterThanOrEqualTo(1);
              assertThat(metric("ipamd_slots_used")).isGreaterThanOrEqualTo(1);
              assertThat(metric("ipamd_slots_offered")).isGreaterThanOrEqualTo(1);
            });
    assertThat(metric("ipamd_cloud_look_last_success_timestamp_seconds", "look=\"subnets\""))
        .isPositive();
    await("a sweep is counted")
        .atMost(Duration.ofMinutes(2))
        .until(() -> metric("ipamd_sweep_duration_seconds_count") >= 1);
    assertThat(operator.get("/q/metrics"))
        .contains("ipamd_claims_released_total{reason=\"Surplus\"", "ipamd_expiry_delay_seconds")
        .contains("ipamd_pods_waiting{reason=\"SubnetFull\"", "ipamd_nodes_without_eni{reason=");
    assertThat(metric("ipamd_claims_bound_total", "")).isGreaterThanOrEqualTo(bound + 2);
    assertThat(metric("ipamd_pod_set_ip_latency_seconds_count", ""))
        .isGreaterThanOrEqualTo(latencies + 2);
    await("the release is counted")
        .atMost(Duration.ofSeconds(60))
        .until(() -> metric("ipamd_claims_released_total", "reason=\"PodEnded\"") > released);
  }

  /** The value of the series with these labels; 0 where there is none. */
  private static double metric(String name, String... labels) {
    return operator
        .get("/q/metrics")
        .lines()
        .filter(line -> Pattern.matches(Pattern.quote(name) + "(\\{.*)? .*", line))
        .filter(
            line -> {
              for (var label : labels) {
                if (!line.contains(label)) {
                  return false;
                }
              }
              return true;
            })
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .mapToDouble(Double::parseDouble)
        .sum();
  }
}
