package io.eniipamd.kube.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.VpcIP;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RequeueTest {

  @Test
  void shouldComeBackLaterTheFartherAwayIsWhatIsMissing() {
    assertThat(millis(Requeue.again())).isPositive().isLessThan(millis(Requeue.soon()));
    assertThat(millis(Requeue.soon())).isLessThan(millis(Requeue.later()));
  }

  @Test
  void shouldNotComeBackBeforeThePauseHasPassed() {
    assertThat(millis(Requeue.after(Duration.ZERO))).isEqualTo(1);
    assertThat(millis(Requeue.after(Duration.ofNanos(999_999)))).isEqualTo(1);
    assertThat(millis(Requeue.after(Duration.ofNanos(1_500_000)))).isEqualTo(2);
  }

  @Test
  void shouldComeBackAtOnceWhenThePauseHasPassedAlready() {
    assertThat(millis(Requeue.after(Duration.ofMillis(-300)))).isEqualTo(1);
  }

  @Test
  void shouldWriteNothing() {
    UpdateControl<VpcIP> control = Requeue.again();

    assertThat(control.isNoUpdate()).isTrue();
  }

  private static long millis(UpdateControl<VpcIP> control) {
    return control.getScheduleDelay().orElseThrow();
  }
}
