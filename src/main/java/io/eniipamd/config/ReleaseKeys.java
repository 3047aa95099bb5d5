package io.eniipamd.config;

import java.time.Duration;

/** The keys of when fixed IPs and addresses are released. */
final class ReleaseKeys {
  static final KeyDefinition CLAIM_EXPIRED_DURATION =
      new KeyDefinition(
          ConfigGroup.RELEASE,
          Default.of("0"),
          ValueType.expiry(),
          "How long after the end of its Pod a fixed IP is released. An annotation of the"
              + " claim or of the Pod overrides it.");

  static final KeyDefinition ENABLE_OWNERREF =
      new KeyDefinition(
          ConfigGroup.RELEASE,
          Default.of("false"),
          ValueType.onOff(),
          "Release the fixed IPs of a workload when a user deletes it, also those of workloads"
              + " that already exist. The annotation tke.cloud.tencent.com/when-deleted: Retain of a"
              + " workload excludes it.");

  static final KeyDefinition OWNER_KINDS =
      new KeyDefinition(
          ConfigGroup.RELEASE,
          Default.none("none"),
          ValueType.kinds(),
          "Custom workloads that count as owners, beside StatefulSet, Deployment, DaemonSet"
              + " and Job; the operator needs the right to get them (docs/release.md).");

  static final KeyDefinition WHEN_SCALED =
      new KeyDefinition(
          ConfigGroup.RELEASE,
          Default.of("Retain"),
          ValueType.oneOf("Retain", "Delete"),
          "What happens to the fixed IPs of the ordinals that a StatefulSet was scaled down from. The"
              + " annotation tke.cloud.tencent.com/when-scaled of the StatefulSet overrides it.");

  static final KeyDefinition PAUSE_RELEASES =
      new KeyDefinition(
          ConfigGroup.RELEASE,
          Default.of("false"),
          ValueType.onOff(),
          "Release no fixed IP, for any reason, while this is true.");

  static final KeyDefinition PAUSE_RELEASES_NAMESPACES =
      new KeyDefinition(
          ConfigGroup.RELEASE,
          Default.none("none"),
          ValueType.namespaces(),
          "Release no fixed IP in these namespaces.");

  static final KeyDefinition RELEASES_PER_SWEEP =
      new KeyDefinition(
          ConfigGroup.RELEASE,
          Default.of("1000"),
          ValueType.number(1, 1_000_000),
          "Maximum number of fixed IPs released per sweep-interval; the others follow in the"
              + " next ones.");

  static final KeyDefinition AVALANCHE_COUNT =
      new KeyDefinition(
          ConfigGroup.RELEASE,
          Default.of("2000"),
          ValueType.number(0, 1_000_000),
          "Pauses all releases, until a user sets resume-releases, when more fixed IPs than"
              + " this fall due in one sweep-interval; 0 disables it.");

  static final KeyDefinition AVALANCHE_PERCENT =
      new KeyDefinition(
          ConfigGroup.RELEASE,
          Default.of("50"),
          ValueType.number(0, 100),
          "Pauses all releases when more than 100 fixed IPs, and more than this share of"
              + " them, fall due in one sweep-interval: the share of the retained ones for expiries,"
              + " of all fixed IPs for all releases; 0 disables it.");

  static final KeyDefinition RESUME_RELEASES =
      new KeyDefinition(
          ConfigGroup.RELEASE,
          Default.none("none"),
          ValueType.instant(),
          "Ends an automatic pause: anything due before this time may be released, whatever"
              + " the limits.");

  static final KeyDefinition SWEEP_INTERVAL =
      new KeyDefinition(
          ConfigGroup.RELEASE,
          Default.of("30s"),
          ValueType.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
          "How often to look for expired fixed IPs.");

  static final KeyDefinition RESERVE_RETAINED_IPS =
      new KeyDefinition(
          ConfigGroup.RELEASE,
          Default.of("false"),
          ValueType.onOff(),
          "Reserve a retained address that has to leave its ENI as a private IP in the cloud, so"
              + " that no other user of the VPC can take it.");

  static final KeyDefinition HELD_WATCH_INTERVAL =
      new KeyDefinition(
          ConfigGroup.RELEASE,
          Default.of("5m"),
          ValueType.duration(Duration.ofSeconds(1), Duration.ofHours(24)),
          "How often to check whether another user of the VPC has taken a retained address"
              + " that is on no ENI and not reserved; one request for ten addresses.");

  static final KeyDefinition STRAY_WATCH_INTERVAL =
      new KeyDefinition(
          ConfigGroup.RELEASE,
          Default.of("5m"),
          ValueType.duration(Duration.ofSeconds(1), Duration.ofHours(24)),
          "How often to look for addresses on the cluster's ENIs that no VpcIP records; one"
              + " request for a hundred ENIs.");

  static final KeyDefinition RELEASE_STRAY_ADDRESSES =
      new KeyDefinition(
          ConfigGroup.RELEASE,
          Default.of("true"),
          ValueType.onOff(),
          "Release such an address when two checks in a row have found it and no Pod uses it; if"
              + " false, the operator only reports it.");

  static final KeyDefinition INVENTORY =
      new KeyDefinition(
          ConfigGroup.RELEASE,
          Default.of("repair"),
          ValueType.oneOf("repair", "report"),
          "Whether the operator repairs what differs between the cloud and the records, or only"
              + " reports it (docs/inventory.md). report also stops the release of stray"
              + " addresses.");

  static final KeyDefinition INVENTORY_INTERVAL =
      new KeyDefinition(
          ConfigGroup.RELEASE,
          Default.of("10m"),
          ValueType.duration(Duration.ofSeconds(1), Duration.ofHours(24)),
          "How often to compare all ENIs and reservations of the cluster with the records; one"
              + " request for a hundred.");

  static final KeyDefinition INVENTORY_GRACE =
      new KeyDefinition(
          ConfigGroup.RELEASE,
          Default.of("5m"),
          ValueType.duration(Duration.ofSeconds(1), Duration.ofHours(24)),
          "How long a difference has to last, in two looks at least, before the operator reports"
              + " and repairs it.");

  static final KeyDefinition QUARANTINE =
      new KeyDefinition(
          ConfigGroup.RELEASE,
          Default.of("30s"),
          ValueType.durationOrZero(Duration.ofSeconds(1), Duration.ofHours(24)),
          "How long a released address stays unused before another claim can have it. At"
              + " least leader-election-lease-duration and cloud-call-timeout together, so that a"
              + " leader that was replaced has ended its calls; 0 only with one replica.");

  private ReleaseKeys() {}
}
