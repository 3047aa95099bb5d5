package io.eniipamd.property;

import io.eniipamd.simulator.model.RandomWalk;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Tuple.Tuple2;
import net.jqwik.api.sessions.JqwikSession;
import org.junit.jupiter.api.Test;

/**
 * New random cases, for a while: no part of the gate, which plays the same in every run. {@code
 * ./mvnw -Pexplore} plays for ten minutes, with {@code -Dexplore.minutes=N} for others, with {@code
 * -Dexplore.moves=N} until the worlds have made so many moves. A run prints its seed, and {@code
 * -Dexplore.seed=…} draws the same cases. A case that fails prints the command that plays exactly
 * it again; what is found becomes a fixed case.
 */
class Exploration {
  private static final int GENERATED_TOGETHER = 1_000;
  private static final Duration TIME = Duration.ofMinutes(Long.getLong("explore.minutes", 10));
  private static final Optional<Long> MOVES = Optional.ofNullable(Long.getLong("explore.moves"));
  private static final long SEED = Long.getLong("explore.seed", new Random().nextLong());
  private static final String ONE_CASE = System.getProperty("explore.case", "");
  private static final Duration BETWEEN_REPORTS = Duration.ofMinutes(1);

  /** Where is played, and how. */
  private enum Game {
    ORDINARY(seed -> sequence(Moves.ordinary(), seed)),
    FAULTS(seed -> sequence(Moves.withFaults(), seed)),
    TWO_LEADERS(seed -> sequence(Moves.withTwoLeaders(), seed)),
    NODES(Exploration::nodes),
    SIMULATOR(Exploration::walk);

    @SuppressWarnings("ImmutableEnumChecker") // without state
    private final LongFunction<Played> game;

    Game(LongFunction<Played> game) {
      this.game = game;
    }
  }

  @Test
  void shouldKeepEveryInvariantWhateverIsDrawn() {
    if (!ONE_CASE.isEmpty()) {
      var parts = ONE_CASE.split(":", 2);
      play(Game.valueOf(parts[0]), Long.parseLong(parts[1]));
      return;
    }
    System.out.println("Exploring: -Dexplore.seed=" + SEED);
    var seeds = new Random(SEED);
    var played = new EnumMap<Game, Played>(Game.class);
    long start = System.nanoTime();
    long reported = start;
    do {
      for (var game : Game.values()) {
        played.merge(game, play(game, seeds.nextLong()), Played::plus);
      }
      if (System.nanoTime() - reported >= BETWEEN_REPORTS.toNanos()) {
        reported = System.nanoTime();
        report("So far", start, played);
      }
    } while (!isEnough(played, System.nanoTime() - start));
    report("Explored", start, played);
  }

  private static boolean isEnough(Map<Game, Played> played, long nanos) {
    return MOVES
        .map(moves -> total(played).moves() >= moves)
        .orElseGet(() -> nanos >= TIME.toNanos());
  }

  private static void report(String how, long start, Map<Game, Played> played) {
    System.out.printf(
        "%s in %d s: %s; %s%n",
        how, Duration.ofNanos(System.nanoTime() - start).toSeconds(), total(played), played);
  }

  private static Played total(Map<Game, Played> played) {
    return played.values().stream().reduce(new Played(0, 0, 0), Played::plus);
  }

  private static Played play(Game game, long seed) {
    var played = new AtomicReference<Played>();
    try {
      JqwikSession.run(() -> played.set(game.game.apply(seed)));
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(
          "./mvnw -Pexplore -Dexplore.case=%s:%d plays exactly this case again"
              .formatted(game, seed),
          e);
    }
    return played.get();
  }

  private static Played sequence(List<Tuple2<Integer, Arbitrary<Action>>> actions, long seed) {
    var moves =
        Moves.sequences(actions, OperatorPropertyTest.LONGEST)
            .generator(GENERATED_TOGETHER)
            .next(new Random(seed))
            .value();
    return new Played(1, moves.size(), OperatorPropertyTest.play(moves));
  }

  private static Played nodes(long seed) {
    var moves =
        NodesPropertyTest.sequences().generator(GENERATED_TOGETHER).next(new Random(seed)).value();
    return new Played(1, moves.size(), NodesPropertyTest.play(moves));
  }

  private static Played walk(long seed) {
    return new Played(1, 0, RandomWalk.play(seed));
  }

  /**
   * How much was played.
   *
   * @param moves of all worlds; the simulated VPC by itself has none
   * @param steps of all actors, in moves and while a world settles, or requests to the simulated
   *     VPC
   */
  private record Played(long worlds, long moves, long steps) {
    Played plus(Played other) {
      return new Played(worlds + other.worlds, moves + other.moves, steps + other.steps);
    }

    @Override
    public String toString() {
      return "%,d worlds, %,d moves, %,d steps".formatted(worlds, moves, steps);
    }
  }
}
