package io.eniipamd.domain.node;

import java.util.List;
import java.util.Optional;

/** What is to be done for a node's ENIs. */
public sealed interface EniDecision {

  /**
   * The cloud has to be asked first.
   *
   * @param limits how many ENIs the instance may have, and where it runs
   * @param look which ENIs are there already
   * @param problem why an earlier try failed
   */
  record Learn(boolean limits, boolean look, Optional<Problem> problem) implements EniDecision {}

  /** The record is to say that the node is in this zone. */
  record Locate(String zone) implements EniDecision {}

  /** ENIs that carry the node's Pods have lost the record of their own address: create it again. */
  record RecreateRecord(List<BoundEni> enis) implements EniDecision {
    public RecreateRecord {
      enis = List.copyOf(enis);
    }
  }

  /**
   * ENIs of this cluster are in the cloud, and no record says so: record them, then go on with
   * them.
   */
  record Adopt(List<BoundEni> enis) implements EniDecision {
    public Adopt {
      enis = List.copyOf(enis);
    }
  }

  /**
   * The steps for the ENIs that are coming, the ENIs to add, and why there are not more of them.
   *
   * @param steps in the order of the ENIs
   * @param growth the subnet of each new ENI
   * @param problem what to report to users; empty where nothing is wrong
   * @param settled whether nothing is under way, so that an earlier problem is over
   * @param lookAgain whether something waits for others to change what is there: it is checked from
   *     time to time
   */
  record Work(
      List<Step> steps,
      List<String> growth,
      Optional<Problem> problem,
      boolean settled,
      boolean lookAgain)
      implements EniDecision {
    public Work {
      steps = List.copyOf(steps);
      growth = List.copyOf(growth);
    }

    /** What waits for no other party. */
    public Work(List<Step> steps, List<String> growth, Optional<Problem> problem, boolean settled) {
      this(steps, growth, problem, settled, false);
    }
  }

  /** What is to be done for one ENI. */
  sealed interface Step {
    /** For one that is coming. */
    sealed interface OfPending extends Step {}

    /** For one that was left behind. */
    sealed interface OfLeft extends Step {}

    /** For one that is to be given back. */
    sealed interface OfLeaving extends Step {}

    /** Have it created and attached. */
    record Begin(PendingEni eni) implements OfPending {}

    /** Write down that it is on the node. */
    record RecordBound(PendingEni eni, BoundEni bound) implements OfPending {}

    /** Write down why it is not, and try again later. */
    record Pause(PendingEni eni, String said, Problem problem) implements OfPending {}

    /**
     * Give its address up; another one is chosen.
     *
     * @param foreign whether another user has the address
     */
    record GiveUp(PendingEni eni, boolean foreign, Problem problem) implements OfPending {}

    /** There is no such ENI of this cluster: the record of its address goes. */
    record Forget(LeftEni eni) implements OfLeft {}

    /** Have it deleted: it is on no instance, and carries nothing. */
    record Remove(LeftEni eni) implements OfLeft {}

    /** Report it, and leave it alone. */
    record Tell(Problem problem) implements OfLeft {}

    /** Write down that nothing is put on it any more. */
    record Close(LeavingEni eni) implements OfLeaving {}

    /** Write down that it carries Pods again: it is needed, and its removal has not begun. */
    record Reopen(LeavingEni eni) implements OfLeaving {}

    /** Have it taken off its instance and deleted. */
    record GiveBack(LeavingEni eni) implements OfLeaving {}

    /** There is no such ENI of this cluster: the record of its address and its entry go. */
    record StrikeOff(LeavingEni eni) implements OfLeaving {}

    /** Report it, and leave it alone. */
    record Mention(LeavingEni eni, Problem problem) implements OfLeaving {}
  }
}
