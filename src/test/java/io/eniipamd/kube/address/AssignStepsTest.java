package io.eniipamd.kube.address;

import static io.eniipamd.kube.address.OneAddress.CLAIM;
import static io.eniipamd.kube.address.OneAddress.FOREIGN;
import static io.eniipamd.kube.address.OneAddress.IP;
import static io.eniipamd.kube.address.OneAddress.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.NetworkInterface.AddressState;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.condition.AddressConditions;
import io.eniipamd.domain.condition.AddressReason;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.kube.support.Conditions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AssignStepsTest {
  private final OneAddress one = new OneAddress();

  @Test
  void shouldBringTheAddressToItsEniAndWriteThatItIsThere() {
    one.record(spec -> spec, status -> status);

    pass();
    pass();

    assertThat(one.asked).containsExactly("assign to " + one.eni + ", where it may be");
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.ASSIGNED);
    assertThat(one.status().eniId()).isEqualTo(one.eni);
    assertThat(one.status().requestId()).isEqualTo("request-1");
  }

  @Test
  void shouldWriteThatAWarmAddressIsAvailableWhenItIsThere() {
    one.record(spec -> spec.claimRef(null).warm(true), status -> status);

    pass();
    pass();

    assertThat(one.asked).hasSize(1);
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.AVAILABLE);
    assertThat(one.status().eniId()).isEqualTo(one.eni);
    assertThat(one.assigning.assign(one.now()).getScheduleDelay()).isEmpty();
    assertThat(one.asked).hasSize(1);
  }

  @Test
  void shouldWriteThatAWarmAddressIsAssignedWhenAClaimHasTakenIt() {
    one.record(spec -> spec, status -> status.phase(VpcIPPhase.AVAILABLE).eniId(one.eni));

    pass();

    assertThat(one.asked).isEmpty();
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.ASSIGNED);
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"QUOTA", "SUBNET_FULL"})
  void shouldGiveAWarmAddressUpThatFindsNoRoom(Kind kind) {
    one.record(spec -> spec.claimRef(null).warm(true), status -> status);
    one.refusals.add(refusal(kind));

    pass();
    pass();

    assertThat(one.isThere()).isFalse();
    assertThat(one.full).hasSize(1);
  }

  @Test
  void shouldKeepTheRecordOfAWarmAddressWhenTheCloudHasSaidNothingOfIt() {
    one.record(spec -> spec.claimRef(null).warm(true), status -> status);
    one.refusals.add(refusal(Kind.TRANSIENT));

    pass();
    pass();

    assertThat(one.isThere()).isTrue();
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.ATTACHING);
  }

  @Test
  void shouldAskNothingOfTheCloudWhenTheAddressIsThere() {
    one.record(spec -> spec, status -> status.phase(VpcIPPhase.ASSIGNED).eniId(one.eni));

    var control = one.assigning.assign(one.now());

    assertThat(control.getScheduleDelay()).isEmpty();
    assertThat(one.asked).isEmpty();
    assertThat(one.requests).isEmpty();
  }

  @Test
  void shouldMoveTheAddressWhenItIsOnAnotherEni() {
    one.record(spec -> spec.eniId(one.otherEni), status -> status.eniId(one.eni));

    pass();
    pass();

    assertThat(one.asked).containsExactly("migrate from " + one.eni + " to " + one.otherEni);
    assertThat(one.status().eniId()).isEqualTo(one.otherEni);
  }

  @Test
  void shouldAssignTheAddressWhenALookAgreesThatThereIsNothingToMove() {
    one.record(spec -> spec.eniId(one.otherEni), status -> status.eniId(one.eni));
    one.refusals.add(refusal(Kind.NOT_FOUND));

    pass();
    pass();

    assertThat(one.asked)
        .containsExactly(
            "migrate from " + one.eni + " to " + one.otherEni,
            "assign to " + one.otherEni + ", where it may be");
    assertThat(one.status().eniId()).isEqualTo(one.otherEni);
  }

  @Test
  void shouldSayThatTheAddressIsOnNoEniWhenItHasLeftOneAndDoesNotGetOntoTheOther() {
    one.record(
        spec -> spec.eniId(one.otherEni),
        status -> status.phase(VpcIPPhase.ASSIGNED).eniId(one.eni));
    one.refusals.add(refusal(Kind.NOT_FOUND));
    one.refusals.add(refusal(Kind.THROTTLED));

    pass();
    pass();

    assertThat(one.status().eniId()).isNull();
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.ATTACHING);
  }

  @Test
  void shouldAssignNothingWhenALookShowsTheAddressOnItsOldEni() {
    one.record(spec -> spec.eniId(one.otherEni), status -> status.eniId(one.eni));
    one.cloud.addAddress(one.eni, IP, AddressState.AVAILABLE);
    one.refusals.add(refusal(Kind.NOT_FOUND));

    pass();
    pass();

    assertThat(one.asked).hasSize(1);
    assertThat(one.status().eniId()).isEqualTo(one.eni);
    assertThat(reason()).contains(AddressReason.ENI_NOT_FOUND);
  }

  @Test
  void shouldDropTheRecordOfATakenAddressThatNoPodWasPromised() {
    one.record(spec -> spec, status -> status);
    one.cloud.addAddress(one.otherEni, IP, AddressState.AVAILABLE);
    one.refusals.add(refusal(Kind.ADDRESS_TAKEN));

    pass();
    pass();

    assertThat(one.asked).hasSize(1);
    assertThat(one.isThere()).isFalse();
    assertThat(one.book.isForeign(IP)).isTrue();
    assertThat(one.told).containsExactly("AddressTaken of VpcIP");
  }

  @Test
  void shouldKeepTheRecordOfATakenAddressThatAPodWasPromised() {
    promised();
    one.record(spec -> spec, status -> status);
    one.refusals.add(refusal(Kind.ADDRESS_TAKEN));

    pass();
    var control = one.assigning.assign(one.now());

    assertThat(one.isThere()).isTrue();
    assertThat(one.status().error()).contains("so it was ordered");
    assertThat(control.getScheduleDelay()).isPresent();
  }

  @Test
  void shouldMoveAPromisedAddressWhenItIsTakenByAnotherEniOfOurs() {
    promised();
    one.record(spec -> spec.eniId(one.otherEni), status -> status);
    one.cloud.addAddress(one.eni, IP, AddressState.AVAILABLE);
    one.refusals.add(refusal(Kind.ADDRESS_TAKEN));

    pass();
    pass();

    assertThat(one.asked).contains("migrate from " + one.eni + " to " + one.otherEni);
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.ASSIGNED);
  }

  @Test
  void shouldTellWhereTheCloudHasNoRoom() {
    one.record(spec -> spec, status -> status);
    one.refusals.add(refusal(Kind.QUOTA));
    one.refusals.add(refusal(Kind.SUBNET_FULL));

    for (int i = 0; i < 4; i++) {
      pass();
    }

    assertThat(one.full).containsExactly(one.eni, "subnet-a");
  }

  @Test
  void shouldReleaseOneWarmAddressWhenTheEniHasNoRoomForThatOfAPod() {
    var warm = List.of(Ip.parse("10.0.0.20"), Ip.parse("10.0.0.21"));
    warm.forEach(one::warm);
    one.record(spec -> spec, status -> status);
    one.refusals.add(refusal(Kind.QUOTA));
    one.refusals.add(refusal(Kind.QUOTA));

    for (int i = 0; i < 4; i++) {
      pass();
    }

    assertThat(one.full).hasSize(2);
    // The second refusal finds the first one on its way out still.
    assertThat(warm)
        .extracting(ip -> one.book.get(ip).orElseThrow().statusOrEmpty().phase())
        .containsExactlyInAnyOrder(VpcIPPhase.RELEASING, VpcIPPhase.AVAILABLE);
  }

  @Test
  void shouldReleaseNoWarmAddressWhenAnotherWarmOneFindsNoRoom() {
    one.warm(Ip.parse("10.0.0.20"));
    one.record(spec -> spec.claimRef(null).warm(true), status -> status);
    one.refusals.add(refusal(Kind.QUOTA));

    pass();
    pass();

    assertThat(one.book.warmOn(one.eni)).hasSize(1);
  }

  @Test
  void shouldWaitForAnotherPlaceWhenTheEniOfAPromisedAddressIsGone() {
    promised();
    one.record(spec -> spec, status -> status);
    one.cloud.removeEni(one.eni);
    var unused = one.own.look(one.eni);

    pass();

    assertThat(one.asked).isEmpty();
    assertThat(reason()).contains(AddressReason.ENI_NOT_FOUND);
  }

  @Test
  void shouldGiveTheRecordUpWhenTheEniIsGoneAndNoPodWasPromisedTheAddress() {
    one.record(spec -> spec, status -> status);
    one.refusals.add(refusal(Kind.NOT_FOUND).withMissing(one.eni));

    pass();
    pass();

    assertThat(one.isThere()).isFalse();
    assertThat(one.told).containsExactly("ENINotFound of VpcIP");
  }

  @Test
  void shouldChangeNothingOnTheEniOfAnotherCluster() {
    one.record(spec -> spec.eniId(FOREIGN), status -> status);

    for (int i = 0; i < 3; i++) {
      pass();
    }

    assertThat(one.asked).isEmpty();
    assertThat(one.told).containsExactly("ForeignENI of VpcIP");
    assertThat(reason()).contains(AddressReason.FOREIGN_ENI);
  }

  private void pass() {
    VpcIP vip = one.now();
    var unused = one.assigning.assign(vip);
  }

  private void promised() {
    one.cached(
        one.claim(
            CLAIM.uid(),
            VpcIPClaimStatusBuilder.builder()
                .phase(ClaimPhase.PENDING)
                .address(IP.toString())
                .build()));
  }

  private Optional<Reason> reason() {
    return Conditions.reason(one.status().conditions(), AddressConditions.ATTACHED);
  }
}
