package io.eniipamd.cloud.tencent;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the cloud is and how long it may take.
 *
 * @param endpoint scheme, host and perhaps port, like {@code https://vpc.tencentcloudapi.com} or
 *     {@code http://127.0.0.1:18090}; empty for the SDK's own. A host that begins with {@code vpc.}
 *     stands for {@code cvm.} in calls to the virtual machines, any other host serves both
 * @param region like {@code ap-guangzhou}
 * @param vpcId the VPC that all ENIs and addresses belong to
 * @param connectTimeout for the connection to be made
 * @param readTimeout for the answer to arrive after that
 * @param proxy an HTTP proxy, {@code http://host:port}; empty for the JVM's own settings
 */
public record TencentSettings(
    Optional<URI> endpoint,
    String region,
    String vpcId,
    Duration connectTimeout,
    Duration readTimeout,
    Optional<URI> proxy) {

  /** Long enough for any region over a private line; a blackholed packet is noticed soon. */
  public static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(2);

  /** The slowest documented calls answer within a few seconds; later ones count as lost. */
  public static final Duration DEFAULT_READ_TIMEOUT = Duration.ofSeconds(10);

  public TencentSettings {
    Objects.requireNonNull(region, "region");
    Objects.requireNonNull(vpcId, "vpcId");
    endpoint.ifPresent(
        uri -> {
          boolean scheme = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
          boolean remainder = uri.getPath() == null || uri.getPath().matches("/?");
          if (!scheme || uri.getHost() == null || !remainder) {
            throw new IllegalArgumentException(
                "\"" + uri + "\" is not an endpoint such as https://vpc.tencentcloudapi.com");
          }
        });
    proxy.ifPresent(
        uri -> {
          if (uri.getHost() == null || uri.getPort() < 0 || uri.getUserInfo() != null) {
            throw new IllegalArgumentException("the proxy is not of the form http://host:port");
          }
        });
  }

  /** Settings with the default time-outs and no proxy. */
  public static TencentSettings of(Optional<URI> endpoint, String region, String vpcId) {
    return new TencentSettings(
        endpoint, region, vpcId, DEFAULT_CONNECT_TIMEOUT, DEFAULT_READ_TIMEOUT, Optional.empty());
  }

  /** After this long a call has ended in any case; the fence of the leader counts with it. */
  public Duration callTimeout() {
    return connectTimeout.plus(readTimeout);
  }
}
