package io.eniipamd.domain.node;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Everything that the decision about a node's ENIs goes by.
 *
 * @param node its name
 * @param nodeFacts its Node; empty where there is none
 * @param instance the instance that its record names
 * @param attached our ENIs in the record's status, those left out that are detached
 * @param coming our ENIs that are not in it yet
 * @param unrecorded ENIs in the status whose address lost its {@code VpcIP}
 * @param found ENIs of this cluster that the cloud has and no record names
 * @param left ENIs that were made for the node and are not on its instance
 * @param subnets those that the node may use
 * @param desiredSlots Pod addresses that there should be room for at least
 * @param waiting for each Pod that waits, the subnets that it accepts; empty for any
 */
public record EniFacts(
    String node,
    Optional<NodeFacts> nodeFacts,
    InstanceFacts instance,
    List<EniRoom> attached,
    List<PendingEni> coming,
    List<BoundEni> unrecorded,
    List<BoundEni> found,
    List<LeftEni> left,
    SubnetFacts subnets,
    int desiredSlots,
    Collection<Set<String>> waiting) {
  public EniFacts {
    attached = List.copyOf(attached);
    coming = List.copyOf(coming);
    unrecorded = List.copyOf(unrecorded);
    found = List.copyOf(found);
    left = List.copyOf(left);
    waiting = List.copyOf(waiting);
  }
}
