package io.eniipamd.kube.node;

import java.time.Duration;
import java.util.List;

/**
 * What is set for the ENIs of all nodes.
 *
 * @param clusterId which cluster the ENIs are of, a tag on each
 * @param securityGroups what new nodes' ENIs get; empty: the account's default group
 * @param leaveDelay how long after its Node object is gone a node's ENIs are given back
 */
public record NodeSettings(String clusterId, List<String> securityGroups, Duration leaveDelay) {
  public NodeSettings {
    securityGroups = List.copyOf(securityGroups);
  }
}
