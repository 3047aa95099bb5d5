package io.eniipamd.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The list of everything that can be set: what it means, what it is when it is not set, and what
 * may be written. Flags, {@code --help}, the check at the start and {@code docs/configuration.md}
 * come from it; {@link IpamdConfig} is how the program reads the same keys.
 */
public enum ConfigKey {
  CLUSTER_ID(
      ConfigGroup.CLOUD,
      Default.REQUIRED,
      ValueType.matching(
          "cls-…", "1 to 63 letters, digits and hyphens", "[A-Za-z0-9][A-Za-z0-9-]{0,62}"),
      "The ID of this cluster. The operator tags the ENIs that it makes with it, to find"
          + " them again."),
  VPC_ID(
      ConfigGroup.CLOUD,
      Default.REQUIRED,
      ValueType.id("vpc-"),
      "The VPC of the cluster and of its container subnets."),
  ENI_SUBNETS(
      ConfigGroup.CLOUD,
      Default.REQUIRED,
      ValueType.ids("subnet-"),
      "The subnets that ENIs and Pods get their addresses from; at least one in each zone"
          + " that has nodes. The operator reports a subnet that does not exist in an event, and"
          + " uses the others."),
  CLOUD_REGION(
      ConfigGroup.CLOUD,
      Default.REQUIRED,
      ValueType.matching("region", "a region such as ap-guangzhou", "[a-z]{2}(-[a-z0-9]+)+"),
      "The region of the VPC."),
  CLOUD_ENDPOINT(
      ConfigGroup.CLOUD,
      Default.none("the region's own"),
      ValueType.endpoint(),
      "The endpoint of the cloud's API."),
  CLOUD_CREDENTIALS(
      ConfigGroup.CLOUD,
      Default.of("env"),
      ValueType.oneOf("env", "file", "cvm-role", "oidc"),
      "The source of the account's keys: the environment variables TENCENTCLOUD_SECRET_ID"
          + " and TENCENTCLOUD_SECRET_KEY, a mounted file, the CAM role of the instance, or the"
          + " CAM role of the Pod's ServiceAccount."),
  CLOUD_CREDENTIALS_FILE(
      ConfigGroup.CLOUD,
      Default.none("none"),
      ValueType.path(),
      "The mounted Secret with the keys, for cloud-credentials=file: a directory with a"
          + " file for each of TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY, or one file"
          + " with lines NAME=VALUE of these names."),
  CLOUD_ROLE(
      ConfigGroup.CLOUD,
      Default.none("the one that the instance has"),
      ValueType.matching(
          "name",
          "the name of a CAM role, 1 to 128 of A-Z a-z 0-9 + = , . @ _ -",
          "[\\w+=,.@-]{1,128}"),
      "The CAM role of the instance, for cloud-credentials=cvm-role."),
  CLOUD_METADATA_ENDPOINT(
      ConfigGroup.CLOUD,
      Default.of("http://metadata.tencentyun.com"),
      ValueType.plainEndpoint(),
      "The metadata service of the instance, for cloud-credentials=cvm-role. The operator"
          + " never asks it through a proxy."),
  CLOUD_STS_ENDPOINT(
      ConfigGroup.CLOUD,
      Default.of("https://sts.tencentcloudapi.com"),
      ValueType.endpoint(),
      "The cloud's service for roles, for cloud-credentials=oidc."),
  CLOUD_PROXY(
      ConfigGroup.CLOUD,
      Default.none("none"),
      ValueType.proxy(),
      "The HTTP proxy for requests to the cloud. The operator does not read the variables"
          + " HTTP_PROXY and HTTPS_PROXY."),
  CLOUD_REQUESTS_PER_SECOND(
      ConfigGroup.CLOUD,
      Default.of("50"),
      ValueType.number(1, 1000),
      "Maximum number of requests per second to each action of the cloud's API. The"
          + " account shares its quota with its other users."),
  CLOUD_CALL_TIMEOUT(
      ConfigGroup.CLOUD,
      Default.of("10s"),
      ValueType.duration(Duration.ofSeconds(3), Duration.ofMinutes(1)),
      "Maximum time of one request to the cloud, connecting included."),

