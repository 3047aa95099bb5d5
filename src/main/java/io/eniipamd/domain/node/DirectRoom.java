package io.eniipamd.domain.node;

import java.util.List;
import java.util.Optional;

/**
 * What a node has for ENIs of Pods' own.
 *
 * @param instanceId the instance that it runs on; empty while its record is not of that instance
 * @param subnets of its zone that a new ENI may be from, with the addresses that are free there
 */
public record DirectRoom(Optional<String> instanceId, List<SubnetRoom> subnets) {
  public DirectRoom {
    subnets = List.copyOf(subnets);
  }
}
