package io.eniipamd.property;

import io.eniipamd.property.Action.CloudTrouble;
import io.eniipamd.property.Action.Policy;
import io.eniipamd.property.Action.WatchedKind;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Random sequences of moves. Everybody's work comes often, the rare things seldom. */
final class Moves {
  private Moves() {}

  static Arbitrary<List<Move>> sequences(int longest) {
    return moves().list().ofMinSize(1).ofMaxSize(longest);
  }

  private static Arbitrary<Move> moves() {
    // A seed has nothing simpler than another, and shrinking it would only look for luck.
    var seeds = Arbitraries.integers().between(0, 1_000_000).dontShrink();
    return Combinators.combine(actions(), seeds).as(Move::new);
  }

  private static Arbitrary<Action> actions() {
    var which = Arbitraries.integers().between(0, 4);
    var policy = Arbitraries.of(Policy.class);
    var replicas = Arbitraries.integers().between(0, 3);
    var calls = Arbitraries.integers().between(0, 5);
    var yesOrNo = Arbitraries.of(false, true);
    var expiry = Arbitraries.of("0", "10m", "1h");
    var jump = Arbitraries.of(1, -1).map(Duration::ofDays);
    var passing =
        Arbitraries.of(1, 20, 40, 300, 660, 3_700).map(seconds -> Duration.ofSeconds(seconds));
    return Arbitraries.frequencyOf(
        Tuple.of(40, Arbitraries.integers().between(1, 60).map(Action.Work::new)),
        Tuple.of(6, Combinators.combine(which, policy).as(Action.CreatePod::new)),
        Tuple.of(5, which.map(Action.DeletePod::new)),
        Tuple.of(3, which.map(Action.ForceDeletePod::new)),
        Tuple.of(2, which.map(Action.EvictPod::new)),
        Tuple.of(2, which.map(Action.CompletePod::new)),
        Tuple.of(6, Combinators.combine(replicas, policy).as(Action.Deploy::new)),
        Tuple.of(3, replicas.map(Action.Scale::new)),
        Tuple.of(2, policy.map(Action.Roll::new)),
        Tuple.of(2, Arbitraries.just(new Action.DeleteWorkload())),
        Tuple.of(1, Arbitraries.just(new Action.OrphanWorkload())),
        Tuple.of(4, which.map(Action.DeleteClaim::new)),
        Tuple.of(2, Combinators.combine(which, expiry).as(Action.AnnotateClaim::new)),
        Tuple.of(1, which.map(Action.DeleteRecord::new)),
        Tuple.of(2, Combinators.combine(expiry, yesOrNo).as(Action.SetFlags::new)),
        Tuple.of(4, Combinators.combine(calls, yesOrNo).as(Action.Crash::new)),
        Tuple.of(1, Arbitraries.just(new Action.Restart())),
        Tuple.of(2, Arbitraries.of(true, true, false).map(Action.SecondLeader::new)),
        Tuple.of(1, jump.map(Action.LocalClockJump::new)),
        Tuple.of(1, Arbitraries.just(new Action.ServerClockJump(Duration.ofDays(1)))),
        Tuple.of(6, passing.map(Action.Pass::new)),
        Tuple.of(3, Arbitraries.of(CloudTrouble.class).map(Action.CloudFault::new)),
        Tuple.of(2, Arbitraries.integers().between(0, 10).map(Action.StrangerComes::new)),
        Tuple.of(1, Arbitraries.just(new Action.StrangersLeave())),
        Tuple.of(3, Combinators.combine(calls, yesOrNo).as(Action.ApiFault::new)),
        Tuple.of(2, Arbitraries.of(WatchedKind.class).map(Action.WatchBreaks::new)));
  }
}