  CLAIM_EXPIRED_DURATION(
      ConfigGroup.RELEASE,
      Default.of("0"),
      ValueType.expiry(),
      "How long after the end of its Pod a fixed IP is released. An annotation of the"
          + " claim or of the Pod overrides it."),
  ENABLE_OWNERREF(
      ConfigGroup.RELEASE,
      Default.of("false"),
      ValueType.onOff(),
      "Release the fixed IPs of a workload when a user deletes it, also those of workloads"
          + " that already exist. The annotation tke.cloud.tencent.com/when-deleted: Retain of a"
          + " workload excludes it."),
  OWNER_KINDS(
      ConfigGroup.RELEASE,
      Default.none("none"),
      ValueType.kinds(),
      "Custom workloads that count as owners, beside StatefulSet, Deployment, DaemonSet"
          + " and Job; the operator needs the right to get them (docs/release.md)."),
  WHEN_SCALED(
      ConfigGroup.RELEASE,
      Default.of("Retain"),
      ValueType.oneOf("Retain", "Delete"),
      "What happens to the fixed IPs of the ordinals that a StatefulSet was scaled down from. The"
          + " annotation tke.cloud.tencent.com/when-scaled of the StatefulSet overrides it."),
  PAUSE_RELEASES(
      ConfigGroup.RELEASE,
      Default.of("false"),
      ValueType.onOff(),
      "Release no fixed IP, for any reason, while this is true."),
  PAUSE_RELEASES_NAMESPACES(
      ConfigGroup.RELEASE,
      Default.none("none"),
      ValueType.namespaces(),
      "Release no fixed IP in these namespaces."),
  RELEASES_PER_SWEEP(
      ConfigGroup.RELEASE,
      Default.of("1000"),
      ValueType.number(1, 1_000_000),
      "Maximum number of fixed IPs released per sweep-interval; the others follow in the"
          + " next ones."),
  AVALANCHE_COUNT(
      ConfigGroup.RELEASE,
      Default.of("2000"),
      ValueType.number(0, 1_000_000),
      "Pauses all releases, until a user sets resume-releases, when more fixed IPs than"
          + " this fall due in one sweep-interval; 0 disables it."),
  AVALANCHE_PERCENT(
      ConfigGroup.RELEASE,
      Default.of("50"),
      ValueType.number(0, 100),
      "Pauses all releases when more than 100 fixed IPs, and more than this share of"
          + " them, fall due in one sweep-interval: the share of the retained ones for expiries,"
          + " of all fixed IPs for all releases; 0 disables it."),
  RESUME_RELEASES(
      ConfigGroup.RELEASE,
      Default.none("none"),
      ValueType.instant(),
      "Ends an automatic pause: anything due before this time may be released, whatever"
          + " the limits."),
  SWEEP_INTERVAL(
      ConfigGroup.RELEASE,
      Default.of("30s"),
      ValueType.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
      "How often to look for expired fixed IPs."),
  RESERVE_RETAINED_IPS(
      ConfigGroup.RELEASE,
      Default.of("false"),
      ValueType.onOff(),
      "Reserve a retained address that has to leave its ENI as a private IP in the cloud, so"
          + " that no other user of the VPC can take it."),
  HELD_WATCH_INTERVAL(
      ConfigGroup.RELEASE,
      Default.of("5m"),
      ValueType.duration(Duration.ofSeconds(1), Duration.ofHours(24)),
      "How often to check whether another user of the VPC has taken a retained address"
          + " that is on no ENI and not reserved; one request for ten addresses."),
  STRAY_WATCH_INTERVAL(
      ConfigGroup.RELEASE,
      Default.of("5m"),
      ValueType.duration(Duration.ofSeconds(1), Duration.ofHours(24)),
      "How often to look for addresses on the cluster's ENIs that no VpcIP records; one"
          + " request for a hundred ENIs."),
  RELEASE_STRAY_ADDRESSES(
      ConfigGroup.RELEASE,
      Default.of("true"),
      ValueType.onOff(),
      "Release such an address when two checks in a row have found it and no Pod uses it; if"
          + " false, the operator only reports it."),
  QUARANTINE(
      ConfigGroup.RELEASE,
      Default.of("30s"),
      ValueType.durationOrZero(Duration.ofSeconds(1), Duration.ofHours(24)),
      "How long a released address stays unused before another claim can have it. At"
          + " least leader-election-lease-duration and cloud-call-timeout together, so that a"
          + " leader that was replaced has ended its calls; 0 only with one replica."),

