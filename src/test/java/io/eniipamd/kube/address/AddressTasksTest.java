package io.eniipamd.kube.address;

import static io.eniipamd.kube.address.OneAddress.CLAIM;
import static io.eniipamd.kube.address.OneAddress.FOREIGN;
import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.EniOperations.Done;
import io.eniipamd.cloud.FakeVpcCloud.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class AddressTasksTest {
  private final OneAddress one = new OneAddress();

  @Test
  void shouldHinderNothingOnEnisOfOurs() {
    var vip = one.record(spec -> spec, status -> status);

    assertThat(one.tasks.hindrance(vip, null, one.eni, one.otherEni)).isEmpty();
    assertThat(one.requests).isEmpty();
  }

  @Test
  void shouldAskTheCloudOnceWhoseAnUnknownEniIs() {
    var vip = one.record(spec -> spec.eniId(FOREIGN), status -> status);
    int looks = looks();

    assertThat(one.tasks.hindrance(vip, FOREIGN)).isPresent();
    assertThat(one.tasks.hindrance(vip, FOREIGN)).isPresent();
    assertThat(one.tasks.hindrance(one.now(), FOREIGN)).isPresent();

    assertThat(looks() - looks).isEqualTo(1);
    assertThat(one.told).containsExactly("ForeignENI of VpcIP");
  }

  @Test
  void shouldTellTheHolderWhenTheCloudMayNotBeAsked() {
    one.cached(one.claim(CLAIM.uid(), VpcIPClaimStatusBuilder.builder().build()));
    var vip = one.record(spec -> spec.eniId(FOREIGN), status -> status);
    one.cloud.fail(CloudAction.DESCRIBE_NETWORK_INTERFACES, Fault.DENIED);

    var asking = one.tasks.askWhose(vip, FOREIGN);
    var denied = one.tasks.askWhose(vip, FOREIGN);

    assertThat(asking.getScheduleDelay()).isEmpty();
    assertThat(denied.getScheduleDelay()).isPresent();
    assertThat(one.told)
        .containsExactlyInAnyOrder("AccessDenied of VpcIP", "AccessDenied of VpcIPClaim");
  }

  @Test
  void shouldNotHearOfTheTaskOfAnEarlierPhase() {
    // given
    var done = new ArrayList<String>();
    drive(one.record(spec -> spec, status -> status.since("2026-01-01T00:00:00Z")), "first", done);

    // when
    var later = one.record(spec -> spec, status -> status.since("2026-01-01T00:01:00Z"));
    drive(later, "second", done);
    drive(later, "third", done);

    // then
    assertThat(done).containsExactly("second");
  }

  private void drive(VpcIP vip, String requestId, List<String> done) {
    var unused =
        one.tasks.drive(
            vip,
            "work",
            _ -> CompletableFuture.completedStage(new Done(requestId)),
            result -> done.add(result.requestId()),
            failed -> one.outcomes.refused(vip, failed));
  }

  private int looks() {
    return one.cloud.calls(CloudAction.DESCRIBE_NETWORK_INTERFACES).size();
  }
}
