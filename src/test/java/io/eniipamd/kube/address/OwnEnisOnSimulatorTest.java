package io.eniipamd.kube.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.cloud.decorate.KnownIdsVpcCloud;
import io.eniipamd.cloud.tencent.Credentials;
import io.eniipamd.cloud.tencent.TencentSettings;
import io.eniipamd.cloud.tencent.TencentVpcCloud;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.kube.support.EniTags;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import io.eniipamd.simulator.SimulatedVpc;
import io.eniipamd.simulator.layout.VpcLayout;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two clusters that share a VPC, and whose ENI is whose. */
class OwnEnisOnSimulatorTest {
  private static final String SUBNET = "subnet-gz3pods1";

  private final SimulatedVpc vpc = SimulatedVpc.start(VpcLayout.standard());
  private final VpcCloud cloud =
      new KnownIdsVpcCloud(
          new TencentVpcCloud(
              new TencentSettings(
                  Optional.of(URI.create(vpc.endpoint())),
                  vpc.region(),
                  vpc.vpcId(),
                  Duration.ofSeconds(30),
                  Duration.ofSeconds(30),
                  Optional.empty()),
              () -> Credentials.permanent(vpc.secretId(), vpc.secretKey())));
  private final OwnEnis own =
      new OwnEnis(
          cloud,
          new SharedCache<>(NodeENIConfig.class),
          new SharedCache<>(SlimNode.class),
          PlainAddresses.of("cls-1"),
          Runnable::run,
          Clock.systemUTC());

  @AfterEach
  void stop() {
    vpc.close();
  }

  @Test
  void shouldAskForTheTagWhenNoRecordOfANodeListsTheEni() {
    // given
    var ours = made("cls-1", "10.0.0.10");
    var theirs = made("cls-2", "10.0.0.11");
    assertThat(own.whose(ours)).isEmpty();

    // when
    List.of(ours, theirs, "eni-gone0000")
        .forEach(eni -> own.look(eni).toCompletableFuture().join());

    // then
    assertThat(own.whose(ours)).contains(OwnEnis.Whose.OURS);
    assertThat(own.whose(theirs)).contains(OwnEnis.Whose.OTHERS);
    assertThat(own.whose("eni-gone0000")).contains(OwnEnis.Whose.NOBODYS);
  }

  private String made(String cluster, String ip) {
    return cloud
        .createNetworkInterface(
            new EniSpec(
                "eni-of-" + cluster,
                SUBNET,
                Ip.parse(ip),
                List.of(),
                Map.of(EniTags.CLUSTER, cluster),
                "token-" + cluster))
        .id();
  }
}
