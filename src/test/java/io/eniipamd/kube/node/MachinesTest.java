package io.eniipamd.kube.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.FakeVpcCloud;
import io.eniipamd.cloud.FakeVpcCloud.Fault;
import io.eniipamd.cloud.Instance;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.decorate.KnownIdsVpcCloud;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.kube.support.EniTags;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MachinesTest {
  private static final int NODES = 50;

  private final FakeVpcCloud vpc = new FakeVpcCloud();
  private final Machines machines =
      new Machines(new KnownIdsVpcCloud(vpc), Thread::startVirtualThread);

  @Test
  void shouldTellTheZonesOfTheOthersWhenTheCloudDoesNotKnowOneOfManyInstances() throws Exception {
    var ids = IntStream.range(0, NODES).mapToObj("ins-%08d"::formatted).toList();
    ids.forEach(id -> vpc.addInstance(new Instance(id, "S5.MEDIUM4", "zone-1", 2)));
    vpc.refuseUnknownInstances();
    var gone = machines.machine("ins-00000gone").toCompletableFuture();

    var asked = ids.stream().map(id -> machines.machine(id).toCompletableFuture()).toList();
    var goneToo = machines.machine("ins-0000gone2").toCompletableFuture();

    for (var machine : asked) {
      assertThat(machine.get(30, TimeUnit.SECONDS).zone()).contains("zone-1");
    }
    assertThat(gone.get(30, TimeUnit.SECONDS).zone()).isEmpty();
    assertThat(goneToo.get(30, TimeUnit.SECONDS).zone()).isEmpty();
  }

  @Test
  void shouldFailForOneInstanceOnlyWhenItsRowCannotBeRead() throws Exception {
    var ids = List.of("ins-00000001", "ins-00000002", "ins-0000torn");
    ids.forEach(id -> vpc.addInstance(new Instance(id, "S5.MEDIUM4", "zone-1", 2)));
    vpc.describeUnreadably("ins-0000torn");

    var asked = ids.stream().map(id -> machines.machine(id).toCompletableFuture()).toList();

    assertThat(asked.get(0).get(30, TimeUnit.SECONDS).zone()).contains("zone-1");
    assertThat(asked.get(1).get(30, TimeUnit.SECONDS).zone()).contains("zone-1");
    assertThat(asked.get(2))
        .failsWithin(Duration.ofSeconds(30))
        .withThrowableThat()
        .withMessageContaining("ins-0000torn");
  }

  /** Not even a tag of the node makes it one of the node's. */
  @Test
  void shouldSeeNeitherOurOwnNorAStrangerInAnEniOfAPodsOwn() {
    var own = eni("eni-own", Map.of(EniTags.CLUSTER, "cls-a", EniTags.MODE, EniTags.DIRECT), false);
    var attached =
        eni(
            "eni-attached",
            Map.of(EniTags.CLUSTER, "cls-a", EniTags.NODE, "node-a", EniTags.MODE, EniTags.DIRECT),
            true);
    var ofOthers = eni("eni-others", Map.of(), true);
    var stranger = eni("eni-stranger", Map.of(), false);

    var look =
        NodeCloud.look(
            "cls-a", "ins-00000001", List.of(own, attached, ofOthers, stranger), Set.of());

    assertThat(look.seen()).isEmpty();
    assertThat(look.strangers()).isEqualTo(1);
    assertThat(look.others()).containsExactly("eni-stranger");
  }

  private static NetworkInterface eni(String id, Map<String, String> tags, boolean extension) {
    return new NetworkInterface(
        id,
        "subnet-a",
        "20:90:6f:00:00:01",
        NetworkInterface.State.AVAILABLE,
        Optional.of("ins-00000001"),
        List.of(
            new NetworkInterface.Address(
                Ip.parse("10.0.0.9"), true, NetworkInterface.AddressState.AVAILABLE)),
        tags,
        List.of(),
        extension);
  }

  @Test
  void shouldNotTakeAClockThatIsOffForAMissingRight() {
    vpc.addInstance(new Instance("ins-00000001", "S5.MEDIUM4", "zone-1", 2));
    vpc.fail(CloudAction.DESCRIBE_INSTANCES, Fault.CLOCK_IS_OFF);

    var machine = machines.machine("ins-00000001").toCompletableFuture();

    assertThat(machine)
        .failsWithin(Duration.ofSeconds(30))
        .withThrowableThat()
        .withMessageContaining("AuthFailure.SignatureExpire");
  }

  @Test
  void shouldLeaveTheZoneToTheLabelsWhenTheRightIsMissing() throws Exception {
    vpc.addInstance(new Instance("ins-00000001", "S5.MEDIUM4", "zone-1", 2));
    vpc.fail(CloudAction.DESCRIBE_INSTANCES, Fault.DENIED);

    var machine = machines.machine("ins-00000001").toCompletableFuture().get(30, TimeUnit.SECONDS);

    assertThat(machine.zone()).isEmpty();
    assertThat(machine.limits()).isNotNull();
  }
}
