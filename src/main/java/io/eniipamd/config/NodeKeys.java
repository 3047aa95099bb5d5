package io.eniipamd.config;

import java.time.Duration;

/** The keys of nodes and their ENIs. */
final class NodeKeys {
  /** The cloud's own limit is lower, and differs by account: what is above it, it refuses. */
  private static final int MOST_SECURITY_GROUPS = 10;

  static final KeyDefinition ENABLE_SECURITY_GROUPS =
      new KeyDefinition(
          ConfigGroup.NODE,
          Default.of("false"),
          ValueType.onOff(),
          "Bind security groups to the cluster's ENIs: to new ones, and to those that exist. If false,"
              + " the operator neither reads nor changes any (docs/security-groups.md).");

  static final KeyDefinition SECURITY_GROUPS =
      new KeyDefinition(
          ConfigGroup.NODE,
          Default.none("what the cloud gives a new ENI; the operator changes none"),
          ValueType.ids("sg-", MOST_SECURITY_GROUPS),
          "The security groups of the cluster's ENIs, the one with the highest priority first; needs"
              + " enable-security-groups. spec.securityGroups of a NodeENIConfig overrides it.");

  static final KeyDefinition NODE_LEAVE_DELAY =
      new KeyDefinition(
          ConfigGroup.NODE,
          Default.of("2m"),
          ValueType.durationOrZero(Duration.ofSeconds(1), Duration.ofHours(24)),
          "How long after its Node object is gone the operator begins to give back the ENIs of a"
              + " node. While a Pod names the node, or an address is on an ENI, it stays.");

  static final KeyDefinition ENI_SHRINK_DELAY =
      new KeyDefinition(
          ConfigGroup.NODE,
          Default.of("10m"),
          ValueType.duration(Duration.ofSeconds(1), Duration.ofHours(24)),
          "How long an ENI carries no address before a node that can do without it gives it"
              + " back. A node keeps one ENI, and room for desiredRouteENIIP.");

  static final KeyDefinition IP_MIN_WARM_TARGET =
      new KeyDefinition(
          ConfigGroup.NODE,
          Default.of("0"),
          ValueType.number(0, 1000),
          "Minimum number of unused addresses that a node holds ready on its ENIs, so that a Pod does"
              + " not wait for the cloud; at most ip-max-warm-target, and only together with it."
              + " Annotations of a NodeENIConfig override both.");

  static final KeyDefinition IP_MAX_WARM_TARGET =
      new KeyDefinition(
          ConfigGroup.NODE,
          Default.of("0"),
          ValueType.number(0, 1000),
          "Maximum number of unused addresses that a node holds ready; the operator releases"
              + " those beyond it.");

  static final KeyDefinition ENABLE_NODE_TAINT =
      new KeyDefinition(
          ConfigGroup.NODE,
          Default.of("false"),
          ValueType.onOff(),
          "Taint a node with tke.cloud.tencent.com/eni-ip-unavailable:NoSchedule while it has no ENI"
              + " for Pods. If false, the operator takes this taint from all nodes.");

  static final KeyDefinition SUBNET_REFRESH =
      new KeyDefinition(
          ConfigGroup.NODE,
          Default.of("60s"),
          ValueType.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
          "How often to read the state of the configured subnets from the cloud.");

  static final KeyDefinition SUBNET_QUOTAS =
      new KeyDefinition(
          ConfigGroup.NODE,
          Default.none("no quota"),
          ValueType.subnetQuotas(),
          "How many addresses of a subnet this cluster may take: a number, or a share of all addresses"
              + " of the subnet. Addresses of Pods, of ENIs, warm and retained ones and those that are"
              + " being released all count. What the cluster has beyond a quota stays.");

  private NodeKeys() {}
}
