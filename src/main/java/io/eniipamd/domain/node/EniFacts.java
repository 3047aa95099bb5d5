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
 * @param instanceId what the record says
 * @param zone what the cloud says of the instance, else what the record says
 * @param recordedZone what the record says
 * @param asked whether the cloud was asked about the instance, by this process; where it did not
 *     tell the zone, whether that was a moment ago
 * @param limits with the caps applied; empty where they are not known yet
 * @param looked whether the cloud was asked what is there already
 * @param learning why the limits or the look could not be had
 * @param strangers ENIs on the instance that are not ours
 * @param attached our ENIs in the record's status, those left out that are detached
 * @param coming our ENIs that are not in it yet
 * @param unrecorded ENIs in the status whose address lost its {@code VpcIP}
 * @param found ENIs of ours that the cloud has and nobody has recorded
 * @param left ENIs that were made for the node and are not on its instance
 * @param subnets those that the node may use and that exist
 * @param unseen ids of subnets that the cloud was not asked about yet
 * @param unseenBecause why the cloud has not told of them, where it was asked
 * @param desiredSlots Pod addresses that there shall be room for at least
 * @param waiting for each Pod that waits, the subnets that it accepts; empty for any
 */
public record EniFacts(
    String node,
    Optional<NodeFacts> nodeFacts,
    Optional<String> instanceId,
    Optional<String> zone,
    Optional<String> recordedZone,
    boolean asked,
    Optional<RouteLimits> limits,
    boolean looked,
    Optional<Problem> learning,
    int strangers,
    List<EniRoom> attached,
    List<PendingEni> coming,
    List<BoundEni> unrecorded,
    List<BoundEni> found,
    List<LeftEni> left,
    List<SubnetRoom> subnets,
    Set<String> unseen,
    Optional<Problem> unseenBecause,
    int desiredSlots,
    Collection<Set<String>> waiting) {
  public EniFacts {
    attached = List.copyOf(attached);
    coming = List.copyOf(coming);
    unrecorded = List.copyOf(unrecorded);
    found = List.copyOf(found);
    left = List.copyOf(left);
    subnets = List.copyOf(subnets);
    unseen = Set.copyOf(unseen);
    waiting = List.copyOf(waiting);
  }
}
