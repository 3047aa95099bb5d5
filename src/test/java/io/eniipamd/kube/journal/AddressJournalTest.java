package io.eniipamd.kube.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.ClaimRef;
import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimStatus;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPSpec;
import io.eniipamd.api.v1.VpcIPSpecBuilder;
import io.eniipamd.api.v1.VpcIPStatus;
import io.eniipamd.api.v1.VpcIPStatusBuilder;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.domain.condition.AddressConditions;
import io.eniipamd.domain.condition.AddressReason;
import io.eniipamd.domain.condition.ConditionType;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.kube.support.Conditions;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is told of addresses, by what was written of them. */
class AddressJournalTest {
  private static final ClaimRef CLAIM = new ClaimRef("shop", "web-0", "claim-uid");

  private final List<String> lines = new ArrayList<>();
  private final AddressJournal journal = new AddressJournal(line -> lines.add(line.text()));

  @Test
  void shouldTellWhoGetsTheAddressAndWhereWhenItsRecordIsMade() {
    journal.created(vip(forClaim().build(), VpcIPStatus.EMPTY));

    assertThat(lines)
        .containsExactly(
            "allocated address=10.0.3.7 subnet=subnet-1 claim=shop/web-0 node=node-1 eni=eni-1"
                + " reason=Claim by=pod");
  }

  @Test
  void shouldTellThatAnAddressIsKeptReadyAndThenWhoGetsIt() {
    var warm = vip(forClaim().claimRef(null).warm(true).build(), VpcIPStatus.EMPTY);

    journal.created(warm);
    journal.changed(warm, vip(forClaim().build(), VpcIPStatus.EMPTY));

    assertThat(lines)
        .containsExactly(
            "allocated address=10.0.3.7 subnet=subnet-1 node=node-1 eni=eni-1 reason=Warm"
                + " by=operator",
            "allocated address=10.0.3.7 subnet=subnet-1 claim=shop/web-0 node=node-1 eni=eni-1"
                + " reason=FromWarm by=pod");
  }

  @Test
  void shouldTellOfTheEnisOwnAddressAndOfOneThatWasFound() {
    journal.created(vip(forEni(), VpcIPStatus.EMPTY));
    journal.created(vip(forClaim().claimRef(null).build(), VpcIPStatus.EMPTY));

    assertThat(lines)
        .containsExactly(
            "allocated address=10.0.3.7 subnet=subnet-1 node=node-1 reason=NodeENI by=operator",
            "allocated address=10.0.3.7 subnet=subnet-1 node=node-1 eni=eni-1 reason=Found"
                + " by=operator");
  }

  @Test
  void shouldTellTheRequestWhenTheCloudHasAssignedIt() {
    var coming = vip(forClaim().build(), attaching());

    journal.changed(
        coming, vip(forClaim().build(), on("eni-1", s -> s.requestId("req-1")).build()));

    assertThat(lines)
        .containsExactly(
            "assigned address=10.0.3.7 subnet=subnet-1 claim=shop/web-0 node=node-1 eni=eni-1"
                + " request=req-1");
  }

  @Test
  void shouldLeaveARequestOfBeforeOutWhenThereWasNone() {
    var held =
        vip(
            forClaim().build(),
            VpcIPStatusBuilder.builder().phase(VpcIPPhase.HELD).requestId("req-1").build());

    journal.changed(held, vip(forClaim().build(), on("eni-1", s -> s.requestId("req-1")).build()));

    assertThat(lines).singleElement().asString().startsWith("assigned ").doesNotContain("request=");
  }

  @Test
  void shouldTellEachPlaceWhenTheAddressMoves() {
    var first = vip(forClaim().build(), on("eni-1").build());
    var second = vip(forClaim().eniId("eni-2").nodeName("node-2").build(), on("eni-1").build());
    var there = vip(second.getSpec(), on("eni-2").build());
    var nowhere = vip(forClaim().eniId(null).nodeName(null).build(), on("eni-2").build());

    journal.changed(first, second);
    journal.changed(second, there);
    journal.changed(there, nowhere);
    journal.changed(
        nowhere,
        vip(nowhere.getSpec(), VpcIPStatusBuilder.builder().phase(VpcIPPhase.HELD).build()));

    assertThat(lines)
        .containsExactly(
            "moved address=10.0.3.7 subnet=subnet-1 claim=shop/web-0 node=node-2 eni=eni-2"
                + " from=eni-1",
            "assigned address=10.0.3.7 subnet=subnet-1 claim=shop/web-0 node=node-2 eni=eni-2",
            "displaced address=10.0.3.7 subnet=subnet-1 claim=shop/web-0 eni=eni-2 from=eni-2",
            "held address=10.0.3.7 subnet=subnet-1 claim=shop/web-0");
  }

