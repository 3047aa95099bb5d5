package io.eniipamd.domain.claim;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.PodZones.Expression;
import io.eniipamd.domain.claim.PodZones.Operator;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.domain.node.ZoneLabel;
import io.eniipamd.domain.node.ZoneLabels;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class GateStepTest {
  private static final String ZONE = "topology.kubernetes.io/zone";
  private static final String CSI = "topology.com.tencent.cloud.csi.cbs/zone";
  private static final ZoneLabel LABEL = new ZoneLabel(ZONE, "160001");
  private static final Optional<Destination> THERE =
      Optional.of(
          new Destination(
              Optional.of(Ip.parse("10.0.1.7")),
              "subnet-a",
              "ap-3",
              Optional.of(new ZoneLabels(LABEL, Map.of(ZONE, "160001", CSI, "ap-3")))));
  private static final GateStep OPEN = new GateStep.Open(Optional.empty());
  private static final GateStep TO_THE_ZONE = new GateStep.Open(Optional.of(LABEL));

  @Test
  void shouldTellTheZoneWhenTheClaimHasAnAddress() {
    assertThat(GateStep.decide(fixed(), PodZones.ANY, GateStep.Claim.CLEAR, THERE))
        .isEqualTo(TO_THE_ZONE);
  }

  @Test
  void shouldWaitForTheClaimWhenThePodIsServed() {
    assertThat(GateStep.decide(fixed(), PodZones.ANY, GateStep.Claim.ABSENT, Optional.empty()))
        .isEqualTo(new GateStep.AwaitClaim());
  }

  @Test
  void shouldWaitForTheSubnetsWhenTheCloudHasNotDescribedThem() {
    assertThat(GateStep.decide(fixed(), PodZones.ANY, GateStep.Claim.UNCLEAR, Optional.empty()))
        .isEqualTo(new GateStep.AwaitSubnets());
  }

  @Test
  void shouldOpenWithoutAZoneWhenTheAddressCanBeOfAny() {
    assertThat(GateStep.decide(fixed(), PodZones.ANY, GateStep.Claim.CLEAR, Optional.empty()))
        .isEqualTo(OPEN);
  }

  @Test
  void shouldOpenAtOnceWhenThePodIsNotServed() {
    var notOurs = new PodRequest.NotOurs(Optional.empty());
    var fatal =
        new PodRequest.Requested(
            false,
            true,
            Optional.empty(),
            List.of(),
            Optional.empty(),
            List.of(new ValidationError(ClaimReason.NETWORK_MODE_CONFLICT, "no", true)));

    assertThat(GateStep.decide(notOurs, PodZones.ANY, GateStep.Claim.ABSENT, Optional.empty()))
        .isEqualTo(OPEN);
    assertThat(GateStep.decide(fatal, PodZones.ANY, GateStep.Claim.ABSENT, Optional.empty()))
        .isEqualTo(OPEN);
  }

  static Stream<Arguments> zones() {
    return Stream.of(
        Arguments.of("the same by the selector", selector(ZONE, "160001"), TO_THE_ZONE),
        Arguments.of("the same by another label", selector(CSI, "ap-3"), TO_THE_ZONE),
        Arguments.of("another by the selector", selector(ZONE, "160002"), OPEN),
        Arguments.of("another by another label", selector(CSI, "ap-4"), OPEN),
        Arguments.of(
            "one of several",
            term(new Expression(ZONE, Operator.IN, Set.of("160001", "1"))),
            TO_THE_ZONE),
        Arguments.of(
            "none of these", term(new Expression(ZONE, Operator.IN, Set.of("1", "2"))), OPEN),
        Arguments.of(
            "not this", term(new Expression(ZONE, Operator.NOT_IN, Set.of("160001"))), OPEN),
        Arguments.of(
            "not another", term(new Expression(ZONE, Operator.NOT_IN, Set.of("1"))), TO_THE_ZONE),
        Arguments.of(
            "any with a zone", term(new Expression(ZONE, Operator.EXISTS, Set.of())), TO_THE_ZONE),
        Arguments.of(
            "only without a zone",
            term(new Expression(CSI, Operator.DOES_NOT_EXIST, Set.of())),
            OPEN),
        Arguments.of(
            "a number that is compared",
            term(new Expression(ZONE, Operator.OTHER, Set.of("1"))),
            TO_THE_ZONE),
        Arguments.of(
            "a label that the zone's nodes do not share",
            term(new Expression("example.org/zone", Operator.IN, Set.of("x"))),
            TO_THE_ZONE),
        Arguments.of(
            "another one, or this",
            new PodZones(
                Map.of(),
                List.of(
                    List.of(new Expression(ZONE, Operator.IN, Set.of("160002"))),
                    List.of(new Expression(CSI, Operator.IN, Set.of("ap-3"))))),
            TO_THE_ZONE),
        Arguments.of(
            "this one and not this one",
            term(
                new Expression(ZONE, Operator.IN, Set.of("160001")),
                new Expression(CSI, Operator.NOT_IN, Set.of("ap-3"))),
            OPEN));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("zones")
  void shouldLeaveTheSelectorAloneWhenThePodExcludesTheZone(
      String sentence, PodZones zones, GateStep step) {
    assertThat(GateStep.decide(fixed(), zones, GateStep.Claim.CLEAR, THERE)).isEqualTo(step);
  }

  private static PodZones selector(String key, String value) {
    return new PodZones(Map.of(key, value), List.of());
  }

  private static PodZones term(Expression... all) {
    return new PodZones(Map.of(), List.of(List.of(all)));
  }

  private static PodRequest fixed() {
    return new PodRequest.Requested(
        false, true, Optional.empty(), List.of(), Optional.empty(), List.of());
  }
}
