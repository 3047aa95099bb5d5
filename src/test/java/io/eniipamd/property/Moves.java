package io.eniipamd.property;

import io.eniipamd.property.Action.CloudProblem;
import io.eniipamd.property.Action.Policy;
import io.eniipamd.property.Action.WatchedKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.Tuple.Tuple2;

/** Random sequences of moves. The work of all actors comes often, the rare things seldom. */
final class Moves {
  private static final Arbitrary<Integer> WHICH = Arbitraries.integers().between(0, 4);
  private static final Arbitrary<Integer> REPLICAS = Arbitraries.integers().between(0, 3);
  private static final Arbitrary<Integer> CALLS = Arbitraries.integers().between(0, 5);
  private static final Arbitrary<Boolean> YES_OR_NO = Arbitraries.of(false, true);
  private static final Arbitrary<Policy> POLICY = Arbitraries.of(Policy.class);
  private static final Arbitrary<String> EXPIRY = Arbitraries.of("0", "10m", "1h");

  /** What generators are told to expect, as jqwik does by default. */
  private static final int GENERATED_TOGETHER = 1_000;

  private Moves() {}

  /** A kind of action and how often it comes. */
  private static Tuple2<Integer, Arbitrary<Action>> often(
      int weight, Arbitrary<? extends Action> action) {
    return Tuple.of(weight, action.map(a -> a));
  }

  static Arbitrary<List<Move>> sequences(
      List<Tuple2<Integer, Arbitrary<Action>>> actions, int longest) {
    var any = Arbitraries.frequencyOf(actions);
    // A seed has nothing simpler than another, and shrinking it would only look for luck.
    var seeds = Arbitraries.integers().between(0, 1_000_000).dontShrink();
    return Combinators.combine(any, seeds).as(Move::new).list().ofMinSize(1).ofMaxSize(longest);
  }

  /** Actions without end, by themselves; the same seed draws the same. */
  static Stream<Action> drawn(List<Tuple2<Integer, Arbitrary<Action>>> actions, long seed) {
    var any = Arbitraries.frequencyOf(actions).generator(GENERATED_TOGETHER);
    var random = new Random(seed);
    return Stream.generate(() -> any.next(random).value());
  }

  /** What users do to a cluster. */
  static List<Tuple2<Integer, Arbitrary<Action>>> ordinary() {
    var passing = Arbitraries.of(1, 20, 40, 300, 660, 3_700).map(Duration::ofSeconds);
    return List.of(
        often(40, Arbitraries.integers().between(1, 60).map(Action.Work::new)),
        often(6, Combinators.combine(WHICH, POLICY).as(Action.CreatePod::new)),
        often(5, WHICH.map(Action.DeletePod::new)),
        often(3, WHICH.map(Action.ForceDeletePod::new)),
        often(2, WHICH.map(Action.EvictPod::new)),
        often(2, WHICH.map(Action.CompletePod::new)),
        often(6, Combinators.combine(REPLICAS, POLICY).as(Action.Deploy::new)),
        often(3, REPLICAS.map(Action.Scale::new)),
        often(2, POLICY.map(Action.Roll::new)),
        often(2, Arbitraries.just(new Action.DeleteWorkload())),
        often(1, Arbitraries.just(new Action.OrphanWorkload())),
        often(4, WHICH.map(Action.DeleteClaim::new)),
        often(2, Combinators.combine(WHICH, EXPIRY).as(Action.AnnotateClaim::new)),
        often(1, WHICH.map(Action.DeleteRecord::new)),
        often(3, Combinators.combine(EXPIRY, YES_OR_NO).as(Action.SetFlags::new)),
        often(1, Arbitraries.just(new Action.Restart())),
        often(3, Arbitraries.integers().between(0, 1).map(Action.KeepWarm::new)),
        often(1, Arbitraries.just(new Action.ReleaseWarm())),
        often(6, passing.map(Action.Pass::new)));
  }

  /** The same, and everything that can go wrong with one operator. */
  static List<Tuple2<Integer, Arbitrary<Action>>> withFaults() {
    var all = new ArrayList<>(ordinary());
    var jump = Arbitraries.of(1, -1).map(Duration::ofDays);
    all.add(often(4, Combinators.combine(CALLS, YES_OR_NO).as(Action.Crash::new)));
    all.add(often(1, jump.map(Action.LocalClockJump::new)));
    all.add(often(1, Arbitraries.just(new Action.ServerClockJump(Duration.ofDays(1)))));
    all.add(often(3, Arbitraries.of(CloudProblem.class).map(Action.CloudFault::new)));
    all.add(often(2, Arbitraries.integers().between(0, 10).map(Action.StrangerComes::new)));
    all.add(often(1, Arbitraries.just(new Action.StrangersLeave())));
    all.add(
        often(
            2,
            Combinators.combine(
                    Arbitraries.integers().between(0, 10), Arbitraries.integers().between(-1, 4))
                .as(Action.RestoreForeignRecord::new)));
    all.add(often(1, Arbitraries.integers().between(0, 1).map(Action.ReplaceMachine::new)));
    all.add(
        often(
            2,
            Combinators.combine(WHICH, Arbitraries.integers().between(0, 6))
                .as(Action.LeaveNewerWord::new)));
    all.add(often(2, Arbitraries.just(new Action.TakeNewerWordsBack())));
    all.add(often(2, WHICH.map(Action.TakeOff::new)));
    all.add(often(3, Combinators.combine(CALLS, YES_OR_NO).as(Action.ApiFault::new)));
    all.add(often(1, Arbitraries.just(new Action.ApiHangs())));
    all.add(often(2, Arbitraries.of(WatchedKind.class).map(Action.WatchBreaks::new)));
    return List.copyOf(all);
  }

  /** The same, and operators that do not wait for each other's end. */
  static List<Tuple2<Integer, Arbitrary<Action>>> withTwoLeaders() {
    var all = new ArrayList<>(withFaults());
    all.add(often(4, Arbitraries.of(true, true, false).map(Action.SecondLeader::new)));
    return List.copyOf(all);
  }
}
