package io.eniipamd.kube.node;

import java.util.List;

/**
 * What is set for the ENIs of all nodes.
 *
 * @param clusterId which cluster the ENIs are of, a tag on each
 * @param securityGroups what new nodes' ENIs get; empty: the account's default group
 */
public record NodeSettings(String clusterId, List<String> securityGroups) {
  public NodeSettings {
    securityGroups = List.copyOf(securityGroups);
  }
}
