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
 * @param limits with the caps applied, once they are known
 */
public record RecordFacts(
    boolean leaving,
    Optional<String> instanceId,
    Optional<String> zone,
    List<String> subnets,
    boolean ready,
    Optional<RouteLimits> limits) {
  public RecordFacts {
    subnets = List.copyOf(subnets);
  }
}
