package io.eniipamd.property;

import java.time.Duration;

/** What may happen to the nodes of a cluster. */
public sealed interface NodesAction {

  /** A machine joins under a node's name, unless the node is there. */
  record Join(int node) implements NodesAction {}

  /**
   * The Node object goes.
   *
   * @param machineStays whether its machine runs on
   */
  record Leave(int node, boolean machineStays) implements NodesAction {}

  /** Another machine comes under the name at once. */
  record Replace(int node) implements NodesAction {}

  /** A Pod that needs an address comes to a node. */
  record PodComes(int node) implements NodesAction {}

  /** One of the Pods goes. */
  record PodGoes(int which) implements NodesAction {}

  /** A user deletes an ENI that carries nothing, in the console. */
  record DeleteEni(int which) implements NodesAction {}

  /** A user takes an ENI that carries nothing off its machine. */
  record DetachEni(int which) implements NodesAction {}

  /**
   * A user deletes the record of a node.
   *
   * @param torn past its finalizer
   */
  record DeleteNodeRecord(int node, boolean torn) implements NodesAction {}

  /** A user deletes the record of an ENI's own address past its finalizer. */
  record TearEniRecord(int which) implements NodesAction {}

  /** The VPC may have so many ENIs. */
  record Quota(int enis) implements NodesAction {}

  /** The operator dies at a changing call, and is started again. */
  record Crash(int calls, boolean afterEffect) implements NodesAction {}

  /** The operator is started again. */
  record Restart() implements NodesAction {}

  /** The next change of the cloud takes place, and its answer is lost. */
  record LostAnswer() implements NodesAction {}

  /** Reads of ENIs show what is there now, and nothing newer for so long. */
  record ReadsLag(Duration by) implements NodesAction {}

  /** Time passes, in which nobody does anything. */
  record Pass(Duration time) implements NodesAction {}

  /** All actors do something, so many steps in all. */
  record Work(int steps) implements NodesAction {}

  /**
   * An action, and the chance that decides what happens meanwhile.
   *
   * @param seed of the chance
   */
  record Move(NodesAction action, long seed) {}
}
