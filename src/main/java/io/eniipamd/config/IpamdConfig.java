package io.eniipamd.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What decides how the program is started, as it reads it; what changes while it runs is in {@link
 * LiveConfig}. Each method is a key {@code eni-ipamd.<kebab-case>}, a flag {@code --<kebab-case>}
 * and an environment variable {@code ENI_IPAMD_<UPPER_SNAKE_CASE>}; arguments go before the
 * environment, this before {@code application.properties}. Meaning, default and bounds of each are
 * in {@link ConfigKey}, which a test holds against this interface.
 */
@ConfigMapping(prefix = IpamdConfig.PREFIX)
public interface IpamdConfig {

  /** What all keys begin with, before a dot. */
  String PREFIX = "eni-ipamd";

  /** {@link ConfigKey#CLUSTER_ID}. */
  String clusterId();

  /** {@link ConfigKey#VPC_ID}. */
  String vpcId();

  /** {@link ConfigKey#ENI_SUBNETS}; never empty. */
  List<String> eniSubnets();

  /** {@link ConfigKey#CLOUD_REGION}. */
  String cloudRegion();

  /** {@link ConfigKey#CLOUD_ENDPOINT}; empty: the region's own. */
  Optional<URI> cloudEndpoint();

  /** {@link ConfigKey#CLOUD_CREDENTIALS}. */
  @WithDefault("env")
  CloudCredentials cloudCredentials();

  /** {@link ConfigKey#CLOUD_CREDENTIALS_FILE}; present where the credentials are a file. */
  Optional<Path> cloudCredentialsFile();

  /** {@link ConfigKey#CLOUD_ROLE}; empty: the one that the instance has. */
  Optional<String> cloudRole();

  /** {@link ConfigKey#CLOUD_METADATA_ENDPOINT}. */
  @WithDefault("http://metadata.tencentyun.com")
  URI cloudMetadataEndpoint();

  /** {@link ConfigKey#CLOUD_STS_ENDPOINT}. */
  @WithDefault("https://sts.tencentcloudapi.com")
  URI cloudStsEndpoint();

  /** {@link ConfigKey#CLOUD_PROXY}; empty: none. */
  Optional<URI> cloudProxy();

  /** {@link ConfigKey#CLOUD_REQUESTS_PER_SECOND}, per action of the API. */
  @WithDefault("50")
  int cloudRequestsPerSecond();

  /** {@link ConfigKey#CLOUD_CALL_TIMEOUT}, connecting included. */
  @WithDefault("10s")
  @WithConverter(DurationConverter.class)
  Duration cloudCallTimeout();

  /** {@link ConfigKey#OWNER_KINDS}, each {@code group/version/Kind}. */
  Optional<List<String>> ownerKinds();

  /** {@link ConfigKey#SWEEP_INTERVAL}. */
  @WithDefault("30s")
  @WithConverter(DurationConverter.class)
  Duration sweepInterval();

  /** {@link ConfigKey#HELD_WATCH_INTERVAL}. */
  @WithDefault("5m")
  @WithConverter(DurationConverter.class)
  Duration heldWatchInterval();

  /** {@link ConfigKey#STRAY_WATCH_INTERVAL}. */
  @WithDefault("5m")
  @WithConverter(DurationConverter.class)
  Duration strayWatchInterval();

  /** {@link ConfigKey#RELEASE_STRAY_ADDRESSES}. */
  @WithDefault("true")
  boolean releaseStrayAddresses();

  /** {@link ConfigKey#INVENTORY}. */
  @WithDefault("repair")
  InventoryMode inventory();

  /** {@link ConfigKey#INVENTORY_INTERVAL}. */
  @WithDefault("10m")
  @WithConverter(DurationConverter.class)
  Duration inventoryInterval();

  /** {@link ConfigKey#INVENTORY_GRACE}. */
  @WithDefault("5m")
  @WithConverter(DurationConverter.class)
  Duration inventoryGrace();

  /** {@link ConfigKey#QUARANTINE}. */
  @WithDefault("30s")
  @WithConverter(DurationConverter.class)
  Duration quarantine();

  /** {@link ConfigKey#NODE_LEAVE_DELAY}. */
  @WithDefault("2m")
  @WithConverter(DurationConverter.class)
  Duration nodeLeaveDelay();

  /** {@link ConfigKey#ENI_SHRINK_DELAY}. */
  @WithDefault("10m")
  @WithConverter(DurationConverter.class)
  Duration eniShrinkDelay();

  /** {@link ConfigKey#IP_MIN_WARM_TARGET}, addresses per node. */
  @WithDefault("0")
  int ipMinWarmTarget();

  /** {@link ConfigKey#IP_MAX_WARM_TARGET}, addresses per node. */
  @WithDefault("0")
  int ipMaxWarmTarget();

  /** {@link ConfigKey#ENABLE_NODE_TAINT}. */
  @WithDefault("false")
  boolean enableNodeTaint();

  /** {@link ConfigKey#SUBNET_REFRESH}. */
  @WithDefault("60s")
  @WithConverter(DurationConverter.class)
  Duration subnetRefresh();

  /** {@link ConfigKey#WEBHOOK}. */
  @WithDefault("false")
  boolean webhook();

  /** {@link ConfigKey#WEBHOOK_LISTEN}. */
  @WithDefault("9443")
  int webhookListen();

  /** {@link ConfigKey#WEBHOOK_CERTIFICATE_DIRECTORY}; empty: the operator makes it itself. */
  Optional<Path> webhookCertificateDirectory();

  /** {@link ConfigKey#REPLICAS}. */
  @WithDefault("1")
  int replicas();

  /** {@link ConfigKey#LEADER_ELECTION}. */
  @WithDefault("true")
  boolean leaderElection();

  /** {@link ConfigKey#LEADER_ELECTION_NAMESPACE}. */
  @WithDefault("kube-system")
  String leaderElectionNamespace();

  /** {@link ConfigKey#LEADER_ELECTION_LEASE_NAME}. */
  @WithDefault("tke-eni-ipamd")
  String leaderElectionLeaseName();

  /** {@link ConfigKey#LEADER_ELECTION_LEASE_DURATION}. */
  @WithDefault("15s")
  @WithConverter(DurationConverter.class)
  Duration leaderElectionLeaseDuration();

  /** {@link ConfigKey#LEADER_ELECTION_RENEW_DEADLINE}. */
  @WithDefault("10s")
  @WithConverter(DurationConverter.class)
  Duration leaderElectionRenewDeadline();

  /** {@link ConfigKey#LEADER_ELECTION_RETRY_PERIOD}. */
  @WithDefault("1s")
  @WithConverter(DurationConverter.class)
  Duration leaderElectionRetryPeriod();

  /** {@link ConfigKey#LOG_JSON}; {@code application.properties} hands it to the log. */
  @WithDefault("false")
  boolean logJson();
}