  ENABLE_SECURITY_GROUPS(
      ConfigGroup.NODE,
      Default.of("false"),
      ValueType.onOff(),
      "Bind security groups to the ENIs that the operator makes."),
  SECURITY_GROUPS(
      ConfigGroup.NODE,
      Default.none("the account's default group"),
      ValueType.ids("sg-"),
      "The security groups of the ENIs that the"
          + " operator makes; needs enable-security-groups."),
  NODE_LEAVE_DELAY(
      ConfigGroup.NODE,
      Default.of("2m"),
      ValueType.durationOrZero(Duration.ofSeconds(1), Duration.ofHours(24)),
      "How long after its Node object is gone the operator begins to give back the ENIs of a"
          + " node. While a Pod names the node, or an address is on an ENI, it stays."),
  IP_MIN_WARM_TARGET(
      ConfigGroup.NODE,
      Default.of("0"),
      ValueType.number(0, 1000),
      "Minimum number of unused addresses that a node holds ready on its ENIs, so that a Pod does"
          + " not wait for the cloud; at most ip-max-warm-target, and only together with it."
          + " Annotations of a NodeENIConfig override both."),
  IP_MAX_WARM_TARGET(
      ConfigGroup.NODE,
      Default.of("0"),
      ValueType.number(0, 1000),
      "Maximum number of unused addresses that a node holds ready; the operator releases"
          + " those beyond it."),
  ENABLE_NODE_TAINT(
      ConfigGroup.NODE,
      Default.of("false"),
      ValueType.onOff(),
      "Taint a node with tke.cloud.tencent.com/eni-ip-unavailable:NoSchedule while it has no ENI"
          + " for Pods. If false, the operator takes this taint from all nodes."),
  SUBNET_REFRESH(
      ConfigGroup.NODE,
      Default.of("60s"),
      ValueType.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
      "How often to read the state of the configured subnets from the cloud."),

  WEBHOOK(
      ConfigGroup.WEBHOOK,
      Default.of("false"),
      ValueType.onOff(),
      "Serve the webhook that sets the zone of a fixed IP and the request of an address on new"
          + " Pods; install webhook/webhook.yml with it (docs/zones.md)."),
  WEBHOOK_LISTEN(
      ConfigGroup.WEBHOOK,
      Default.of("9443"),
      ValueType.number(1, 65_535),
      "The port on which the webhook listens, HTTPS. The operator is in its node's network, so that the port"
          + " has to be free on the node; the Service of webhook.yml names it too."),
  WEBHOOK_CERTIFICATE_DIRECTORY(
      ConfigGroup.WEBHOOK,
      Default.none("the operator makes the certificate itself"),
      ValueType.path(),
      "The mounted certificate of the webhook: a directory with tls.crt and tls.key, as"
          + " cert-manager makes it. The operator reads it again when it changes."),

