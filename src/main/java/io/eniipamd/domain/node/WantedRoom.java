package io.eniipamd.domain.node;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * The room that is asked of a node's ENIs.
 *
 * @param desiredSlots Pod addresses that there should be room for at least
 * @param waiting for each Pod that waits, the subnets that it accepts; empty for any
 */
public record WantedRoom(int desiredSlots, Collection<Set<String>> waiting) {
  public WantedRoom {
    waiting = List.copyOf(waiting);
  }
}
