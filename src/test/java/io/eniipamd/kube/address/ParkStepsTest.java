package io.eniipamd.kube.address;

import static io.eniipamd.kube.address.OneAddress.CLAIM;
import static io.eniipamd.kube.address.OneAddress.FOREIGN;
import static io.eniipamd.kube.address.OneAddress.IP;
import static io.eniipamd.kube.address.OneAddress.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.cloud.CloudException.Kind;
import org.junit.jupiter.api.Test;

class ParkStepsTest {
  private final OneAddress one = new OneAddress();

  @Test
  void shouldTakeAKeptAddressFromItsEni() {
    claim(ClaimPhase.RETAINED, null);
    confirmedOn(one.eni);

    pass();
    pass();

    assertThat(one.asked).containsExactly("unassign from " + one.eni);
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.HELD);
    assertThat(one.status().eniId()).isNull();
  }

  @Test
  void shouldLeaveTheAddressWhereItIsWhenAPodHasComeBackMeanwhile() {
    claim(ClaimPhase.BOUND, one.eni);
    confirmedOn(one.eni);

    pass();
    pass();

    assertThat(one.asked).isEmpty();
    assertThat(one.status().eniId()).isEqualTo(one.eni);
  }

  @Test
  void shouldComeBackWhenTheCloudRefuses() {
    claim(ClaimPhase.RETAINED, null);
    confirmedOn(one.eni);
    one.refusals.add(refusal(Kind.THROTTLED));

    pass();
    var control = one.parking.park(one.now());

    assertThat(control.getScheduleDelay()).isPresent();
    assertThat(one.status().error()).contains("so it was ordered");
    assertThat(one.status().phase()).isEqualTo(VpcIPPhase.ASSIGNED);
  }

  @Test
  void shouldTakeNothingFromTheEniOfAnotherCluster() {
    claim(ClaimPhase.RETAINED, null);
    confirmedOn(FOREIGN);

    for (int i = 0; i < 3; i++) {
      pass();
    }

    assertThat(one.asked).isEmpty();
    assertThat(one.told).containsExactly("ForeignENI of VpcIP");
  }

  @Test
  void shouldHaveNothingToDoWhenTheAddressIsOnNoEni() {
    one.record(spec -> spec.eniId(null), status -> status.phase(VpcIPPhase.HELD));

    pass();

    assertThat(one.asked).isEmpty();
    assertThat(one.requests).isEmpty();
  }

  private void confirmedOn(String eniId) {
    one.record(spec -> spec.eniId(null), status -> status.phase(VpcIPPhase.ASSIGNED).eniId(eniId));
  }

  private void claim(ClaimPhase phase, String eniId) {
    one.claim(
        CLAIM.uid(),
        VpcIPClaimStatusBuilder.builder().phase(phase).address(IP.toString()).eniId(eniId).build());
  }

  private void pass() {
    var unused = one.parking.park(one.now());
  }
}
