package io.eniipamd.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheus.PrometheusConfig;
import io.micrometer.prometheus.PrometheusMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

@SuppressWarnings("deprecation") // The registry that Quarkus brings.
class IpamMetricsTest {
  private static final Path DOCS = Path.of("docs", "metrics.md");

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final IpamMetrics metrics = new IpamMetrics(registry);
  private final SubnetMetrics subnets = new SubnetMetrics(registry);
  private final ClusterMetrics cluster = new ClusterMetrics(registry);
  private final WorkMetrics work = new WorkMetrics(registry);

  @Test
  void shouldShowTheUseOfEachSubnetWhenTold() {
    subnets.show(List.of(subnet("subnet-a", 253), subnet("subnet-b", 125)));

    assertThat(scrape())
        .contains(
            "ipamd_subnet_addresses{subnet=\"subnet-a\",zone=\"z1\"} 253.0",
            "ipamd_subnet_addresses{subnet=\"subnet-b\",zone=\"z1\"} 125.0",
            "ipamd_subnet_available_addresses{subnet=\"subnet-a\",zone=\"z1\"} 200.0",
            "ipamd_subnet_used_addresses{by=\"pod\",subnet=\"subnet-a\",zone=\"z1\"} 5.0",
            "ipamd_subnet_used_addresses{by=\"eni\",subnet=\"subnet-a\",zone=\"z1\"} 4.0",
            "ipamd_subnet_used_addresses{by=\"retained\",subnet=\"subnet-a\",zone=\"z1\"} 3.0",
            "ipamd_subnet_used_addresses{by=\"warm\",subnet=\"subnet-a\",zone=\"z1\"} 2.0",
            "ipamd_subnet_used_addresses{by=\"releasing\",subnet=\"subnet-a\",zone=\"z1\"} 1.0");
  }

  @Test
  void shouldShowTheQuotaOfASubnetUntilItIsGone() {
    subnets.show(List.of(subnet("subnet-a", 253)));
    assertThat(scrape())
        .contains(
            "ipamd_subnet_quota_addresses{subnet=\"subnet-a\",zone=\"z1\"} 60.0",
            "ipamd_subnet_quota_used_ratio{subnet=\"subnet-a\",zone=\"z1\"} 0.25");

    subnets.show(
        List.of(new SubnetUse("subnet-a", "z1", 253, 200, 5, 4, 3, 2, 1, Optional.empty())));

    assertThat(scrape())
        .contains("ipamd_subnet_addresses{subnet=\"subnet-a\"")
        .doesNotContain("ipamd_subnet_quota_addresses{", "ipamd_subnet_quota_used_ratio{");
  }

  @Test
  void shouldShowAQuotaOfNoneAsUsedUp() {
    subnets.show(
        List.of(new SubnetUse("subnet-a", "z1", 253, 200, 0, 0, 0, 0, 0, Optional.of(0L))));

    assertThat(scrape())
        .contains("ipamd_subnet_quota_used_ratio{subnet=\"subnet-a\",zone=\"z1\"} 1.0");
  }

  @Test
  void shouldShowNewNumbersWhenToldAgain() {
    subnets.show(List.of(subnet("subnet-a", 253)));

    subnets.show(List.of(subnet("subnet-a", 61)));

    assertThat(scrape()).contains("ipamd_subnet_addresses{subnet=\"subnet-a\",zone=\"z1\"} 61.0");
  }

  @Test
  void shouldForgetTheSeriesOfASubnetWhenItIsGone() {
    subnets.show(List.of(subnet("subnet-a", 253), subnet("subnet-b", 125)));

    subnets.show(List.of(subnet("subnet-b", 125)));

    assertThat(scrape()).contains("subnet-b").doesNotContain("subnet-a");
  }

