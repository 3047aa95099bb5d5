package io.eniipamd.domain.node;

import io.eniipamd.domain.condition.NodeConditions;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.condition.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a condition of a node's record is to say.
 *
 * @param type the condition
 * @param holds whether it is {@code True}; else it is {@code False}
 * @param reason why
 * @param message a sentence
 */
public record NodeCondition(NodeConditions type, boolean holds, Reason reason, String message) {

  /**
   * The conditions that are known now; of the others what was said stays.
   *
   * @param attached how many ENIs the node has
   * @param problem what is wrong
   * @param settled whether nothing is under way that would decide it
   * @param missing subnets of the node that do not exist
   */
  public static List<NodeCondition> of(
      int attached, Optional<Problem> problem, boolean settled, Collection<String> missing) {
    var conditions = new ArrayList<NodeCondition>();
    boolean lost =
        problem
            .filter(
                t ->
                    t.reason() == NodeReason.NODE_GONE || t.reason() == NodeReason.INSTANCE_CHANGED)
            .isPresent();
    if (attached > 0 && !lost) {
      conditions.add(
          new NodeCondition(
              NodeConditions.READY,
              true,
              NodeReason.ENI_ATTACHED,
              attached == 1 ? "1 ENI is attached" : attached + " ENIs are attached"));
    } else {
      problem.ifPresent(
          t ->
              conditions.add(
                  new NodeCondition(NodeConditions.READY, false, t.reason(), t.message())));
    }
    if (problem.isPresent()) {
      conditions.add(
          new NodeCondition(
              NodeConditions.CAN_GROW, false, problem.get().reason(), problem.get().message()));
    } else if (settled) {
      conditions.add(
          new NodeCondition(
              NodeConditions.CAN_GROW,
              true,
              NodeReason.NOTHING_IN_THE_WAY,
              "the operator adds ENIs as Pods need them"));
    }
    if (missing.isEmpty()) {
      conditions.add(
          new NodeCondition(
              NodeConditions.SUBNETS_FOUND,
              true,
              NodeReason.ALL_FOUND,
              "all subnets of the node exist"));
    } else {
      var notFound = NodeProblems.subnetNotFound(missing);
      conditions.add(
          new NodeCondition(
              NodeConditions.SUBNETS_FOUND, false, notFound.reason(), notFound.message()));
    }
    return List.copyOf(conditions);
  }
}
