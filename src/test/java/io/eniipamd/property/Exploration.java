package io.eniipamd.property;

import io.eniipamd.simulator.model.RandomWalk;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Random;
import java.util.function.LongConsumer;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple.Tuple2;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.api.Test;

/**
 * New random cases, for a while: no part of the gate, which plays the same in every run. {@code
 * ./mvnw -Pexplore} plays for ten minutes, with {@code -Dexplore.minutes=N} for others. A case that
 * fails prints the command that plays exactly it again; what is found becomes a fixed case.
 */
class Exploration {
  private static final int GENERATED_TOGETHER = 1_000;
  private static final Duration TIME = Duration.ofMinutes(Long.getLong("explore.minutes", 10));
  private static final String ONE_CASE = System.getProperty("explore.case", "");

  /** Where is played, and how. */
  private enum World {
    ORDINARY(seed -> sequence(Moves.ordinary(), seed)),
    FAULTS(seed -> sequence(Moves.withFaults(), seed)),
    TWO_LEADERS(seed -> sequence(Moves.withTwoLeaders(), seed)),
    SIMULATOR(RandomWalk::play);

    @SuppressWarnings("ImmutableEnumChecker") // without state
    private final LongConsumer game;

    World(LongConsumer game) {
      this.game = game;
    }
  }

  @Test
  void shouldKeepEveryInvariantWhateverIsDrawn() {
    if (!ONE_CASE.isEmpty()) {
      var parts = ONE_CASE.split(":", 2);
      play(World.valueOf(parts[0]), Long.parseLong(parts[1]));
      return;
    }
    var seeds = new Random();
    var played = new EnumMap<World, Integer>(World.class);
    long end = System.nanoTime() + TIME.toNanos();
    do {
      for (var world : World.values()) {
        play(world, seeds.nextLong());
        played.merge(world, 1, Integer::sum);
      }
    } while (System.nanoTime() < end);
    System.out.println("Explored: " + played);
  }

  private static void play(World world, long seed) {
    try {
      JqwikSession.run(() -> world.game.accept(seed));
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "./mvnw -Pexplore -Dexplore.case=%s:%d plays exactly this case again"
              .formatted(world, seed),
          e);
    }
  }

  private static void sequence(List<Tuple2<Integer, Arbitrary<Action>>> actions, long seed) {
    OperatorPropertyTest.play(
        Moves.sequences(actions, OperatorPropertyTest.LONGEST)
            .generator(GENERATED_TOGETHER)
            .next(new Random(seed))
            .value());
  }
}
