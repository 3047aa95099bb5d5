package io.eniipamd.domain.node;

import java.util.List;
import java.util.Optional;

/**
 * A {@code NodeENIConfig} as far as its Node depends on it.
 *
 * @param leaving whether it is being deleted
 * @param instanceId in its spec
 * @param zone in its spec
 * @param subnets in its spec
 * @param ready whether at least one ENI is attached that addresses can be put on
 * @param offer how many Pods the node can carry, once it is known
 * @param directEnis how many ENIs of Pods' own its instance may have, once it is known
 */
public record RecordFacts(
    boolean leaving,
    Optional<String> instanceId,
    Optional<String> zone,
    List<String> subnets,
    boolean ready,
    Optional<Integer> offer,
    Optional<Integer> directEnis) {

  /** One of which nothing is known of ENIs of Pods' own. */
  public RecordFacts(
      boolean leaving,
      Optional<String> instanceId,
      Optional<String> zone,
      List<String> subnets,
      boolean ready,
      Optional<Integer> offer) {
    this(leaving, instanceId, zone, subnets, ready, offer, Optional.empty());
  }

  public RecordFacts {
    subnets = List.copyOf(subnets);
  }
}
