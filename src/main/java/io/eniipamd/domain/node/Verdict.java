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
public record Verdict(NodeConditions type, boolean holds, Reason reason, String message) {

  /**
   * The conditions that can be told now; of the others what was said stays.
   *
   * @param attached how many ENIs the node has
   * @param trouble what is wrong
   * @param settled whether nothing is under way that would tell
   * @param missing subnets of the node that do not exist
   */
  public static List<Verdict> of(
      int attached, Optional<Trouble> trouble, boolean settled, Collection<String> missing) {
    var verdicts = new ArrayList<Verdict>();
    boolean lost =
        trouble
            .filter(
                t ->
                    t.reason() == NodeReason.NODE_GONE || t.reason() == NodeReason.INSTANCE_CHANGED)
            .isPresent();
    if (attached > 0 && !lost) {
      verdicts.add(
          new Verdict(
              NodeConditions.READY,
              true,
              NodeReason.ENI_ATTACHED,
              attached == 1 ? "1 ENI is attached" : attached + " ENIs are attached"));
    } else {
      trouble.ifPresent(
          t -> verdicts.add(new Verdict(NodeConditions.READY, false, t.reason(), t.message())));
    }
    if (trouble.isPresent()) {
      verdicts.add(
          new Verdict(
              NodeConditions.CAN_GROW, false, trouble.get().reason(), trouble.get().message()));
    } else if (settled) {
      verdicts.add(
          new Verdict(
              NodeConditions.CAN_GROW,
              true,
              NodeReason.NOTHING_IN_THE_WAY,
              "ENIs are added as needed"));
    }
    if (missing.isEmpty()) {
      verdicts.add(
          new Verdict(
              NodeConditions.SUBNETS_FOUND, true, NodeReason.ALL_FOUND, "all its subnets exist"));
    } else {
      var notFound = NodeTroubles.subnetNotFound(missing);
      verdicts.add(
          new Verdict(NodeConditions.SUBNETS_FOUND, false, notFound.reason(), notFound.message()));
    }
    return List.copyOf(verdicts);
  }
}
