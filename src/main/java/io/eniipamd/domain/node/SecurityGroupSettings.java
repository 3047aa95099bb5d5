package io.eniipamd.domain.node;

import java.util.List;

/**
 * Which security groups the ENIs of all nodes have, as users have set it.
 *
 * @param enabled whether the operator binds security groups at all
 * @param groups the ids for nodes whose records name none, the first of which the cloud asks first;
 *     empty: the operator leaves the ENIs of these nodes as they are
 */
public record SecurityGroupSettings(boolean enabled, List<String> groups) {
  public SecurityGroupSettings {
    groups = List.copyOf(groups);
  }

  /**
   * The groups that the ENIs of a node are to have.
   *
   * @param ofNode those that its record names
   * @return empty where the operator leaves them as they are
   */
  public List<String> groupsFor(List<String> ofNode) {
    if (!enabled) {
      return List.of();
    }
    return ofNode.isEmpty() ? groups : ofNode.stream().distinct().toList();
  }
}
