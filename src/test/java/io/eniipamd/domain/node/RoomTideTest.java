package io.eniipamd.domain.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoomTideTest {
  private static final Instant START = Instant.parse("2026-11-30T10:00:00Z");
  private static final int LOOK_SECONDS = 5;
  private static final int NODES = 100;

  /** A node's record and the Node itself. */
  private static final int WRITES = 2;

  @ParameterizedTest(name = "{0}: {1} after {2} s")
  @CsvSource({
    "true, true, 25",
    "true, false, 30",
    "false, false, 0",
    "false, true, 5",
  })
  void shouldTurnWhenTheLooksSayOtherwiseForAWhile(boolean first, boolean open, int seconds) {
    var tide = RoomTide.first(first);
    for (int s = 0; s <= seconds; s += LOOK_SECONDS) {
      tide = tide.next(!first, START.plusSeconds(s));
    }

    assertThat(tide.open()).isEqualTo(open);
  }

  @Test
  void shouldStartAgainWhenALookInBetweenSaysTheSame() {
    var tide =
        RoomTide.first(true)
            .next(false, START)
            .next(false, START.plusSeconds(25))
            .next(true, START.plusSeconds(30))
            .next(false, START.plusSeconds(35))
            .next(false, START.plusSeconds(60));

    assertThat(tide.open()).isTrue();
    assertThat(tide.next(false, START.plusSeconds(65)).open()).isFalse();
  }

  @Test
  void shouldNotCloseSoonAfterItHasOpened() {
    var opened = RoomTide.first(false).next(true, START).next(true, START.plusSeconds(5));
    assertThat(opened.open()).isTrue();

    var empty = opened.next(false, START.plusSeconds(10));
    assertThat(empty.next(false, START.plusSeconds(304)).open()).isTrue();
    assertThat(empty.next(false, START.plusSeconds(305)).open()).isFalse();
  }

  @Test
  void shouldStayOpenWhenAnAddressComesNowAndThen() {
    assertThat(writesInAnHour(look -> look % 4 == 0)).isZero();
  }

  @Test
  void shouldCostAHundredNodesFewWritesAnHourWhateverTheSubnetDoes() {
    // The worst: it has room just as long as it needs to open, and none until it has closed.
    int period = (int) RoomTide.STAYS_OPEN.plus(RoomTide.CLOSES_AFTER).toSeconds() / LOOK_SECONDS;
    int mostAnHour = (int) (Duration.ofHours(1).dividedBy(RoomTide.STAYS_OPEN) * 2 + 2);

    assertThat(writesInAnHour(look -> look % period < 2))
        .isBetween(2 * NODES * WRITES, mostAnHour * NODES * WRITES);
    for (int seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      double full = random.nextDouble();
      assertThat(writesInAnHour(_ -> random.nextDouble() > full))
          .isLessThanOrEqualTo(mostAnHour * NODES * WRITES);
    }
  }

  private static int writesInAnHour(IntPredicate room) {
    var tide = RoomTide.first(true);
    int turns = 0;
    for (int look = 0; look < Duration.ofHours(1).toSeconds() / LOOK_SECONDS; look++) {
      var next = tide.next(room.test(look), START.plusSeconds((long) look * LOOK_SECONDS));
      turns += next.open() == tide.open() ? 0 : 1;
      tide = next;
    }
    return turns * NODES * WRITES;
  }
}
