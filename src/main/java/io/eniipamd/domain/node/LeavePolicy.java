package io.eniipamd.domain.node;

import io.eniipamd.domain.node.EniDecision.Step;
import io.eniipamd.domain.node.LeavingEni.Where;
import java.util.stream.Stream;

/**
 * How ENIs are given back. Each is closed first, so that nothing is put on it any more, then
 * removed, then struck off the records; and none while addresses of Pods are on it.
 */
public final class LeavePolicy {
  private LeavePolicy() {}

  /** Decides what becomes of the ENIs of a node that is gone. */
  public static LeaveDecision decide(LeaveFacts facts) {
    // A user who deletes the record says that the node does not come back.
    if (!facts.deleted() && facts.left().isPositive()) {
      return new LeaveDecision.Wait(facts.left());
    }
    if (!facts.looked()) {
      return new LeaveDecision.Look();
    }
    if (facts.enis().stream().noneMatch(eni -> holds(eni, facts.deleted()))) {
      return new LeaveDecision.End();
    }
    return new LeaveDecision.Work(
        facts.enis().stream().flatMap(eni -> step(facts.node(), eni)).toList(),
        facts.enis().stream().anyMatch(eni -> eni.where() == Where.ELSEWHERE));
  }

  /**
   * Whether the node's record stays for an ENI. One that a user has put on another instance is kept
   * in sight until a user deletes the record.
   */
  private static boolean holds(LeavingEni eni, boolean deleted) {
    return switch (eni.where()) {
      case GONE, OTHERS, NEVER_MADE -> eni.recorded();
      case ELSEWHERE -> !deleted;
      case COMING, ATTACHED, LOOSE, BUSY -> true;
    };
  }

  private static Stream<Step.OfLeaving> step(String node, LeavingEni eni) {
    return switch (eni.where()) {
      case COMING, BUSY -> Stream.of();
      case NEVER_MADE, GONE, OTHERS ->
          eni.recorded() || eni.listed() ? Stream.of(new Step.StrikeOff(eni)) : Stream.of();
      case ELSEWHERE ->
          Stream.of(new Step.Mention(eni, NodeProblems.eniElsewhere(node, eni.eniId().orElse(""))));
      case ATTACHED, LOOSE -> giveBack(eni);
    };
  }

  /** The next step to give back an ENI that is on the node's instance, or on none. */
  static Stream<Step.OfLeaving> giveBack(LeavingEni eni) {
    if (eni.used() > 0) {
      // The addresses go first, by the way of their claims.
      return Stream.of();
    }
    return Stream.of(eni.listed() && !eni.closed() ? new Step.Close(eni) : new Step.GiveBack(eni));
  }
}