  @Test
  void shouldTellTheInstancesWhenTheEniOfAPodsOwnMoves() {
    var spec = forClaim().eniId(null).direct(true).instanceId("ins-1").build();
    var status = on("eni-9", s -> s.instanceId("ins-1"));
    var there = vip(spec, status.build());
    var next = VpcIPSpecBuilder.builder(spec).instanceId("ins-2").nodeName("node-2").build();

    journal.changed(there, vip(next, status.build()));
    journal.changed(vip(next, status.build()), vip(next, status.instanceId("ins-2").build()));

    assertThat(lines)
        .containsExactly(
            "moved address=10.0.3.7 subnet=subnet-1 claim=shop/web-0 node=node-2 eni=eni-9"
                + " instance=ins-2 from=ins-1",
            "assigned address=10.0.3.7 subnet=subnet-1 claim=shop/web-0 node=node-2 eni=eni-9"
                + " instance=ins-2");
  }

  @ParameterizedTest
  @CsvSource({
    "EXPIRED, Expired, expiry",
    "MANUAL, Manual, user",
    "CASCADE, Cascade, owner",
    "SCALED_DOWN, ScaledDown, owner",
    "POD_ENDED, PodEnded, pod",
    "SURPLUS, Surplus, operator",
    "STRAY, Stray, operator",
  })
  void shouldTellWhyAndByWhomWhenItIsReleased(ReleaseReason reason, String word, String by) {
    var releasing =
        vip(
            forClaim().build(),
            VpcIPStatusBuilder.builder(on("eni-1").build())
                .phase(VpcIPPhase.RELEASING)
                .releaseReason(reason)
                .build());

    journal.changed(vip(forClaim().build(), on("eni-1").build()), releasing);

    assertThat(lines)
        .containsExactly(
            "released address=10.0.3.7 subnet=subnet-1 claim=shop/web-0 node=node-1 eni=eni-1"
                + " reason=%s by=%s".formatted(word, by));
  }

  @Test
  void shouldTellOfTheQuarantineAndOfItsEnd() {
    var releasing =
        vip(forClaim().build(), VpcIPStatusBuilder.builder().phase(VpcIPPhase.RELEASING).build());
    var quarantined =
        vip(
            forClaim().build(),
            VpcIPStatusBuilder.builder().phase(VpcIPPhase.QUARANTINED).requestId("req-2").build());

    journal.changed(releasing, quarantined);
    journal.gone(quarantined);

    assertThat(lines)
        .containsExactly(
            "quarantined address=10.0.3.7 subnet=subnet-1 claim=shop/web-0 node=node-1 eni=eni-1"
                + " request=req-2",
            "free address=10.0.3.7 subnet=subnet-1 claim=shop/web-0 node=node-1 eni=eni-1");
  }

  @Test
  void shouldTellThatTheCloudReservesItAndThatItDoesNoMore() {
    var held = VpcIPStatusBuilder.builder().phase(VpcIPPhase.HELD);
    var spec = forClaim().eniId(null).nodeName(null).build();
    var plain = vip(spec, held.build());
    var reserved =
        vip(
            spec,
            held.conditions(
                    condition(AddressConditions.RESERVED, Condition.TRUE, AddressReason.RESERVED))
                .build());

    journal.changed(plain, reserved);
    journal.changed(reserved, plain);

    assertThat(lines)
        .containsExactly(
            "reserved address=10.0.3.7 subnet=subnet-1 claim=shop/web-0",
            "unreserved address=10.0.3.7 subnet=subnet-1 claim=shop/web-0");
  }

  @ParameterizedTest
  @EnumSource(
      value = AddressConditions.class,
      names = {"ATTACHED", "RESERVED"})
  void shouldTellThatAnotherUserHasItOnce(AddressConditions said) {
    var held = VpcIPStatusBuilder.builder().phase(VpcIPPhase.HELD);
    var plain = vip(forClaim().build(), held.build());
    var taken =
        vip(
            forClaim().build(),
            held.conditions(condition(said, Condition.FALSE, AddressReason.TAKEN_BY_STRANGER))
                .build());

    journal.changed(plain, taken);
    journal.changed(taken, taken);

    assertThat(lines)
        .containsExactly(
            "taken address=10.0.3.7 subnet=subnet-1 claim=shop/web-0 node=node-1 eni=eni-1"
                + " by=another-user");
  }