  @Test
  void shouldCountClaimsWhenBoundAndReleased() {
    metrics.claimBound(Duration.ofMillis(700));
    metrics.claimBound(Duration.ofSeconds(3));
    metrics.claimReleased("Expired");

    assertThat(scrape())
        .contains(
            "ipamd_claims_bound_total 2.0",
            "ipamd_claims_released_total{reason=\"Expired\"} 1.0",
            "ipamd_pod_set_ip_latency_seconds_bucket{le=\"1.0\"} 1",
            "ipamd_pod_set_ip_latency_seconds_bucket{le=\"+Inf\"} 2",
            "ipamd_pod_set_ip_latency_seconds_count 2");
  }

  @Test
  void shouldShowTheFixedIpsWhosePodsAreAwayWhenAsked() {
    metrics.fixedIps(new Away(7, 2, 1, false, true));

    assertThat(scrape())
        .contains(
            "ipamd_retained_claims 7.0",
            "ipamd_retained_claims_overdue 2.0",
            "ipamd_retained_addresses_taken 1.0",
            "ipamd_releases_paused{by=\"user\"} 0.0",
            "ipamd_releases_paused{by=\"avalanche\"} 1.0");
  }

  @Test
  void shouldShowTheStraysWhenAsked() {
    metrics.strays(() -> 3);

    assertThat(scrape()).contains("ipamd_stray_addresses 3.0");
  }

  @Test
  void shouldShowWhoLeadsWhenAsked() {
    var leading = new AtomicBoolean();
    metrics.leading(leading::get);
    assertThat(scrape()).contains("ipamd_leading 0.0");

    leading.set(true);

    assertThat(scrape()).contains("ipamd_leading 1.0");
  }

  private record Away(int retained, int overdue, int taken, boolean paused, boolean avalanche)
      implements IpamMetrics.FixedIps {}

  @Test
  void shouldShowWhetherTheCloudAnswersWhenItGoesAndComesBack() {
    metrics.cloudAnswers("vpc", true);
    metrics.cloudAnswers("cvm", true);

    metrics.cloudAnswers("vpc", false);

    assertThat(scrape())
        .contains(
            "ipamd_cloud_up{family=\"vpc\"} 0.0",
            "ipamd_cloud_up{family=\"cvm\"} 1.0",
            "ipamd_cloud_outages_total{family=\"vpc\"} 1.0",
            "ipamd_cloud_outages_total{family=\"cvm\"} 0.0");
  }

  @Test
  void shouldDocumentEveryMetricWhenScraped() throws IOException {
    tellEverything();

    assertThat(documented()).containsExactlyEntriesOf(registered());
  }

  @Test
  void shouldKeepToTheNamingRulesWhenScraped() {
    tellEverything();

    registered()
        .forEach(
            (name, type) -> {
              assertThat(name).matches("ipamd_[a-z_]+");
              assertThat(name.endsWith("_total")).as(name).isEqualTo(type.equals("counter"));
              assertThat(name).doesNotContain("_count", "milliseconds");
            });
  }

  @Test
  void shouldShowWhenTheCloudWasLookedAtWhenALookHasSucceeded() {
    assertThat(scrape()).doesNotContain("ipamd_cloud_look_last_success_timestamp_seconds{");

    work.looked("subnets");

    assertThat(scrape())
        .contains("ipamd_cloud_look_last_success_timestamp_seconds{look=\"subnets\"}");
  }

  @Test
  void shouldShowSweepsWhenTheyWereDone() {
    work.sweep(OptionalInt::empty);
    assertThat(scrape()).doesNotContain("ipamd_sweep");

    work.sweep(() -> OptionalInt.of(3));
    work.sweep(() -> OptionalInt.of(0));

    assertThat(scrape())
        .contains(
            "ipamd_sweep_claims_count 2",
            "ipamd_sweep_claims_sum 3.0",
            "ipamd_sweep_duration_seconds_count 2");
  }

  @Test
  void shouldShowHowLateFixedIpsWereReleasedWhenTold() {
    work.expired(Duration.ofSeconds(45));

    assertThat(scrape())
        .contains(
            "ipamd_expiry_delay_seconds_bucket{le=\"30.0\"} 0",
            "ipamd_expiry_delay_seconds_bucket{le=\"60.0\"} 1");
  }

