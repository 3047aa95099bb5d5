package io.eniipamd.property;

import java.time.Duration;

/**
 * What may be done to a cluster and its surroundings. An action that does not apply at its moment
 * (there is no such Pod) is left out, so that any part of a sequence is a sequence.
 */
public sealed interface Action {

  /** What a Pod's author asks for. */
  enum Policy {
    IMMEDIATE,
    FIXED,
    /** Fixed, with an expiry of its own of ten minutes. */
    FIXED_SHORTLY,
    /** Fixed, with an expiry of its own of two hours. */
    FIXED_LONGER,
    /** Fixed, with an expiry that cannot be read. */
    FIXED_UNREADABLE
  }

  /** How a call to the cloud goes wrong. */
  enum CloudProblem {
    /** No effect, and no answer. */
    LOST_BEFORE,
    /** The effect, and no answer. */
    LOST_AFTER,
    THROTTLED,
    REFUSED
  }

  /** Objects whose watch may break. */
  enum WatchedKind {
    PODS,
    CLAIMS,
    ADDRESSES
  }

  // ------------------------------------------------------------------------------ Pods by
  // themselves

  /** A Pod without a workload. */
  record CreatePod(int which, Policy policy) implements Action {}

  /** A Pod is deleted with its grace period. */
  record DeletePod(int which) implements Action {}

  /** A Pod is taken from the API server at once, whatever its node does. */
  record ForceDeletePod(int which) implements Action {}

  /** A Pod ends as {@code Failed}. */
  record EvictPod(int which) implements Action {}

  /** A Pod ends as {@code Succeeded}. */
  record CompletePod(int which) implements Action {}

  // --------------------------------------------------------------------------------------
  // workloads

  /** The StatefulSet is made, if there is none. */
  record Deploy(int replicas, Policy policy) implements Action {}

  record Scale(int replicas) implements Action {}

  /** The Pods' template changes, one Pod after the other is replaced. */
  record Roll(Policy policy) implements Action {}

  /** The StatefulSet is deleted, the garbage collector deletes what it owns. */
  record DeleteWorkload() implements Action {}

  /** The StatefulSet is deleted, its Pods stay. */
  record OrphanWorkload() implements Action {}

  // ----------------------------------------------------------------------------- claims and
  // records

  /** {@code kubectl delete vipc}. */
  record DeleteClaim(int which) implements Action {}

  /** The claim's annotation of its expiry is set. */
  record AnnotateClaim(int which, String expiry) implements Action {}

  /** {@code kubectl delete vip} of the address that a claim has. */
  record DeleteRecord(int which) implements Action {}

  // ------------------------------------------------------------------------------------ the
  // operator

  /**
   * The operator is started again with other flags.
   *
   * @param expiry of the cluster, as users write it
   */
  record SetFlags(String expiry, boolean ownerReferences) implements Action {}

  /**
   * The operator dies at one of its next calls that change something.
   *
   * @param calls how many of them still go well
   * @param afterEffect whether the last one takes effect
   */
  record Crash(int calls, boolean afterEffect) implements Action {}

  /** The operator ends and is started again. */
  record Restart() implements Action {}

  /**
   * A second operator starts while the first one goes on.
   *
   * @param fenced whether the first one's lease has run out, as it has to: it may write to the API
   *     server still, but nothing of it reaches the cloud
   */
  record SecondLeader(boolean fenced) implements Action {}

  // ------------------------------------------------------------------------------- the
  // surroundings

  /** The clock of the operator's machine is set. */
  record LocalClockJump(Duration by) implements Action {}

  /** The clock of the API server's machine is set, forward. */
  record ServerClockJump(Duration by) implements Action {}

  /** Time goes by, and no actor gets anything done. */
  record Pass(Duration time) implements Action {}

  record CloudFault(CloudProblem problem) implements Action {}

  /** A user outside this cluster takes an address that is on no ENI. */
  record StrangerComes(int address) implements Action {}

  /** They give their addresses back. */
  record StrangersLeave() implements Action {}

  /**
   * A record is restored from the backup of another cluster of the VPC: it names an ENI of that
   * one, on which its address is in use, and has no status.
   *
   * @param holder of the names of claims here that its {@code claimRef} says; negative: it has none
   */
  record RestoreForeignRecord(int address, int holder) implements Action {}

  /**
   * A machine is terminated with its ENI and its Pods, and another one comes up under the same
   * node's name; the record of the node is of the old machine for a while, then it is created
   * again.
   */
  record ReplaceMachine(int node) implements Action {}

  /** A node keeps an address ready for a Pod that comes. */
  record KeepWarm(int node) implements Action {}

  /** A node keeps one address less ready. */
  record ReleaseWarm() implements Action {}

  /** A user takes a claim's address off its ENI. */
  record TakeOff(int which) implements Action {}

  /**
   * A newer version has run for a moment and left a word that this one does not know, in a claim or
   * in the record of its address.
   *
   * @param field which of the fields that have such words, counted through
   */
  record LeaveNewerWord(int which, int field) implements Action {}

  /** The newer version runs again for a moment, and writes words that both know. */
  record TakeNewerWordsBack() implements Action {}

  /** A call of the operator to the API server is not answered. */
  record ApiFault(int calls, boolean afterEffect) implements Action {}

  /** The API server hangs until the operator's lease has run out, and then answers again. */
  record ApiHangs() implements Action {}

  /** A watch breaks; what happened meanwhile is seen as one change. */
  record WatchBreaks(WatchedKind kind) implements Action {}

  /** All actors work on: so many small steps, whose order the world draws. */
  record Work(int steps) implements Action {}
}
