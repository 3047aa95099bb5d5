package io.eniipamd.domain.node;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * What is asked of a node's ENIs, and what there is.
 *
 * @param node its name, for the messages
 * @param zone its zone; every ENI has to be from a subnet of it
 * @param limits with the caps applied
 * @param strangers ENIs on the instance that are not this cluster's and count against its limit
 * @param present our ENIs, attached or coming
 * @param subnets those that the node may use, of whichever zone
 * @param desiredSlots Pod addresses that there should be room for at least
 * @param waiting for each Pod that waits for a slot, the subnets that it accepts; empty for any
 */
public record EniNeeds(
    String node,
    String zone,
    RouteLimits limits,
    int strangers,
    List<EniRoom> present,
    List<SubnetRoom> subnets,
    int desiredSlots,
    Collection<Set<String>> waiting) {
  public EniNeeds {
    present = List.copyOf(present);
    subnets = List.copyOf(subnets);
    waiting = List.copyOf(waiting);
  }
}
