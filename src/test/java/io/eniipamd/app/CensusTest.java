package io.eniipamd.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.EniInfoBuilder;
import io.eniipamd.api.v1.EniPhase;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.NodeENIConfigSpecBuilder;
import io.eniipamd.api.v1.NodeENIConfigStatusBuilder;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimSpecBuilder;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.metrics.ClusterCounts;
import io.eniipamd.metrics.ClusterCounts.ClaimState;
import io.eniipamd.metrics.ClusterCounts.Slots;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CensusTest {
  private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

  // Of what the status says is in force, in the words of ISO 8601.
  private final Census census =
      new Census(
          claim ->
              Optional.ofNullable(claim.statusOrEmpty().claimExpiredDuration())
                  .map(Duration::parse)
                  .map(Instant.parse(claim.statusOrEmpty().retainedSince())::plus),
          eni -> eni.equals("eni-a") ? 3 : 1,
          NOW);

  @Test
  void shouldCountClaimsByPhaseAndPolicyWhenThereAreSome() {
    census.claim(claim(ClaimPhase.BOUND, DeletePolicy.NEVER, ready("True", "Bound")));
    census.claim(claim(ClaimPhase.BOUND, DeletePolicy.NEVER, ready("True", "Bound")));
    census.claim(claim(ClaimPhase.UNKNOWN, DeletePolicy.NEVER));

    assertThat(above0(census.counts().claims()))
        .isEqualTo(
            Map.of(new ClaimState("Bound", "Never"), 2L, new ClaimState("Unknown", "Never"), 1L));
    assertThat(census.counts().claims())
        .containsEntry(new ClaimState("Releasing", "Immediate"), 0L)
        .hasSize(9);
    assertThat(above0(census.counts().podsWaiting())).isEmpty();
  }

  @Test
  void shouldCountAClaimByWhatItAsksForWhenNothingIsInForceYet() {
    var claim = new VpcIPClaim();
    census.claim(claim);
    claim.setSpec(VpcIPClaimSpecBuilder.builder().deletePolicy(DeletePolicy.NEVER).build());
    census.claim(claim);

    assertThat(above0(census.counts().claims()))
        .isEqualTo(
            Map.of(
                new ClaimState("Pending", "Immediate"), 1L,
                new ClaimState("Pending", "Never"), 1L));
  }

  @Test
  void shouldCountPodsByWhatTheyWaitForWhenTheirClaimsSaySo() {
    census.claim(claim(ClaimPhase.PENDING, null, ready("False", "AwaitingENI")));
    census.claim(claim(ClaimPhase.PENDING, null, ready("False", "SubnetFull")));
    census.claim(claim(ClaimPhase.PENDING, null, ready("False", "SubnetFull")));
    census.claim(claim(ClaimPhase.PENDING, null, ready("False", "OfAnotherVersion")));
    census.claim(claim(ClaimPhase.PENDING, null));
    census.claim(retained(Duration.ofDays(1), null));

    var waiting = census.counts().podsWaiting();
    assertThat(above0(waiting))
        .isEqualTo(Map.of("AwaitingENI", 1L, "SubnetFull", 2L, "Unknown", 1L));
    assertThat(waiting).containsEntry("NoRoomOnNode", 0L).doesNotContainKeys("Bound", "Retained");
  }

  @Test
  void shouldCountNodesByWhyTheyHaveNoEniWhenTheirRecordsSaySo() {
    census.node(node("z1", 10, List.of(eni("eni-a")), ready("True", "ENIAttached")));
    census.node(node("z1", null, List.of(), ready("False", "NoSubnetInZone")));
    census.node(node("z1", null, List.of(), ready("False", "OfAnotherVersion")));
    census.node(node("z2", null, List.of()));

    var without = census.counts().nodesWithoutEni();
    assertThat(above0(without)).isEqualTo(Map.of("NoSubnetInZone", 1L, "Unknown", 1L, "None", 1L));
    assertThat(without).containsEntry("ENILimit", 0L).doesNotContainKey("ENIAttached");
  }

  @Test
  void shouldAddUpTheSlotsOfAZoneWhenItHasNodes() {
    census.node(node("z1", 10, List.of(eni("eni-a"), eni("eni-b"))));
    census.node(node("z1", 20, List.of(eni("eni-c"))));
    census.node(node("z2", null, List.of()));

    assertThat(census.counts().slots())
        .isEqualTo(Map.of("z1", new Slots(30, 5), "z2", new Slots(0, 0)));
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 1h",
    "PT1H, 1h",
    "PT1H1S, 1d",
    "P1D, 1d",
    "P2D, 7d",
    "P30D, 30d",
    "P31D, older",
    "-PT5S, 1h"
  })
  void shouldCountARetainedClaimByItsAgeWhenItsPodEndedThatLongAgo(Duration ago, String age) {
    census.claim(retained(ago, null));

    assertThat(above0(census.counts().retainedByAge())).isEqualTo(Map.of(age, 1L));
    assertThat(census.counts().retainedByAge()).hasSize(5);
    assertThat(above0(census.counts().retainedByDue())).isEqualTo(Map.of("never", 1L));
  }

  @ParameterizedTest
  @CsvSource({
    "PT24H, past",
    "PT12H, past",
    "PT24H1S, 1h",
    "PT25H, 1h",
    "PT25H1S, 1d",
    "PT48H, 1d",
    "P8D, 7d",
    "P9D, later"
  })
  void shouldCountARetainedClaimByItsReleaseWhenItsPodEndedADayAgo(String expiry, String due) {
    census.claim(retained(Duration.ofDays(1), expiry));

    assertThat(above0(census.counts().retainedByDue())).isEqualTo(Map.of(due, 1L));
    assertThat(census.counts().retainedByDue()).hasSize(6);
  }

  @Test
  void shouldCountNoAgeWhenAClaimIsBeingReleasedOrItsTimeIsUnreadable() {
    var deleted = retained(Duration.ofDays(1), null);
    deleted.getMetadata().setDeletionTimestamp(NOW.toString());
    census.claim(deleted);
    var unreadable = retained(Duration.ofDays(1), null);
    unreadable.setStatus(
        VpcIPClaimStatusBuilder.builder(unreadable.getStatus()).retainedSince("long").build());
    census.claim(unreadable);

    assertThat(above0(census.counts().retainedByAge())).isEmpty();
    assertThat(above0(census.counts().retainedByDue())).isEmpty();
    assertThat(census.counts().claims()).containsEntry(new ClaimState("Retained", "Never"), 2L);
  }

  @Test
  void shouldHaveAsManySeriesAsBeforeWhenThereAreTenThousandClaims() {
    int before = series(census.counts());

    IntStream.range(0, 10_000)
        .forEach(i -> census.claim(claim(ClaimPhase.BOUND, DeletePolicy.NEVER)));

    assertThat(series(census.counts())).isEqualTo(before);
  }

  private static int series(ClusterCounts counts) {
    return counts.claims().size()
        + counts.podsWaiting().size()
        + counts.nodesWithoutEni().size()
        + counts.retainedByAge().size()
        + counts.retainedByDue().size();
  }

  private static <K> Map<K, Long> above0(Map<K, Long> counts) {
    var some = new HashMap<>(counts);
    some.values().removeIf(count -> count == 0);
    return some;
  }

  private static Condition ready(String status, String reason) {
    return new Condition("Ready", status, reason, "", 1L, NOW.toString());
  }

  private static VpcIPClaim claim(ClaimPhase phase, DeletePolicy policy, Condition... conditions) {
    var claim = new VpcIPClaim();
    claim.setStatus(
        VpcIPClaimStatusBuilder.builder()
            .phase(phase)
            .deletePolicy(policy)
            .conditions(List.of(conditions))
            .build());
    return claim;
  }

  private static VpcIPClaim retained(Duration ago, String expiry) {
    var claim = claim(ClaimPhase.RETAINED, DeletePolicy.NEVER, ready("False", "Retained"));
    claim.setStatus(
        VpcIPClaimStatusBuilder.builder(claim.getStatus())
            .retainedSince(NOW.minus(ago).toString())
            .claimExpiredDuration(expiry)
            .build());
    return claim;
  }

  private static EniInfo eni(String id) {
    return EniInfoBuilder.builder().eniId(id).phase(EniPhase.ATTACHED).build();
  }

  private static NodeENIConfig node(
      String zone, Integer offered, List<EniInfo> enis, Condition... conditions) {
    var nec = new NodeENIConfig();
    nec.setSpec(NodeENIConfigSpecBuilder.builder().zone(zone).build());
    nec.setStatus(
        NodeENIConfigStatusBuilder.builder()
            .slotsOffered(offered)
            .eniInfos(enis)
            .conditions(List.of(conditions))
            .build());
    return nec;
  }
}
