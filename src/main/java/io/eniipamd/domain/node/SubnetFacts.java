package io.eniipamd.domain.node;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of the subnets that a node may use.
 *
 * @param rooms of those that exist
 * @param unseen ids of those that the cloud was not asked about yet
 * @param unseenBecause why the cloud did not list them, if it was asked
 */
public record SubnetFacts(
    List<SubnetRoom> rooms, Set<String> unseen, Optional<Problem> unseenBecause) {
  public SubnetFacts {
    rooms = List.copyOf(rooms);
    unseen = Set.copyOf(unseen);
  }
}
