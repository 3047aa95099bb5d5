package io.eniipamd.kube.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.ClaimRef;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.NodeENIConfigStatus;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPStatusBuilder;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.EniFacts;
import io.eniipamd.domain.node.InstanceFacts;
import io.eniipamd.domain.node.NodeFacts;
import io.eniipamd.domain.node.RouteLimits;
import io.eniipamd.domain.node.SubnetFacts;
import io.eniipamd.domain.node.WantedRoom;
import io.eniipamd.kube.address.FullPlaces;
import io.eniipamd.kube.address.VpcIpStore;
import io.eniipamd.kube.journal.Journals;
import io.eniipamd.kube.support.SharedCache;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WarmStepsTest {
  private final NodeBench bench = new NodeBench();
  private final SharedCache<VpcIP> vips = new SharedCache<>(VpcIP.class);
  private final FullPlaces full = new FullPlaces(System::nanoTime);
  private final WarmSteps steps = bench.parts.warm(vips, bench.own(), full);
  private final VpcIpStore records =
      new VpcIpStore(bench.client, bench.book, Journals.none(), bench.clock);

  WarmStepsTest() {
    attached(eni("eni-a", 2));
  }

  private void attached(String... enis) {
    bench.nec.setStatus(
        Serialization.unmarshal(
            "{\"eniInfos\": [%s]}".formatted(String.join(",", enis)), NodeENIConfigStatus.class));
  }

  private static String eni(String id, int last) {
    return """
        {"eniId": "%s", "mac": "20:90:6f:00:00:0%d", "primaryIP": "10.0.0.%d",
          "subnetId": "%s", "subnetCIDR": "10.0.0.0/24", "gateway": "10.0.0.1", "slots": 4,
          "phase": "Attached"}"""
        .formatted(id, last, last, NodeBench.SUBNET);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void shouldRecordWhatIsMissingOnTheEniAndAskNothingOfTheCloud() {
    targets("2", "3");

    steps.perform(bench.nec, facts(List.of()));

    assertThat(warm())
        .hasSize(2)
        .allSatisfy(
            vip -> {
              assertThat(vip.getSpec().eniId()).isEqualTo("eni-a");
              assertThat(vip.getSpec().nodeName()).isEqualTo(NodeBench.NODE);
              assertThat(vip.getSpec().claimRef()).isNull();
              assertThat(vip.getMetadata().getFinalizers()).containsExactly(Names.IP_FINALIZER);
            });
    assertThat(bench.writes).hasSize(2);
    assertThat(bench.operations.asked).isEmpty();
  }

  @Test
  void shouldRecordNoMoreThanTheEniHasRoomFor() {
    targets("9", "9");

    steps.perform(bench.nec, facts(List.of()));
    steps.perform(bench.nec, facts(List.of()));

    assertThat(warm()).hasSize(4);
  }

  @Test
  void shouldRecordNoMoreThanTheEniHasRoomForWhenPodsComeMeanwhile() {
    attached(eni("eni-a", 2), eni("eni-b", 3));
    targets("8", "8");
    bench.besideCreation =
        () -> {
          for (int i = 0; i < 3; i++) {
            records.take(
                Ip.parse("10.0.0.20" + i),
                new ClaimRef("shop", "web-" + i, "uid-" + i),
                NodeBench.SUBNET,
                "eni-b",
                NodeBench.NODE);
          }
        };

    steps.perform(bench.nec, facts(List.of()));

    assertThat(bench.book.warmOn("eni-a")).hasSize(4);
    assertThat(bench.book.warmOn("eni-b")).hasSize(1);
    assertThat(bench.book.used("eni-b")).isEqualTo(4);
  }

  @Test
  void shouldRecordNoneWhenPodsWaitForTheRoom() {
    targets("2", "3");

    steps.perform(bench.nec, facts(List.of(Set.of(), Set.of(), Set.of(), Set.of())));

    assertThat(warm()).isEmpty();
  }

  @Test
  void shouldRecordNoneWhenTheEniWasFullAMomentAgo() {
    targets("2", "3");
    full.note("eni-a");

    steps.perform(bench.nec, facts(List.of()));

    assertThat(warm()).isEmpty();
  }

  @Test
  void shouldRecordNoneWhenTheTargetsAreNotSet() {
    steps.perform(bench.nec, facts(List.of()));

    assertThat(bench.writes).isEmpty();
  }

  @Test
  void shouldTellOfAPairThatIsNotValidAndFollowTheFlags() {
    targets("3", "2");

    steps.perform(bench.nec, facts(List.of()));

    assertThat(warm()).isEmpty();
    assertThat(bench.events)
        .containsExactly(
            "WarmTargetInvalid: tke.cloud.tencent.com/route-eni-ip-min-warm-target=3: must be at"
                + " most tke.cloud.tencent.com/route-eni-ip-max-warm-target=2; the flags of the"
                + " operator (0 and 0) count");
  }

  @Test
  void shouldReleaseWhatIsTooMuchAndTheNextBatchLater() {
    targets("4", "4");
    steps.perform(bench.nec, facts(List.of()));
    warm().forEach(this::confirm);
    targets("0", "1");
    bench.clock.advance(WarmSteps.NEXT_FILL);

    steps.perform(bench.nec, facts(List.of()));
    assertThat(phases())
        .containsEntry(VpcIPPhase.RELEASING, 3L)
        .containsEntry(VpcIPPhase.AVAILABLE, 1L);

    targets("0", "0");
    steps.perform(bench.nec, facts(List.of()));
    assertThat(phases()).containsEntry(VpcIPPhase.AVAILABLE, 1L);
    assertThat(bench.parts.memory().untilWarm(bench.nec.getMetadata().getUid()))
        .hasValueSatisfying(
            left -> assertThat(left).isBetween(Duration.ofSeconds(1), WarmSteps.NEXT_SURPLUS));
  }

  @Test
  void shouldReleaseThoseOnAnEniThatTheRecordDoesNotList() {
    targets("1", "4");
    steps.perform(bench.nec, facts(List.of()));
    records.takeWarm(Ip.parse("10.0.0.99"), NodeBench.SUBNET, "eni-before", NodeBench.NODE);

    steps.perform(bench.nec, facts(List.of()));

    assertThat(bench.book.onEni("eni-before"))
        .singleElement()
        .satisfies(vip -> assertThat(vip.statusOrEmpty().phase()).isEqualTo(VpcIPPhase.RELEASING));
    assertThat(warm()).hasSize(1);
  }

  @Test
  void shouldReleaseNoneWhenTheNodeMayComeBackAndAllWhenItLeaves() {
    targets("4", "4");
    steps.perform(bench.nec, facts(List.of()));
    warm().forEach(this::confirm);

    steps.perform(bench.nec, facts(Optional.empty(), List.of()));
    assertThat(phases()).containsOnly(Map.entry(VpcIPPhase.AVAILABLE, 4L));

    steps.releaseAll(bench.nec);
    assertThat(phases()).containsOnly(Map.entry(VpcIPPhase.RELEASING, 4L));
  }

  @Test
  void shouldReleaseAllWhenTheNodeRunsOnAnotherInstance() {
    targets("4", "4");
    steps.perform(bench.nec, facts(List.of()));

    steps.perform(bench.nec, facts(node("ins-0000000f"), List.of()));

    assertThat(phases()).containsOnly(Map.entry(VpcIPPhase.RELEASING, 4L));
  }

  private void targets(String min, String max) {
    bench
        .nec
        .getMetadata()
        .setAnnotations(Map.of(Names.WARM_TARGET_MIN, min, Names.WARM_TARGET_MAX, max));
  }

  private void confirm(VpcIP vip) {
    records.status(
        vip, VpcIPStatusBuilder.builder().phase(VpcIPPhase.AVAILABLE).eniId("eni-a").build());
  }

  private List<VpcIP> warm() {
    return bench.book.warmOn("eni-a");
  }

  private Map<VpcIPPhase, Long> phases() {
    var phases = new HashMap<VpcIPPhase, Long>();
    bench
        .book
        .onEni("eni-a")
        .forEach(vip -> phases.merge(vip.statusOrEmpty().phase(), 1L, Long::sum));
    return phases;
  }

  private static EniFacts facts(Collection<Set<String>> waiting) {
    return facts(node(NodeBench.INSTANCE), waiting);
  }

  private static Optional<NodeFacts> node(String instance) {
    return Optional.of(
        new NodeFacts(
            NodeBench.NODE,
            "qcloud:///800002/" + instance,
            Optional.of("zone-1"),
            Optional.empty(),
            false,
            Optional.empty()));
  }

  private static EniFacts facts(Optional<NodeFacts> node, Collection<Set<String>> waiting) {
    return new EniFacts(
        NodeBench.NODE,
        node,
        new InstanceFacts(
            Optional.of(NodeBench.INSTANCE),
            Optional.of("zone-1"),
            Optional.of("zone-1"),
            true,
            Optional.of(new RouteLimits(1, 4)),
            true,
            Optional.empty(),
            0),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        new SubnetFacts(List.of(), Set.of(), Optional.empty()),
        new WantedRoom(0, waiting));
  }
}
