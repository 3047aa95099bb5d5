package io.eniipamd.kube.address;

import static io.eniipamd.kube.address.OneAddress.CLAIM;
import static io.eniipamd.kube.address.OneAddress.FOREIGN;
import static io.eniipamd.kube.address.OneAddress.IP;
import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPType;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class UnassignStepsTest {
  private final OneAddress one = new OneAddress();

  @Test
  void shouldTakeTheAddressFromEachEniThatItMayBeOn() {
    one.record(
        spec -> spec.eniId(one.otherEni),
        status -> status.phase(VpcIPPhase.RELEASING).eniId(one.eni));

    pass();
    pass();

    assertThat(one.asked)
        .containsExactly("unassign from " + one.eni, "unassign from " + one.otherEni);
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.QUARANTINED);
    assertThat(one.status().eniId()).isNull();
  }

  @Test
  void shouldLeaveTheAddressWhereItIsWhenAClaimIsBoundToIt() {
    one.claim(
        CLAIM.uid(),
        VpcIPClaimStatusBuilder.builder().phase(ClaimPhase.BOUND).address(IP.toString()).build());
    one.record(spec -> spec, status -> status.phase(VpcIPPhase.RELEASING).eniId(one.eni));

    pass();
    pass();

    assertThat(one.asked).isEmpty();
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.RELEASING);
  }

  @Test
  void shouldAskNothingOfTheCloudWhenTheAddressGoesWithItsEni() {
    one.record(
        spec -> spec.type(VpcIPType.ENI).claimRef(null),
        status -> status.phase(VpcIPPhase.RELEASING).eniId(one.eni));

    pass();

    assertThat(one.asked).isEmpty();
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.QUARANTINED);
  }

  @Test
  void shouldDropTheRecordAndLeaveTheAddressWhenTheEniIsAnotherClusters() {
    one.record(
        spec -> spec.eniId(FOREIGN), status -> status.phase(VpcIPPhase.RELEASING).eniId(FOREIGN));

    for (int i = 0; i < 3; i++) {
      pass();
    }

    assertThat(one.asked).isEmpty();
    assertThat(one.book.isForeign(IP)).isTrue();
    assertThat(one.told).contains("ForeignENI of VpcIP");
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.QUARANTINED);
  }

  @Test
  void shouldDropTheRecordWhenTheQuarantineIsOver() {
    one.record(spec -> spec.eniId(null), status -> status.phase(VpcIPPhase.QUARANTINED));

    var waits = one.unassigning.await(one.now());
    one.nanos.addAndGet(Duration.ofSeconds(30).toNanos());
    boolean before = one.isThere();
    var over = one.unassigning.await(one.now());

    assertThat(waits.getScheduleDelay()).contains(30_001L);
    assertThat(before).isTrue();
    assertThat(over.getScheduleDelay()).isEmpty();
    assertThat(one.isThere()).isFalse();
  }

  private void pass() {
    var unused = one.unassigning.unassign(one.now());
  }
}
