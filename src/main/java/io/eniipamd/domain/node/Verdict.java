package io.eniipamd.domain.node;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a condition of a node's record is to say.
 *
 * @param type the condition
 * @param holds whether it is {@code True}; else it is {@code False}
 * @param reason one word
 * @param message a sentence
 */
public record Verdict(String type, boolean holds, String reason, String message) {

  /** The node's ENIs can carry Pods. */
  public static final String READY = "Ready";

  /** Nothing stands in the way of the ENIs that are asked for. */
  public static final String CAN_GROW = "CanGrow";

  /** Every subnet that the node may use exists. */
  public static final String SUBNETS_FOUND = "SubnetsFound";

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
                    t.reason().equals(NodeTroubles.NODE_GONE)
                        || t.reason().equals(NodeTroubles.INSTANCE_CHANGED))
            .isPresent();
    if (attached > 0 && !lost) {
      verdicts.add(
          new Verdict(
              READY,
              true,
              "ENIAttached",
              attached == 1 ? "1 ENI is attached" : attached + " ENIs are attached"));
    } else {
      trouble.ifPresent(t -> verdicts.add(new Verdict(READY, false, t.reason(), t.message())));
    }
    if (trouble.isPresent()) {
      verdicts.add(new Verdict(CAN_GROW, false, trouble.get().reason(), trouble.get().message()));
    } else if (settled) {
      verdicts.add(new Verdict(CAN_GROW, true, "NothingInTheWay", "ENIs are added as needed"));
    }
    if (missing.isEmpty()) {
      verdicts.add(new Verdict(SUBNETS_FOUND, true, "AllFound", "all its subnets exist"));
    } else {
      var notFound = NodeTroubles.subnetNotFound(missing);
      verdicts.add(new Verdict(SUBNETS_FOUND, false, notFound.reason(), notFound.message()));
    }
    return List.copyOf(verdicts);
  }
}
