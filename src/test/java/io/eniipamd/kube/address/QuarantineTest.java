package io.eniipamd.kube.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPPhase;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class QuarantineTest {
  private static final Duration LASTS = Duration.ofSeconds(30);

  private final AtomicLong nanos = new AtomicLong();
  private final Quarantine quarantine =
      new Quarantine(PlainAddresses.quarantine(LASTS), nanos::get);
  private final OneAddress one = new OneAddress();

  @Test
  void shouldCountFromTheFirstSightWhateverTheRecordSays() {
    var vip = since("1999-01-01T00:00:00Z");

    assertThat(quarantine.left(vip)).isEqualTo(LASTS);
    pass(Duration.ofSeconds(10));
    assertThat(quarantine.left(vip)).isEqualTo(Duration.ofSeconds(20));
    pass(Duration.ofSeconds(20));
    assertThat(quarantine.left(vip)).isZero();
  }

  @Test
  void shouldBeginAnewWhenTheAddressWasReleasedAnotherTime() {
    assertThat(quarantine.left(since("2026-01-01T00:00:00Z"))).isEqualTo(LASTS);
    pass(Duration.ofSeconds(29));

    assertThat(quarantine.left(since("2026-01-01T00:05:00Z"))).isEqualTo(LASTS);
  }

  @Test
  void shouldForgetARecordThatIsGone() {
    var vip = since("2026-01-01T00:00:00Z");
    assertThat(quarantine.left(vip)).isEqualTo(LASTS);
    pass(Duration.ofSeconds(29));

    quarantine.forget(vip.getMetadata().getUid());

    assertThat(quarantine.left(vip)).isEqualTo(LASTS);
  }

  private VpcIP since(String since) {
    return one.record(
        spec -> spec.eniId(null), status -> status.phase(VpcIPPhase.QUARANTINED).since(since));
  }

  private void pass(Duration time) {
    nanos.addAndGet(time.toNanos());
  }
}
