package io.eniipamd.domain.node;

import java.util.List;
import java.util.Optional;

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
 * @param leaving our ENIs in the record's status that are closed, so that nothing is put on them,
 *     and those that may be: they have carried no address of a Pod for long
 * @param subnets those that the node may use
 * @param wanted the room that is asked of its ENIs
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
    List<LeavingEni> leaving,
    SubnetFacts subnets,
    WantedRoom wanted) {
  public EniFacts {
    attached = List.copyOf(attached);
    coming = List.copyOf(coming);
    unrecorded = List.copyOf(unrecorded);
    found = List.copyOf(found);
    left = List.copyOf(left);
    leaving = List.copyOf(leaving);
  }

  /**
   * Whether the Node runs on another instance than its record names: then the ENIs that the record
   * lists may be on no machine of the node.
   */
  public boolean isReplaced() {
    var now = nodeFacts.flatMap(NodeFacts::instanceId);
    return now.filter(id -> instance.id().filter(id::equals).isEmpty()).isPresent();
  }
}
