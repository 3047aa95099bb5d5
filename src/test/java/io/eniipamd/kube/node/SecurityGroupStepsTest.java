package io.eniipamd.kube.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.NodeENIConfigSpecBuilder;
import io.eniipamd.api.v1.NodeENIConfigStatus;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.node.EniFacts;
import io.eniipamd.domain.node.NodeCondition;
import io.eniipamd.domain.node.SecurityGroupPlan.Said;
import io.eniipamd.domain.node.SecurityGroupSettings;
import io.eniipamd.kube.address.OwnEnis;
import io.eniipamd.kube.address.PlainAddresses;
import io.eniipamd.kube.address.StrayCollector;
import io.eniipamd.kube.support.EniTags;
import io.eniipamd.kube.support.SlimNode;
import io.eniipamd.testing.ListedObjects;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SecurityGroupStepsTest {
  private static final String A = "eni-a";
  private static final String B = "eni-b";
  private static final Map<String, String> OURS = Map.of(EniTags.CLUSTER, "cls-a");

  private final NodeBench bench = new NodeBench();
  private final OwnEnis own =
      new OwnEnis(
          bench.vpc,
          bench.parts.necs(),
          ListedObjects.watched(SlimNode.class),
          PlainAddresses.of("cls-a"),
          Runnable::run,
          bench.clock);
  private final StrayCollector looks = bench.parts.strays(own);
  private SecurityGroupSettings settings = new SecurityGroupSettings(true, List.of("sg-1"));
  private final SecurityGroupSteps steps = bench.parts.groups(own, looks, () -> settings);

  SecurityGroupStepsTest() {
    record();
    bench.nec.setStatus(
        Serialization.unmarshal(
            """
            {"eniInfos": [
              {"eniId": "eni-a", "mac": "20:90:6f:00:00:01", "primaryIP": "10.0.0.2",
               "subnetId": "subnet-a", "subnetCIDR": "10.0.0.0/24", "gateway": "10.0.0.1",
               "slots": 4, "phase": "Attached"},
              {"eniId": "eni-b", "mac": "20:90:6f:00:00:02", "primaryIP": "10.0.0.3",
               "subnetId": "subnet-a", "subnetCIDR": "10.0.0.0/24", "gateway": "10.0.0.1",
               "slots": 4, "phase": "Detaching"}]}""",
            NodeENIConfigStatus.class));
    bench.parts.necs().wrote(bench.nec);
    bench.vpc.addEni(A, NodeBench.SUBNET, Ip.parse("10.0.0.2"), OURS);
    bench.vpc.addEni(B, NodeBench.SUBNET, Ip.parse("10.0.0.3"), OURS);
    bench.vpc.giveGroups(A, "sg-9");
    bench.vpc.giveGroups(B, "sg-9");
    bench.vpc.attached(A, NodeBench.INSTANCE);
    bench.vpc.attached(B, NodeBench.INSTANCE);
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void shouldReadAndChangeNothingWhenItIsSwitchedOff() {
    settings = new SecurityGroupSettings(false, List.of());
    record("sg-7");
    looks.look();

    assertThat(condition(perform()).reason()).isEqualTo(NodeReason.SECURITY_GROUPS_OFF);
    looks.lookIfSuspected();

    assertThat(reads()).isOne();
    assertThat(bench.operations.asked).isEmpty();
  }

  @Test
  void shouldReadAnEniSoonThatWasNotReadYetAndThenChangeIt() {
    assertThat(perform()).isEqualTo(new Said.AsBefore());
    assertThat(bench.operations.asked).isEmpty();

    looks.lookIfSuspected();
    perform();

    assertThat(reads()).isOne();
    assertThat(bench.operations.asked).containsExactly("give eni-a sg-1");
  }

  @Test
  void shouldAskOnceWhileTheChangeIsUnderWayAndSayWhenItHasEnded() {
    looks.look();
    perform();
    perform();
    assertThat(bench.operations.asked).containsExactly("give eni-a sg-1");

    end("sg-1");

    assertThat(condition(perform()).holds()).isTrue();
    assertThat(bench.operations.asked).hasSize(1);
  }

  @Test
  void shouldGoByTheRecordWhenItNamesGroups() {
    record("sg-7", "sg-8");
    looks.look();

    perform();

    assertThat(bench.operations.asked).containsExactly("give eni-a sg-7, sg-8");
  }

  @Test
  void shouldNotAskAgainWhenTheCloudShowsTheGroupsInAnotherOrder() {
    record("sg-8", "sg-7");
    looks.look();
    perform();
    end("sg-7", "sg-8");
    bench.vpc.giveGroups(A, "sg-7", "sg-8");

    assertThat(condition(perform()).holds()).isTrue();
    looks.look();
    assertThat(condition(perform()).holds()).isTrue();
    assertThat(bench.operations.asked).hasSize(1);
  }

  @Test
  void shouldPutItRightWhenAnotherUserHasChangedTheGroups() {
    bench.vpc.giveGroups(A, "sg-1");
    looks.look();
    assertThat(condition(perform()).holds()).isTrue();
    bench.vpc.giveGroups(A, "sg-1", "sg-9");

    looks.look();
    perform();

    assertThat(bench.operations.asked).containsExactly("give eni-a sg-1");
  }

  @Test
  void shouldLeaveAnEniAloneThatHasNotTheTagOfThisCluster() {
    bench.vpc.addEni(A, NodeBench.SUBNET, Ip.parse("10.0.0.2"), Map.of());
    looks.look();
    perform();
    assertThat(bench.operations.asked).isEmpty();

    // Its tag goes between the look and the call.
    bench.vpc.addEni(A, NodeBench.SUBNET, Ip.parse("10.0.0.2"), OURS);
    looks.look();
    perform();
    bench.vpc.addEni(A, NodeBench.SUBNET, Ip.parse("10.0.0.2"), Map.of());
    assertThat(bench.operations.due.test(bench.vpc.eni(A).orElseThrow())).isFalse();
  }

  @Test
  void shouldNotSendWhatIsNotWantedAnyMore() {
    looks.look();
    perform();
    assertThat(bench.operations.due.test(bench.vpc.eni(A).orElseThrow())).isTrue();
    record("sg-7");
    assertThat(bench.operations.due.test(bench.vpc.eni(A).orElseThrow())).isFalse();

    fail(Kind.TRANSIENT, "it is not due any more");
    perform();

    assertThat(bench.operations.asked).containsExactly("give eni-a sg-1", "give eni-a sg-7");
  }

  @Test
  void shouldSayWhyAndTryAgainAfterAWhileWhenTheCloudDoesNotKnowTheGroup() {
    looks.look();
    perform();
    fail(Kind.NOT_FOUND, "ResourceNotFound: sg-1");

    var said = condition(perform());

    assertThat(said.holds()).isFalse();
    assertThat(said.reason()).isEqualTo(NodeReason.SECURITY_GROUP_NOT_FOUND);
    assertThat(said.message()).contains("sg-1", "spec.securityGroups", "--security-groups");
    assertThat(bench.operations.asked).hasSize(1);
    assertThat(bench.parts.memory().untilGroups("uid-nec")).contains(Duration.ofMinutes(1));

    bench.clock.advance(Duration.ofMinutes(1));
    assertThat(perform()).isEqualTo(new Said.AsBefore());
    assertThat(bench.operations.asked).hasSize(2);
    fail(Kind.NOT_FOUND, "ResourceNotFound: sg-1");
    perform();
    assertThat(bench.parts.memory().untilGroups("uid-nec")).contains(Duration.ofMinutes(2));
  }

  @Test
  void shouldTryOtherGroupsAtOnceWhenTheOnesBeforeWereRefused() {
    looks.look();
    perform();
    fail(Kind.NOT_FOUND, "ResourceNotFound: sg-1");
    perform();

    record("sg-7");
    perform();
    end("sg-7");

    assertThat(bench.operations.asked).containsExactly("give eni-a sg-1", "give eni-a sg-7");
    assertThat(condition(perform()).holds()).isTrue();
    assertThat(bench.parts.memory().untilGroups("uid-nec")).isEmpty();
  }

  @Test
  void shouldNameTheRefusalOfTheRightAndOfTheQuota() {
    looks.look();
    perform();
    fail(Kind.DENIED, "UnauthorizedOperation: give the permission");
    assertThat(condition(perform()).reason()).isEqualTo(NodeReason.CLOUD_DENIED);

    bench.clock.advance(Duration.ofMinutes(1));
    perform();
    fail(Kind.QUOTA, "LimitExceeded: five are enough");
    assertThat(condition(perform()).reason()).isEqualTo(NodeReason.SECURITY_GROUPS_REFUSED);

    bench.clock.advance(Duration.ofMinutes(2));
    perform();
    fail(Kind.TRANSIENT, "not seen");
    assertThat(condition(perform()).reason()).isEqualTo(NodeReason.CLOUD_FAILED);
  }

  @Test
  void shouldLeaveTheEnisAloneThatAreOfAnotherMachine() {
    looks.look();

    var changes = new EniChanges();
    steps.perform(bench.nec, facts("ins-00000002"), changes);

    assertThat(changes.groups()).isEqualTo(new Said.AsBefore());
    assertThat(bench.operations.asked).isEmpty();
  }

  // ------------------------------------------------------------------------------------- doing

  private void record(String... groups) {
    bench.nec.setSpec(
        NodeENIConfigSpecBuilder.builder(bench.nec.getSpec())
            .securityGroups(List.of(groups))
            .build());
  }

  private Said perform() {
    var changes = new EniChanges();
    steps.perform(bench.nec, facts(NodeBench.INSTANCE), changes);
    return changes.groups();
  }

  private EniFacts facts(String instance) {
    return NodeBench.factsOn(instance);
  }

  private static NodeCondition condition(Said said) {
    assertThat(said).isInstanceOf(Said.This.class);
    return ((Said.This) said).condition();
  }

  private void end(String... shown) {
    bench.vpc.giveGroups(A, shown);
    var ended = bench.operations.grouping;
    bench.operations.grouping = new CompletableFuture<>();
    ended.complete(bench.vpc.eni(A).orElseThrow());
  }

  private void fail(Kind kind, String said) {
    var ended = bench.operations.grouping;
    bench.operations.grouping = new CompletableFuture<>();
    ended.completeExceptionally(
        new CloudException(kind, "setting security groups", null, said, null, null));
  }

  private long reads() {
    return bench.vpc.calls(CloudAction.DESCRIBE_NETWORK_INTERFACES).size();
  }
}