  REPLICAS(
      ConfigGroup.LEADER,
      Default.of("1"),
      ValueType.number(1, 10),
      "The number of replicas of the Deployment."),
  LEADER_ELECTION(
      ConfigGroup.LEADER,
      Default.of("true"),
      ValueType.onOff(),
      "Act only while holding the lease."),
  LEADER_ELECTION_NAMESPACE(
      ConfigGroup.LEADER,
      Default.of("kube-system"),
      ValueType.matching(
          "namespace", "the name of a namespace", "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"),
      "The namespace of the lease and of the two ConfigMaps. The Role, RoleBinding and"
          + " ConfigMaps of kubernetes.yml are in that namespace too."),
  LEADER_ELECTION_LEASE_NAME(
      ConfigGroup.LEADER,
      Default.of("tke-eni-ipamd"),
      ValueType.matching("name", "the name of an object", "[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?"),
      "The name of the lease. The Role of kubernetes.yml names it too."),
  LEADER_ELECTION_LEASE_DURATION(
      ConfigGroup.LEADER,
      Default.of("15s"),
      ValueType.duration(Duration.ofSeconds(2), Duration.ofMinutes(10)),
      "How long a lease is valid without a renewal. Above leader-election-renew-deadline,"
          + " and at least cloud-call-timeout and leader-election-retry-period together: the"
          + " operator changes nothing in the cloud with less than the time of a call left."),
  LEADER_ELECTION_RENEW_DEADLINE(
      ConfigGroup.LEADER,
      Default.of("10s"),
      ValueType.duration(Duration.ofSeconds(1), Duration.ofMinutes(10)),
      "How long the leader tries to renew its lease before it gives up; above"
          + " leader-election-retry-period."),
  LEADER_ELECTION_RETRY_PERIOD(
      ConfigGroup.LEADER,
      Default.of("2s"),
      ValueType.duration(Duration.ofMillis(100), Duration.ofMinutes(1)),
      "How often the leader renews its lease, and a standby tries to get it.");

  private final ConfigGroup group;

  @SuppressWarnings("ImmutableEnumChecker") // a record of texts
  private final Default byDefault;

  @SuppressWarnings("ImmutableEnumChecker") // a record of texts and a predicate without state
  private final ValueType kind;

  private final String description;

  ConfigKey(ConfigGroup group, Default byDefault, ValueType kind, String description) {
    this.group = group;
    this.byDefault = byDefault;
    this.kind = kind;
    this.description = description;
  }

  /** What it is listed under. */
  public ConfigGroup group() {
    return group;
  }

  /** In kebab-case, as in flags and in the ConfigMap: {@code claim-expired-duration}. */
  public String key() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** {@code --claim-expired-duration}. */
  public String flag() {
    return "--" + key();
  }

  /** {@code eni-ipamd.claim-expired-duration}, as in {@code application.properties}. */
  public String property() {
    return IpamdConfig.PREFIX + "." + key();
  }

  /** {@code ENI_IPAMD_CLAIM_EXPIRED_DURATION}. */
  public String environmentVariable() {
    return IpamdConfig.PREFIX.toUpperCase(Locale.ROOT).replace('-', '_') + "_" + name();
  }

  /** The default value. */
  public Optional<String> defaultValue() {
    return byDefault.value();
  }

  /** What happens where it is not set, for users: the default value, or words. */
  public String defaultText() {
    return byDefault.text();
  }

  /** Whether the program does not start without a value. */
  public boolean required() {
    return byDefault.equals(Default.REQUIRED);
  }

  /** Whether a change in the ConfigMap takes effect while the operator runs. */
  public boolean live() {
    return KeySets.LIVE.contains(this);
  }

  /** Whether another value than the default does something in this version. */
  public boolean supported() {
    return !KeySets.TO_COME.contains(this);
  }

  /** The key of that name in kebab-case. */
  public static Optional<ConfigKey> named(String key) {
    return Arrays.stream(values()).filter(k -> k.key().equals(key)).findFirst();
  }

  /** Whether the flag alone means {@code true}. */
  public boolean isSwitch() {
    return kind.placeholder().isEmpty();
  }

  /** What stands for the value in the list of flags; empty for a switch. */
  public String placeholder() {
    return kind.placeholder();
  }

  /** What is accepted, as the end of a sentence that begins with "must be". */
  public String bound() {
    return kind.bound();
  }

  /** What it is for, in sentences. */
  public String description() {
    return supported()
        ? description
        : "%s Not supported yet: any value but %s is refused."
            .formatted(description, byDefault.text());
  }

  /** Whether the text is within the bound by itself; other keys may forbid it still. */
  public boolean accepts(String text) {
    var stripped = text.strip();
    return !stripped.isEmpty() && kind.accepts().test(stripped);
  }
}
