package io.eniipamd.property;

import io.eniipamd.property.NodesAction.Move;
import io.eniipamd.property.memory.NodesWorld;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

/**
 * The invariants of nodes and their ENIs, whatever happens to them: no ENI goes from under an
 * address, nothing of another cluster is touched, and at rest the cloud has what the records say.
 */
class NodesPropertyTest {
  static final int LONGEST = 40;

  private static final Arbitrary<Integer> NODE = Arbitraries.integers().between(0, 2);
  private static final Arbitrary<Integer> WHICH = Arbitraries.integers().between(0, 20);
  private static final Arbitrary<Boolean> YES_OR_NO = Arbitraries.of(false, true);

  @Property(seed = "20260101", tries = 300, edgeCases = EdgeCasesMode.NONE)
  void shouldKeepEveryInvariantWhenNodesComeAndGo(@ForAll("moves") List<Move> moves) {
    play(moves);
  }

  @Provide
  Arbitrary<List<Move>> moves() {
    return sequences();
  }

  /** Sequences of moves. */
  static Arbitrary<List<Move>> sequences() {
    var any = Arbitraries.frequencyOf(actions());
    var seeds = Arbitraries.integers().between(0, 1_000_000).dontShrink();
    return Combinators.combine(any, seeds)
        .as((action, seed) -> new Move(action, seed))
        .list()
        .ofMinSize(1)
        .ofMaxSize(LONGEST);
  }

  private static Tuple2<Integer, Arbitrary<NodesAction>> often(
      int weight, Arbitrary<? extends NodesAction> action) {
    return Tuple.of(weight, action.map(a -> a));
  }

  static List<Tuple2<Integer, Arbitrary<NodesAction>>> actions() {
    var passing = Arbitraries.of(1, 20, 130, 660).map(Duration::ofSeconds);
    return List.of(
        often(30, Arbitraries.integers().between(1, 80).map(NodesAction.Work::new)),
        often(10, NODE.map(NodesAction.Join::new)),
        often(5, Combinators.combine(NODE, YES_OR_NO).as(NodesAction.Leave::new)),
        often(2, NODE.map(NodesAction.Replace::new)),
        often(14, NODE.map(NodesAction.PodComes::new)),
        often(8, WHICH.map(NodesAction.PodGoes::new)),
        often(2, WHICH.map(NodesAction.DeleteEni::new)),
        often(2, WHICH.map(NodesAction.DetachEni::new)),
        often(2, Combinators.combine(NODE, YES_OR_NO).as(NodesAction.DeleteNodeRecord::new)),
        often(1, WHICH.map(NodesAction.TearEniRecord::new)),
        often(2, Arbitraries.integers().between(1, 6).map(NodesAction.Quota::new)),
        often(
            4,
            Combinators.combine(Arbitraries.integers().between(0, 5), YES_OR_NO)
                .as(NodesAction.Crash::new)),
        often(1, Arbitraries.just(new NodesAction.Restart())),
        often(2, Arbitraries.just(new NodesAction.LostAnswer())),
        often(3, Arbitraries.of(1, 3, 5).map(Duration::ofSeconds).map(NodesAction.ReadsLag::new)),
        often(7, passing.map(NodesAction.Pass::new)));
  }

  /** Plays them in a new world, lets it settle, and returns the number of its steps. */
  static long play(List<Move> moves) {
    var world = new NodesWorld();
    for (var move : moves) {
      world.play(move);
      world.requireUnbroken();
    }
    world.settle();
    world.requireUnbroken();
    return world.stepsDone();
  }
}
