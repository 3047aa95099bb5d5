package io.eniipamd.domain.node;

import io.eniipamd.domain.node.EniDecision.Step;
import java.time.Duration;
import java.util.List;

/** What is to be done for the ENIs of a node that is gone. */
public sealed interface LeaveDecision {

  /** The node may come back yet. */
  record Wait(Duration left) implements LeaveDecision {}

  /** The cloud has to be asked first what is there. */
  record Look() implements LeaveDecision {}

  /**
   * Some ENIs are there still.
   *
   * @param steps what to do for them; empty where others have to act first
   * @param lookAgain whether others may change what is there without an event
   */
  record Work(List<Step.OfLeaving> steps, boolean lookAgain) implements LeaveDecision {
    public Work {
      steps = List.copyOf(steps);
    }
  }

  /** Nothing of the node is left: its record goes. */
  record End() implements LeaveDecision {}
}
