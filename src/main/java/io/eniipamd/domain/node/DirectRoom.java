package io.eniipamd.domain.node;

import java.util.List;
import java.util.Optional;

/**
 * What a node has for ENIs of Pods' own.
 *
 * @param instanceId the instance that it runs on; empty while its record is not of that instance
 * @param subnets of its zone that a new ENI may be from, with the addresses that are free there
 * @param limit how many of them its instance may have; empty while the cloud was not asked
 * @param wanted how many of them are recorded for its instance, attached or on their way
 */
public record DirectRoom(
    Optional<String> instanceId, List<SubnetRoom> subnets, Optional<Integer> limit, int wanted) {
  public DirectRoom {
    subnets = List.copyOf(subnets);
  }

  /** Whether more of them are wanted than the instance may have. */
  public boolean isOverfull() {
    return limit.filter(l -> wanted > l).isPresent();
  }
}
