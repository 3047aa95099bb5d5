package io.eniipamd.domain.node;

import java.time.Duration;
import java.util.List;

/**
 * Everything that the decision about the ENIs of a node that is gone goes by.
 *
 * @param node its name
 * @param deleted whether its record is being deleted
 * @param left how long the node is waited for still; no time, or less, where that is over
 * @param looked whether the cloud was asked for its ENIs since the node is gone
 * @param enis all ENIs that are recorded for it, or that the cloud has for it
 */
public record LeaveFacts(
    String node, boolean deleted, Duration left, boolean looked, List<LeavingEni> enis) {
  public LeaveFacts {
    enis = List.copyOf(enis);
  }
}
