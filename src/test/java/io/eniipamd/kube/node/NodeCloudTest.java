package io.eniipamd.kube.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.FakeVpcCloud;
import io.eniipamd.cloud.FakeVpcCloud.Fault;
import io.eniipamd.cloud.Instance;
import io.eniipamd.cloud.decorate.KnownIdsVpcCloud;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NodeCloudTest {
  private static final int NODES = 50;

  private final FakeVpcCloud vpc = new FakeVpcCloud();
  // None of the operations on ENIs is asked for.
  private final NodeCloud cloud =
      new NodeCloud(
          new KnownIdsVpcCloud(vpc), null, new NodeSettings("cls-a", List.of(), Duration.ZERO));

  @Test
  void shouldTellTheZonesOfTheOthersWhenTheCloudDoesNotKnowOneOfManyInstances() throws Exception {
    var ids = IntStream.range(0, NODES).mapToObj("ins-%08d"::formatted).toList();
    ids.forEach(id -> vpc.addInstance(new Instance(id, "S5.MEDIUM4", "zone-1", 2)));
    vpc.refuseUnknownInstances();
    var gone = cloud.machine("ins-00000gone").toCompletableFuture();

    var asked = ids.stream().map(id -> cloud.machine(id).toCompletableFuture()).toList();
    var goneToo = cloud.machine("ins-0000gone2").toCompletableFuture();

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

    var asked = ids.stream().map(id -> cloud.machine(id).toCompletableFuture()).toList();

    assertThat(asked.get(0).get(30, TimeUnit.SECONDS).zone()).contains("zone-1");
    assertThat(asked.get(1).get(30, TimeUnit.SECONDS).zone()).contains("zone-1");
    assertThat(asked.get(2))
        .failsWithin(Duration.ofSeconds(30))
        .withThrowableThat()
        .withMessageContaining("ins-0000torn");
  }

  @Test
  void shouldNotTakeAClockThatIsOffForAMissingRight() {
    vpc.addInstance(new Instance("ins-00000001", "S5.MEDIUM4", "zone-1", 2));
    vpc.fail(CloudAction.DESCRIBE_INSTANCES, Fault.CLOCK_IS_OFF);

    var machine = cloud.machine("ins-00000001").toCompletableFuture();

    assertThat(machine)
        .failsWithin(Duration.ofSeconds(30))
        .withThrowableThat()
        .withMessageContaining("AuthFailure.SignatureExpire");
  }

  @Test
  void shouldLeaveTheZoneToTheLabelsWhenTheRightIsMissing() throws Exception {
    vpc.addInstance(new Instance("ins-00000001", "S5.MEDIUM4", "zone-1", 2));
    vpc.fail(CloudAction.DESCRIBE_INSTANCES, Fault.DENIED);

    var machine = cloud.machine("ins-00000001").toCompletableFuture().get(30, TimeUnit.SECONDS);

    assertThat(machine.zone()).isEmpty();
    assertThat(machine.limits()).isNotNull();
  }
}
