package io.eniipamd.property.day;

import static org.awaitility.Awaitility.await;

import io.eniipamd.testing.Stage;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A day of a cluster in some minutes, on a real control plane with the real operator: up to thirty
 * nodes in two zones come and go, fixed and floating workloads with them, quotas and subnets run
 * out, machines vanish, and the operator is killed. No two living Pods have one address at any
 * moment; at the end nothing is leaked, no fixed IP is lost, and the cloud holds what the records
 * say.
 *
 * <p>It is no part of the gate: {@code ./mvnw -Pday} plays it, {@code -Dday.minutes=N} in another
 * time. A run prints its seed, and {@code -Dday.seed=…} draws the same deeds.
 */
class StoryOfADay {
  private static final Duration TIME = Duration.ofMinutes(Long.getLong("day.minutes", 10));
  private static final long SEED = Long.getLong("day.seed", new Random().nextInt(1_000_000));
  private static final Duration LOOK_EVERY = Duration.ofSeconds(1);

  @Test
  void shouldLeaveNothingBehindAndLoseNoFixedIpWhenADayIsOver() {
    System.out.println("Story of a day: -Dday.seed=" + SEED);
    try (var stage = Stage.set("day", DayWorld.layout())) {
      var world = new DayWorld(stage);
      try (var witness = new DayWitness(stage, world)) {
        live(Day.of(SEED), world, witness);
        System.out.println("The day ends: " + witness.standing());
        witness.awaitRest();
        System.out.printf(
            "At rest: %s, fixed IPs %d, calls to the cloud %d%n",
            witness.standing(), witness.fixedIps(), stage.vpc().record().count());
      }
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "./mvnw -Pday -Dday.minutes=%d -Dday.seed=%d plays it again: %s"
              .formatted(TIME.toMinutes(), SEED, e.getMessage()),
          e);
    }
  }

  private static void live(Day day, DayWorld world, DayWitness witness) {
    long begin = System.nanoTime();
    for (int hour = 0; hour < Day.HOURS; hour++) {
      for (var deed : day.hours().get(hour)) {
        world.perform(deed);
        witness.look();
      }
      if (hour == 0 || hour == Day.NOON) {
        world.awaitNodesReady();
      }
      if (hour == 0) {
        begin = System.nanoTime(); // The operator has started.
      }
      System.out.printf("%02d:00 %s, deeds %s%n", hour, witness.standing(), day.hours().get(hour));
      untilHourEnds(begin, hour, witness::look);
    }
  }

  /** Looks until the hour is over. */
  private static void untilHourEnds(long begin, int hour, Runnable look) {
    long end = begin + TIME.toNanos() / Day.HOURS * (hour + 1);
    await("the end of the hour")
        .atMost(TIME.plusMinutes(1))
        .pollInterval(LOOK_EVERY)
        .pollDelay(Duration.ZERO)
        .until(
            () -> {
              look.run();
              return System.nanoTime() >= end;
            });
  }
}
