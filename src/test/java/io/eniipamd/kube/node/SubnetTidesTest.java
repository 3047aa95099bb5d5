package io.eniipamd.kube.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.domain.node.RoomTide;
import io.eniipamd.kube.address.SubnetCounts.Holder;
import io.eniipamd.testing.time.SteppedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubnetTidesTest {
  private static final String SUBNET = "subnet-a";
  private static final Duration LOOK = Duration.ofSeconds(5);

  private final SteppedClock clock = SteppedClock.at(Instant.parse("2026-11-30T10:00:00Z"));
  private final Map<Holder, Long> held = new EnumMap<>(Holder.class);
  private long free = 5;
  private final SubnetTides tides =
      new SubnetTides(SUBNET::equals, _ -> free, _ -> Map.copyOf(held), clock);

  @ParameterizedTest(name = "an address of {0} of a subnet that is full: Pods {1}, ENIs {2}")
  @CsvSource({
    "RETAINED, true, false",
    "WARM, true, false",
    "POD, false, false",
    "ENI, false, false",
    "RELEASING, false, false"
  })
  void shouldCountAddressesThatAPodCanHaveThoughNoneIsFree(
      Holder holder, boolean pods, boolean enis) {
    assertThat(tides.takesPods(SUBNET) && tides.takesEnis(SUBNET)).isTrue();

    free = 0;
    held.put(holder, 1L);
    look(RoomTide.CLOSES_AFTER);

    assertThat(tides.takesPods(SUBNET)).isEqualTo(pods);
    assertThat(tides.takesEnis(SUBNET)).isEqualTo(enis);
  }

  @Test
  void shouldTakePodsAndNoEniWhereTheSubnetHasOneAddress() {
    free = 1;

    assertThat(tides.takesPods(SUBNET)).isTrue();
    assertThat(tides.takesEnis(SUBNET)).isFalse();
  }

  @Test
  void shouldTakePodsButNoEniOfASubnetThatTheCloudHasNotShown() {
    free = 0;

    assertThat(tides.takesPods("subnet-other")).isTrue();
    assertThat(tides.takesEnis("subnet-other")).isFalse();
  }

  @Test
  void shouldHaveNodesLookedAtTwiceInFiveMinutesHoweverAddressesComeAndGo() {
    var turns = new AtomicInteger();
    tides.onTurn(turns::incrementAndGet);
    assertThat(tides.takesPods(SUBNET)).isTrue();
    var random = new Random(1);
    var hours = Duration.ofHours(2);

    // Phases of half a minute and more, the worst for it.
    for (var at = Duration.ZERO; at.compareTo(hours) < 0; ) {
      free = free == 0 ? 5 : 0;
      var phase = LOOK.multipliedBy(random.nextInt(1, 10));
      look(phase);
      at = at.plus(phase);
    }

    long spans = hours.dividedBy(RoomTide.STAYS_OPEN);
    assertThat(turns.get()).isPositive().isLessThanOrEqualTo(2 * Math.toIntExact(spans) + 2);
  }

  private void look(Duration time) {
    for (var at = Duration.ZERO; at.compareTo(time) <= 0; at = at.plus(LOOK)) {
      tides.look();
      clock.advance(LOOK);
    }
  }
}
