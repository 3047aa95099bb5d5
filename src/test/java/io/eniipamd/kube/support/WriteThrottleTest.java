package io.eniipamd.kube.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Comparator;
import java.util.PriorityQueue;
import org.junit.jupiter.api.Test;

class WriteThrottleTest {
  private static final int PER_SECOND = 20;

  private long now = Long.MAX_VALUE - Duration.ofMinutes(1).toNanos();
  private final WriteThrottle throttle = new WriteThrottle(PER_SECOND, () -> now);

  private record Visit(String who, long at) {}

  @Test
  void shouldTakeTwoPassesForEachAtMostWhenTenThousandAreEnqueuedAtOnce() {
    int claims = 10_000;
    var visits = new PriorityQueue<Visit>(Comparator.comparingLong(v -> v.at() - now));
    long begin = now;
    for (int i = 0; i < claims; i++) {
      visits.add(new Visit("uid-" + i, begin));
    }
    int passes = 0;
    int turns = 0;

    while (!visits.isEmpty()) {
      var visit = visits.poll();
      now = visit.at();
      passes++;
      var wait = throttle.untilTurnOf(visit.who());
      if (wait.isPresent()) {
        visits.add(new Visit(visit.who(), now + wait.get().toNanos()));
      } else {
        turns++;
      }
    }

    assertThat(turns).isEqualTo(claims);
    assertThat(passes).isLessThanOrEqualTo(2 * claims);
    assertThat(Duration.ofNanos(now - begin))
        .isBetween(Duration.ofSeconds(498), Duration.ofSeconds(500));
  }

  @Test
  void shouldKeepItsPlaceWhenItIsEnqueuedBeforeItsTurn() {
    for (int i = 0; i < 2 * PER_SECOND; i++) {
      throttle.untilTurnOf("uid-" + i);
    }
    var first = throttle.untilTurnOf("me");

    var second = throttle.untilTurnOf("me");

    assertThat(first).isPresent();
    assertThat(second).isEqualTo(first);
  }
}
