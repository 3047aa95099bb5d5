package io.eniipamd.kube.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eniipamd.cloud.CloudException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LeadershipTest {
  private final AtomicLong now = new AtomicLong(Duration.ofHours(1).toNanos());
  private final Leadership leadership =
      new Leadership(new LeaseSettings(Duration.ofSeconds(15), Duration.ofSeconds(10)), now::get);

  @Test
  void shouldKeepTheFenceShutWhenTheStartIsDoneAndNothingWasRenewed() {
    leadership.elected();

    leadership.started();

    assertThat(leadership.leading()).isTrue();
    assertThatThrownBy(() -> leadership.check("assigning"))
        .isInstanceOf(CloudException.class)
        .hasMessageContaining("the lease was not renewed in time");
  }

  @Test
  void shouldKeepTheFenceShutForGoodWhenItStoppedDuringItsStart() {
    leadership.elected();
    leadership.stopped();

    leadership.started();
    leadership.renewed(Duration.ZERO);

    assertThat(leadership.over()).isTrue();
    assertThat(leadership.leading()).isFalse();
    assertThatThrownBy(() -> leadership.check("assigning")).isInstanceOf(CloudException.class);
  }

  @Test
  void shouldWaitForACallThatWasLetThroughUntilItHasItsAnswer() throws InterruptedException {
    leadership.started();
    leadership.renewed(Duration.ZERO);
    leadership.check("assigning");
    leadership.stopped();

    assertThat(leadership.awaitAnswers(Duration.ZERO)).isFalse();

    leadership.answered();

    assertThat(leadership.awaitAnswers(Duration.ZERO)).isTrue();
  }

  @Test
  void shouldWaitForNothingWhenTheCallWasRefused() throws InterruptedException {
    assertThatThrownBy(() -> leadership.check("assigning")).isInstanceOf(CloudException.class);

    assertThat(leadership.awaitAnswers(Duration.ZERO)).isTrue();
  }

  @Test
  void shouldWaitAsLongAsALeaseLastsWhenACallHasLostItsAnswer() throws InterruptedException {
    leadership.started();
    leadership.renewed(Duration.ZERO);
    leadership.check("assigning");
    leadership.lost();
    leadership.check("the next call of this thread");
    leadership.answered();

    assertThat(leadership.awaitAnswers(Duration.ZERO)).isFalse();

    pass(Duration.ofSeconds(16));

    assertThat(leadership.awaitAnswers(Duration.ZERO)).isTrue();
  }

  @Test
  void shouldOpenTheFenceWhenARenewalWasSentAMomentAgo() {
    leadership.started();

    leadership.renewed(Duration.ofSeconds(1));

    assertThat(leadership.fresh()).isTrue();
  }

  @Test
  void shouldCountFromTheMomentOfSendingWhenARenewalIsHeardOfLate() {
    leadership.started();

    leadership.renewed(Duration.ofSeconds(4));
    pass(Duration.ofSeconds(2));

    assertThat(leadership.fresh()).isFalse();
  }

  @Test
  void shouldKeepTheFenceShutWhenTheStartTookLongerThanTheLease() {
    leadership.elected();
    leadership.renewed(Duration.ZERO);
    pass(Duration.ofSeconds(6));

    leadership.started();

    assertThat(leadership.fresh()).isFalse();
  }

  @Test
  void shouldKeepTheFenceShutWhenAClockWasSetBackSinceTheRenewal() {
    leadership.started();

    leadership.renewed(Duration.ofHours(-2));

    assertThat(leadership.fresh()).isFalse();
  }

  @Test
  void shouldTellTheAgeOfTheRenewalWhenItLeads() {
    leadership.renewed(Duration.ofSeconds(1));
    assertThat(leadership.sinceRenewal()).isEmpty();
    leadership.started();

    pass(Duration.ofSeconds(8));

    assertThat(leadership.sinceRenewal()).contains(Duration.ofSeconds(9));
  }

  @Test
  void shouldTellHowLongItStartsWhenItIsElectedAndUntilItHasStarted() {
    assertThat(leadership.starting()).isEmpty();
    leadership.elected();
    pass(Duration.ofSeconds(7));
    assertThat(leadership.starting()).contains(Duration.ofSeconds(7));

    leadership.started();

    assertThat(leadership.starting()).isEmpty();
  }

  private void pass(Duration passed) {
    now.addAndGet(passed.toNanos());
  }
}
