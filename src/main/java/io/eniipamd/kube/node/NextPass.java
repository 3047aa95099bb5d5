package io.eniipamd.kube.node;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.domain.node.Problem;
import io.eniipamd.kube.node.EniGatherer.Gathered;
import io.eniipamd.kube.support.Requeue;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** When a node's next pass is due by itself; for all else an event is waited for. */
@Singleton
final class NextPass {

  /** A subnet that was full is looked at again when the cloud's numbers may be new. */
  static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

  /** Addresses become free without an event of the node. */
  private static final Set<Reason> FULL =
      Set.of(NodeReason.SUBNET_FULL, NodeReason.SUBNET_QUOTA_EXCEEDED);

  private final EniCache memory;
  private final Clock clock;

  NextPass(EniCache memory, Clock clock) {
    this.memory = memory;
    this.clock = clock;
  }

  /**
   * The time of the next pass; none where only an event can change anything.
   *
   * @param problem what is wrong now
   * @param lookAgain whether the cloud is looked at from time to time
   */
  UpdateControl<NodeENIConfig> of(
      NodeENIConfig nec, Gathered known, Optional<Problem> problem, boolean lookAgain) {
    var due = due(nec, known, problem);
    if (lookAgain) {
      due.add(untilNextLook(uid(nec)));
    }
    return due.stream()
        .min(Duration::compareTo)
        .map(Requeue::<NodeENIConfig>after)
        .orElseGet(UpdateControl::noUpdate);
  }

  private Duration untilNextLook(String necUid) {
    var next = memory.untilNextLook(necUid);
    // One that is under way enqueues by itself.
    return next.isPositive() ? next : LOOK_AGAIN;
  }

  private List<Duration> due(NodeENIConfig nec, Gathered known, Optional<Problem> problem) {
    var due = new ArrayList<Duration>();
    var waiting = new ArrayList<String>();
    waiting.add(nec.getMetadata().getUid());
    known.records().values().forEach(vip -> waiting.add(uid(vip)));
    memory.untilWarm(uid(nec)).filter(Duration::isPositive).ifPresent(due::add);
    memory
        .untilGroups(uid(nec))
        .map(left -> left.isPositive() ? left : Duration.ofSeconds(1))
        .ifPresent(due::add);
    for (var uid : waiting) {
      memory.pause(uid).ifPresent(p -> due.add(Duration.between(clock.instant(), p.until())));
    }
    if (problem.filter(t -> FULL.contains(t.reason())).isPresent()) {
      due.add(LOOK_AGAIN);
    }
    if (problem.filter(t -> t.reason() == NodeReason.NODE_ZONE_MISSING).isPresent()) {
      var zone = memory.untilAskedAgain(uid(nec));
      due.add(zone.isPositive() ? zone : LOOK_AGAIN);
    }
    return due;
  }

  private static String uid(NodeENIConfig nec) {
    return nec.getMetadata().getUid();
  }

  private static String uid(VpcIP vip) {
    return vip.getMetadata().getUid();
  }
}