  @Test
  void shouldTellThatAnAddressHasLeftItsEni() {
    var lost =
        VpcIPStatusBuilder.builder()
            .phase(VpcIPPhase.ATTACHING)
            .conditions(
                condition(
                    AddressConditions.ATTACHED, Condition.FALSE, AddressReason.ADDRESS_MISSING))
            .build();

    journal.changed(vip(forClaim().build(), on("eni-1").build()), vip(forClaim().build(), lost));

    assertThat(lines)
        .containsExactly(
            "missing address=10.0.3.7 subnet=subnet-1 claim=shop/web-0 node=node-1 eni=eni-1"
                + " from=eni-1 by=another-user");
  }

  @Test
  void shouldTellWhichPodHasItAndThatItIsKeptWithoutOne() {
    var bound = claim(ClaimPhase.BOUND, s -> s.podUID("pod-1").nodeName("node-1").eniId("eni-1"));
    var next = claim(ClaimPhase.BOUND, s -> s.podUID("pod-2").nodeName("node-1").eniId("eni-1"));
    var kept =
        claim(
            ClaimPhase.RETAINED,
            s -> s.podUID("pod-2").eniId("eni-1").expiresAt("2026-03-01T10:00:00Z"));

    journal.changed(VpcIPClaimStatus.EMPTY, bound);
    journal.changed(bound.getStatus(), bound);
    journal.changed(bound.getStatus(), next);
    journal.changed(next.getStatus(), kept);
    journal.changed(kept.getStatus(), kept);

    assertThat(lines)
        .containsExactly(
            "bound address=10.0.3.7 subnet=subnet-1 claim=shop/web-0 podUID=pod-1 node=node-1"
                + " eni=eni-1 by=pod",
            "bound address=10.0.3.7 subnet=subnet-1 claim=shop/web-0 podUID=pod-2 node=node-1"
                + " eni=eni-1 by=pod",
            "retained address=10.0.3.7 subnet=subnet-1 claim=shop/web-0 podUID=pod-2 eni=eni-1"
                + " by=pod until=2026-03-01T10:00:00Z");
  }

  @Test
  void shouldSayNothingWhenNothingBecomesOfTheAddress() {
    var there = vip(forClaim().build(), on("eni-1").build());

    journal.changed(
        there, vip(forClaim().build(), on("eni-1", s -> s.since("2026-03-01T10:00:00Z")).build()));
    journal.changed(VpcIPClaimStatus.EMPTY, claim(ClaimPhase.PENDING, s -> s));

    assertThat(lines).isEmpty();
  }

  private static VpcIP vip(VpcIPSpec spec, VpcIPStatus status) {
    var vip = new VpcIP();
    vip.setMetadata(new ObjectMetaBuilder().withName("10.0.3.7").build());
    vip.setSpec(spec);
    vip.setStatus(status);
    return vip;
  }

  private static VpcIPSpecBuilder forClaim() {
    return VpcIPSpecBuilder.builder()
        .type(VpcIPType.POD)
        .claimRef(CLAIM)
        .subnetId("subnet-1")
        .eniId("eni-1")
        .nodeName("node-1");
  }

  private static VpcIPSpec forEni() {
    return VpcIPSpecBuilder.builder()
        .type(VpcIPType.ENI)
        .subnetId("subnet-1")
        .nodeName("node-1")
        .build();
  }

  private static VpcIPStatus attaching() {
    return VpcIPStatusBuilder.builder().phase(VpcIPPhase.ATTACHING).build();
  }

  private static VpcIPStatusBuilder on(String eniId) {
    return on(eniId, s -> s);
  }

  private static VpcIPStatusBuilder on(String eniId, UnaryOperator<VpcIPStatusBuilder> more) {
    return more.apply(VpcIPStatusBuilder.builder().phase(VpcIPPhase.ASSIGNED).eniId(eniId));
  }

  private static List<Condition> condition(ConditionType type, String status, Reason reason) {
    return Conditions.with(List.of(), type, status, reason, "", 1L, Instant.EPOCH);
  }

  private static VpcIPClaim claim(ClaimPhase phase, UnaryOperator<VpcIPClaimStatusBuilder> more) {
    var claim = new VpcIPClaim();
    claim.setMetadata(new ObjectMetaBuilder().withNamespace("shop").withName("web-0").build());
    claim.setStatus(
        more.apply(
                VpcIPClaimStatusBuilder.builder()
                    .phase(phase)
                    .address("10.0.3.7")
                    .subnetId("subnet-1"))
            .build());
    return claim;
  }
}
