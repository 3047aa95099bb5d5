package io.eniipamd.config;

import java.time.Duration;

/** The keys of replicas and leader election. */
final class LeaderKeys {
  static final KeyDefinition REPLICAS =
      new KeyDefinition(
          ConfigGroup.LEADER,
          Default.of("1"),
          ValueType.number(1, 10),
          "The number of replicas of the Deployment.");

  static final KeyDefinition LEADER_ELECTION =
      new KeyDefinition(
          ConfigGroup.LEADER,
          Default.of("true"),
          ValueType.onOff(),
          "Act only while holding the lease.");

  static final KeyDefinition LEADER_ELECTION_NAMESPACE =
      new KeyDefinition(
          ConfigGroup.LEADER,
          Default.of("kube-system"),
          ValueType.matching(
              "namespace", "the name of a namespace", "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"),
          "The namespace of the lease and of the two ConfigMaps. The Role, RoleBinding and"
              + " ConfigMaps of kubernetes.yml are in that namespace too.");

  static final KeyDefinition LEADER_ELECTION_LEASE_NAME =
      new KeyDefinition(
          ConfigGroup.LEADER,
          Default.of("tke-eni-ipamd"),
          ValueType.matching(
              "name", "the name of an object", "[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?"),
          "The name of the lease. The Role of kubernetes.yml names it too.");

  static final KeyDefinition LEADER_ELECTION_LEASE_DURATION =
      new KeyDefinition(
          ConfigGroup.LEADER,
          Default.of("15s"),
          ValueType.duration(Duration.ofSeconds(2), Duration.ofMinutes(10)),
          "How long a lease is valid without a renewal. Above leader-election-renew-deadline,"
              + " and at least cloud-call-timeout and leader-election-retry-period together: the"
              + " operator changes nothing in the cloud with less than the time of a call left.");

  static final KeyDefinition LEADER_ELECTION_RENEW_DEADLINE =
      new KeyDefinition(
          ConfigGroup.LEADER,
          Default.of("10s"),
          ValueType.duration(Duration.ofSeconds(1), Duration.ofMinutes(10)),
          "How long the leader tries to renew its lease before it gives up; above"
              + " leader-election-retry-period.");

  static final KeyDefinition LEADER_ELECTION_RETRY_PERIOD =
      new KeyDefinition(
          ConfigGroup.LEADER,
          Default.of("1s"),
          ValueType.duration(Duration.ofMillis(100), Duration.ofMinutes(1)),
          "How often the leader renews its lease, and a standby tries to get it.");

  private LeaderKeys() {}
}
