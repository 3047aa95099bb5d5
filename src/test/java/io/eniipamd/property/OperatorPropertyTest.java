package io.eniipamd.property;

import io.eniipamd.property.memory.InMemoryWorld;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * The invariants, whatever happens to a cluster. A failure prints its seed, the shrunken sequence
 * and its story. Each property plays a thousand sequences, the same in every run; {@link
 * Exploration} plays new ones.
 */
class OperatorPropertyTest {
  static final int LONGEST = 60;

  @Property(seed = "20260101", edgeCases = EdgeCasesMode.NONE)
  void shouldKeepEveryInvariantWhenPodsComeAndGo(@ForAll("ordinary") List<Move> moves) {
    play(moves);
  }

  @Property(seed = "20260101", edgeCases = EdgeCasesMode.NONE)
  void shouldKeepEveryInvariantWhenEverythingFailsNowAndThen(
      @ForAll("withFaults") List<Move> moves) {
    play(moves);
  }

  @Property(seed = "20260101", edgeCases = EdgeCasesMode.NONE)
  void shouldKeepEveryInvariantWhenOperatorsOverlap(@ForAll("withTwoLeaders") List<Move> moves) {
    play(moves);
  }

  @Provide
  Arbitrary<List<Move>> ordinary() {
    return Moves.sequences(Moves.ordinary(), LONGEST);
  }

  @Provide
  Arbitrary<List<Move>> withFaults() {
    return Moves.sequences(Moves.withFaults(), LONGEST);
  }

  @Provide
  Arbitrary<List<Move>> withTwoLeaders() {
    return Moves.sequences(Moves.withTwoLeaders(), LONGEST);
  }

  /** Plays them in a new world, lets it settle, and returns the number of its steps. */
  static long play(List<Move> moves) {
    try (var world = new InMemoryWorld()) {
      for (var move : moves) {
        world.play(move);
        world.requireUnbroken();
      }
      world.settle();
      world.requireUnbroken();
      return world.stepsDone();
    }
  }
}
