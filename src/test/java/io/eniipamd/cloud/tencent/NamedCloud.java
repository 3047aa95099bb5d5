package io.eniipamd.cloud.tencent;

import io.eniipamd.cloud.VpcCloud;
import java.net.InetAddress;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The adapter where the endpoint has a name, and the name has the addresses that a test says. */
public final class NamedCloud {
  /** The name; no other process answers for it. */
  public static final String HOST = "vpc.example.invalid";

  private NamedCloud() {}

  /**
   * The adapter of an endpoint.
   *
   * @param settings with an endpoint that is an address
   * @param addresses that the name has in place of it, in the order in which they are tried
   */
  public static VpcCloud of(
      TencentSettings settings, CredentialSource credentials, String... addresses) {
    URI endpoint = settings.endpoint().orElseThrow();
    List<InetAddress> all = Arrays.stream(addresses).map(InetAddress::ofLiteral).toList();
    return new TencentVpcCloud(
        new TencentSettings(
            Optional.of(URI.create(endpoint.getScheme() + "://" + HOST + ":" + endpoint.getPort())),
            settings.region(),
            settings.vpcId(),
            settings.connectTimeout(),
            settings.readTimeout(),
            settings.proxy()),
        credentials,
        host -> all);
  }
}