  @Test
  void shouldShowTheObjectsOfTheClusterWhenTold() {
    cluster.show(counts("z1"));

    assertThat(scrape())
        .contains(
            "ipamd_claims{delete_policy=\"Never\",phase=\"Bound\"} 7.0",
            "ipamd_pods_waiting{reason=\"SubnetFull\"} 2.0",
            "ipamd_nodes_without_eni{reason=\"ENILimit\"} 1.0",
            "ipamd_slots_offered{zone=\"z1\"} 40.0",
            "ipamd_slots_used{zone=\"z1\"} 9.0",
            "ipamd_retained_claims_by_age{age=\"1d\"} 4.0",
            "ipamd_retained_claims_by_due{due=\"7d\"} 3.0");
  }

  @Test
  void shouldForgetTheSeriesOfAZoneWhenItsLastNodeIsGone() {
    cluster.show(counts("z1"));

    cluster.show(counts("z2"));

    assertThat(scrape())
        .contains("ipamd_slots_offered{zone=\"z2\"} 40.0", "ipamd_slots_used{zone=\"z2\"} 9.0")
        .doesNotContain("z1");
  }

  @Test
  void shouldShowNoObjectsOfTheClusterWhenItDoesNotLead() {
    cluster.show(counts("z1"));

    cluster.show(ClusterCounts.NONE);

    assertThat(scrape()).doesNotContain("phase=", "reason=", "zone=", "age=", "due=");
  }

  private void tellEverything() {
    cluster.show(counts("z1"));
    work.looked("subnets");
    work.sweep(() -> OptionalInt.of(1));
    work.expired(Duration.ofSeconds(1));
    metrics.leading(() -> true);
    metrics.inventory("stray_address", () -> 1);
    metrics.inventoryLooked(Instant.EPOCH);
    metrics.webhookAnswered("zone");
    metrics.webhookCertificateUntil(Instant.EPOCH);
    metrics.strays(() -> 3);
    metrics.fixedIps(new Away(7, 2, 1, false, true));
    subnets.show(List.of(subnet("subnet-a", 253)));
    metrics.claimBound(Duration.ofSeconds(1));
    metrics.claimReleased("Manual");
    metrics.cloudRequest("DescribeSubnets", "success", Duration.ofMillis(20));
    metrics.cloudRequestWaited("DescribeSubnets", Duration.ofMillis(20));
    metrics.cloudRequestCarried("AssignPrivateIpAddresses", 3);
    metrics.cloudRowUnreadable("DescribeSubnets");
    metrics.cloudRateLimit("vpc", 25);
    metrics.cloudAnswers("vpc", true);
  }

  private static ClusterCounts counts(String zone) {
    return new ClusterCounts(
        Map.of(new ClusterCounts.ClaimState("Bound", "Never"), 7L),
        Map.of("SubnetFull", 2L),
        Map.of("ENILimit", 1L),
        Map.of(zone, new ClusterCounts.Slots(40, 9)),
        Map.of("1d", 4L),
        Map.of("7d", 3L));
  }

  /** Without the comma that one of the two writers of the format leaves at the end of labels. */
  private String scrape() {
    return registry.scrape().replace(",}", "}");
  }

  private Map<String, String> registered() {
    Map<String, String> types = new TreeMap<>();
    Pattern.compile("^# TYPE (\\S+) (\\S+)$", Pattern.MULTILINE)
        .matcher(registry.scrape())
        .results()
        .forEach(found -> types.put(found.group(1), found.group(2)));
    // The greatest value of a while, which every timer brings along.
    types.keySet().removeIf(name -> name.endsWith("_max"));
    return types;
  }

  private static Map<String, String> documented() throws IOException {
    Map<String, String> types = new TreeMap<>();
    Pattern.compile("^\\| `(ipamd_[a-z_]+)` \\| (\\w+) \\|", Pattern.MULTILINE)
        .matcher(Files.readString(DOCS))
        .results()
        .forEach(found -> types.put(found.group(1), found.group(2)));
    return types;
  }

  private static SubnetUse subnet(String id, long total) {
    return new SubnetUse(id, "z1", total, 200, 5, 4, 3, 2, 1, Optional.of(60L));
  }
}
