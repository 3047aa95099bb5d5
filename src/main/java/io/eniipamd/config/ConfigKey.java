package io.eniipamd.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The list of everything that can be set: what it means, what it is when it is not set, and what
 * may be written. Flags, {@code --help}, the check at the start and {@code docs/configuration.md}
 * come from it; {@link IpamdConfig} is how the program reads the same keys.
 */
public enum ConfigKey {
  CLUSTER_ID(CloudKeys.CLUSTER_ID),
  VPC_ID(CloudKeys.VPC_ID),
  ENI_SUBNETS(CloudKeys.ENI_SUBNETS),
  CLOUD_REGION(CloudKeys.CLOUD_REGION),
  CLOUD_ENDPOINT(CloudKeys.CLOUD_ENDPOINT),
  CLOUD_CREDENTIALS(CloudKeys.CLOUD_CREDENTIALS),
  CLOUD_CREDENTIALS_FILE(CloudKeys.CLOUD_CREDENTIALS_FILE),
  CLOUD_ROLE(CloudKeys.CLOUD_ROLE),
  CLOUD_METADATA_ENDPOINT(CloudKeys.CLOUD_METADATA_ENDPOINT),
  CLOUD_STS_ENDPOINT(CloudKeys.CLOUD_STS_ENDPOINT),
  CLOUD_PROXY(CloudKeys.CLOUD_PROXY),
  CLOUD_REQUESTS_PER_SECOND(CloudKeys.CLOUD_REQUESTS_PER_SECOND),
  CLOUD_CALL_TIMEOUT(CloudKeys.CLOUD_CALL_TIMEOUT),

  CLAIM_EXPIRED_DURATION(ReleaseKeys.CLAIM_EXPIRED_DURATION),
  ENABLE_OWNERREF(ReleaseKeys.ENABLE_OWNERREF),
  OWNER_KINDS(ReleaseKeys.OWNER_KINDS),
  WHEN_SCALED(ReleaseKeys.WHEN_SCALED),
  PAUSE_RELEASES(ReleaseKeys.PAUSE_RELEASES),
  PAUSE_RELEASES_NAMESPACES(ReleaseKeys.PAUSE_RELEASES_NAMESPACES),
  RELEASES_PER_SWEEP(ReleaseKeys.RELEASES_PER_SWEEP),
  AVALANCHE_COUNT(ReleaseKeys.AVALANCHE_COUNT),
  AVALANCHE_PERCENT(ReleaseKeys.AVALANCHE_PERCENT),
  RESUME_RELEASES(ReleaseKeys.RESUME_RELEASES),
  SWEEP_INTERVAL(ReleaseKeys.SWEEP_INTERVAL),
  RESERVE_RETAINED_IPS(ReleaseKeys.RESERVE_RETAINED_IPS),
  HELD_WATCH_INTERVAL(ReleaseKeys.HELD_WATCH_INTERVAL),
  STRAY_WATCH_INTERVAL(ReleaseKeys.STRAY_WATCH_INTERVAL),
  RELEASE_STRAY_ADDRESSES(ReleaseKeys.RELEASE_STRAY_ADDRESSES),
  INVENTORY(ReleaseKeys.INVENTORY),
  INVENTORY_INTERVAL(ReleaseKeys.INVENTORY_INTERVAL),
  INVENTORY_GRACE(ReleaseKeys.INVENTORY_GRACE),
  QUARANTINE(ReleaseKeys.QUARANTINE),

  ENABLE_SECURITY_GROUPS(NodeKeys.ENABLE_SECURITY_GROUPS),
  SECURITY_GROUPS(NodeKeys.SECURITY_GROUPS),
  NODE_LEAVE_DELAY(NodeKeys.NODE_LEAVE_DELAY),
  ENI_SHRINK_DELAY(NodeKeys.ENI_SHRINK_DELAY),
  IP_MIN_WARM_TARGET(NodeKeys.IP_MIN_WARM_TARGET),
  IP_MAX_WARM_TARGET(NodeKeys.IP_MAX_WARM_TARGET),
  ENABLE_NODE_TAINT(NodeKeys.ENABLE_NODE_TAINT),
  SUBNET_REFRESH(NodeKeys.SUBNET_REFRESH),
  SUBNET_QUOTAS(NodeKeys.SUBNET_QUOTAS),

  WEBHOOK(WebhookKeys.WEBHOOK),
  WEBHOOK_LISTEN(WebhookKeys.WEBHOOK_LISTEN),
  WEBHOOK_CERTIFICATE_DIRECTORY(WebhookKeys.WEBHOOK_CERTIFICATE_DIRECTORY),

  REPLICAS(LeaderKeys.REPLICAS),
  LEADER_ELECTION(LeaderKeys.LEADER_ELECTION),
  LEADER_ELECTION_NAMESPACE(LeaderKeys.LEADER_ELECTION_NAMESPACE),
  LEADER_ELECTION_LEASE_NAME(LeaderKeys.LEADER_ELECTION_LEASE_NAME),
  LEADER_ELECTION_LEASE_DURATION(LeaderKeys.LEADER_ELECTION_LEASE_DURATION),
  LEADER_ELECTION_RENEW_DEADLINE(LeaderKeys.LEADER_ELECTION_RENEW_DEADLINE),
  LEADER_ELECTION_RETRY_PERIOD(LeaderKeys.LEADER_ELECTION_RETRY_PERIOD),

  LOG_JSON(LogKeys.LOG_JSON),
  LOG_LEVELS(LogKeys.LOG_LEVELS);

  @SuppressWarnings("ImmutableEnumChecker") // a record of texts and a predicate without state
  private final KeyDefinition definition;

  ConfigKey(KeyDefinition definition) {
    this.definition = definition;
  }

  /** What it is listed under. */
  public ConfigGroup group() {
    return definition.group();
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
    return definition.byDefault().value();
  }

  /** What happens where it is not set, for users: the default value, or words. */
  public String defaultText() {
    return definition.byDefault().text();
  }

  /** Whether the program does not start without a value. */
  public boolean required() {
    return definition.byDefault().equals(Default.REQUIRED);
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
    return definition.kind().placeholder().isEmpty();
  }

  /** What stands for the value in the list of flags; empty for a switch. */
  public String placeholder() {
    return definition.kind().placeholder();
  }

  /** What is accepted, as the end of a sentence that begins with "must be". */
  public String bound() {
    return definition.kind().bound();
  }

  /** What it is for, in sentences. */
  public String description() {
    return supported()
        ? definition.description()
        : "%s Not supported yet: any value but %s is refused."
            .formatted(definition.description(), definition.byDefault().text());
  }

  /** Whether the text is within the bound by itself; other keys may forbid it still. */
  public boolean accepts(String text) {
    var stripped = text.strip();
    return !stripped.isEmpty() && definition.kind().accepts().test(stripped);
  }
}
