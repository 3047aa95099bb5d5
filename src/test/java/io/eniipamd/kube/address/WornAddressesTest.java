package io.eniipamd.kube.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.cloud.FakeVpcCloud;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.domain.address.Cidr;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.Worn;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.EniTags;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import io.eniipamd.kube.support.SlimPod;
import io.eniipamd.testing.ListedObjects;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class WornAddressesTest {
  private static final Ip IP = Ip.parse("10.0.0.10");
  private static final String UID = "uid-pod";

  private final FakeVpcCloud cloud = new FakeVpcCloud();
  private final List<SlimPod> listed = new ArrayList<>();
  private final SharedCache<SlimPod> pods = ListedObjects.watched(SlimPod.class, listed);
  private final SlimPod pod = new SlimPod();
  private WornAddresses worn;

  @BeforeEach
  void runAPodWithAnAddressOfOurs() {
    var eni =
        cloud.createNetworkInterface(
            new EniSpec(
                "eni-1",
                "subnet-a",
                Ip.parse("10.0.0.2"),
                List.of(),
                Map.of(EniTags.CLUSTER, "cls-a"),
                "token-1"));
    cloud.assign(eni.id(), List.of(IP));
    pod.setMetadata(
        new ObjectMetaBuilder().withNamespace("shop").withName("web-0").withUid(UID).build());
    listed.add(pod);
    var book = new AddressBook(Clock.systemUTC());
    book.subnets(
        List.of(new Subnet("subnet-a", "vpc-a", "zone-a", Cidr.parse("10.0.0.0/24"), 253, 253)));
    worn =
        new WornAddresses(
            book,
            new OwnEnis(
                cloud,
                ListedObjects.watched(NodeENIConfig.class),
                ListedObjects.watched(SlimNode.class),
                PlainAddresses.of("cls-a"),
                Runnable::run,
                Clock.systemUTC()),
            new CloudTasks(new Random(1)),
            pods,
            ListedObjects.watched(VpcIPClaim.class),
            () -> 0);
  }

  @Test
  void shouldKnowWhereTheAddressIsWhenTheLookHasEnded() {
    askTwice();

    assertThat(where()).isEqualTo(Worn.Where.OURS);
  }

  @Test
  void shouldKeepNothingOfALookThatEndsAfterThePodIsGone() {
    // given
    assertThat(look()).isInstanceOf(WornAddresses.Look.Asking.class);

    // when
    listed.clear();
    pods.onResourceDeleted(pod);
    askTwice();

    // then
    assertThat(where()).isEqualTo(Worn.Where.UNSURE);
  }

  @Test
  void shouldKeepNothingOfALookThatEndsAfterAnotherPodHasTheName() {
    // given
    var next = new SlimPod();
    next.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace("shop")
            .withName("web-0")
            .withUid("uid-next")
            .build());
    listed.clear();
    pods.onResourceDeleted(pod);
    listed.add(next);

    // when
    askTwice();

    // then
    assertThat(where()).isEqualTo(Worn.Where.UNSURE);
  }

  /** The pass that starts the look, and the one that takes its end. */
  private void askTwice() {
    var first = look();
    assertThat(first).isNotInstanceOf(WornAddresses.Look.Failed.class);
    var second = look();
    assertThat(second).isNotInstanceOf(WornAddresses.Look.Failed.class);
  }

  private WornAddresses.Look look() {
    return worn.look("shop", "web-0", UID, IP);
  }

  private Worn.Where where() {
    return worn.of("shop", "web-0", UID, IP).where();
  }
}
