package io.eniipamd.app;

import io.eniipamd.cloud.AddressReservations;
import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.cloud.operate.CloudStack;
import io.eniipamd.cloud.operate.OperationSettings;
import io.eniipamd.cloud.tencent.CredentialSource;
import io.eniipamd.cloud.tencent.TencentSettings;
import io.eniipamd.cloud.tencent.TencentVpcCloud;
import io.eniipamd.config.IpamdConfig;
import io.eniipamd.kube.support.EniTags;
import io.eniipamd.kube.support.Leadership;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;

/** The cloud, from the settings. */
final class CloudWiring {

  @Produces
  @Singleton
  CloudStack stack(IpamdConfig config, Leadership fence, CallObserver observer, Clock clock) {
    var connect = TencentSettings.DEFAULT_CONNECT_TIMEOUT;
    var whole = config.cloudCallTimeout();
    var read = whole.compareTo(connect) > 0 ? whole.minus(connect) : whole;
    var settings =
        new TencentSettings(
            config.cloudEndpoint(),
            config.cloudRegion(),
            config.vpcId(),
            connect,
            read.compareTo(Duration.ofSeconds(1)) < 0 ? Duration.ofSeconds(1) : read,
            config.cloudProxy());
    return CloudStack.build(
        new TencentVpcCloud(settings, credentials(config, clock)),
        new CloudStack.Settings(
            config.cloudRequestsPerSecond(),
            OperationSettings.DEFAULTS,
            Map.of(EniTags.CLUSTER, config.clusterId())),
        fence,
        observer);
  }

  void close(@Disposes CloudStack stack) {
    stack.close();
  }

  @Produces
  @Singleton
  VpcCloud cloud(CloudStack stack) {
    return stack.cloud();
  }

  @Produces
  @Singleton
  EniOperations operations(CloudStack stack) {
    return stack.operations();
  }

  @Produces
  @Singleton
  AddressReservations reservations(CloudStack stack) {
    return stack.reservations();
  }

  private static CredentialSource credentials(IpamdConfig config, Clock clock) {
    return switch (config.cloudCredentials()) {
      case ENV -> CredentialSource.environment(System.getenv());
      case FILE -> CredentialSource.file(config.cloudCredentialsFile().orElseThrow());
      case CVM_ROLE ->
          CredentialSource.instanceRole(config.cloudMetadataEndpoint(), config.cloudRole(), clock);
      case OIDC ->
          CredentialSource.webIdentityRole(
              System.getenv(), config.cloudStsEndpoint(), config.cloudProxy(), clock);
    };
  }
}
