package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.kubelet.NodeSpec;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.fabric8.kubernetes.api.model.Event;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be followed is said once, where its author looks, and stops no other object. */
class BadInputIT {
  private static final String ZONE = "ap-guangzhou-3";

  private static Stage stage;
  private static Scene scene;

  @BeforeAll
  static void open() {
    stage = StandingStage.get().stage();
    scene = Scene.open(stage, "bad-input");
    scene.run(PodSketch.fixed("holder", "node-4").with(Names.NOMINATED_IP, "10.0.2.123"));
  }

  static Stream<Arguments> badPods() {
    var shared = PodSketch.immediate("", "node-4");
    return Stream.of(
        Arguments.of(
            shared.named("both-modes").with(Names.NETWORKS, "tke-route-eni,tke-direct-eni@eth1"),
            "Valid",
            "NetworkModeConflict"),
        Arguments.of(
            shared.named("disagreeing").requesting(Names.DIRECT_ENI),
            "Valid",
            "NetworkModeConflict"),
        Arguments.of(
            shared.named("unknown-policy").with(Names.DELETE_POLICY, "Sometimes"),
            "Valid",
            "UnknownDeletePolicy"),
        Arguments.of(
            shared.named("outside").with(Names.NOMINATED_IP, "192.168.7.7"),
            "Ready",
            "NominatedIPOutsideSubnets"),
        Arguments.of(
            shared.named("gateways").with(Names.NOMINATED_IP, "10.0.2.1"),
            "Ready",
            "NominatedIPOutsideSubnets"),
        Arguments.of(
            shared.named("held").with(Names.NOMINATED_IP, "10.0.2.123"),
            "Ready",
            "NominatedIPInUse"));
  }

  @ParameterizedTest
  @MethodSource("badPods")
  void shouldSayWhyInTheClaimAndOnceOnThePod(PodSketch bad, String type, String reason) {
    scene.create(bad);

    var condition = scene.awaitCondition(bad.name(), type, reason);
    assertThat(condition.status()).isEqualTo(Condition.FALSE);
    awaitOneEvent("Pod", bad.name(), reason);
    assertThat(scene.address(bad.name())).isEmpty();
    othersAreServed(bad.name());
    scene.end(bad.name());
  }

  @Test
  void shouldServeThePodAndKeepItsAddressWhenTheDurationIsMalformed() {
    var claim =
        scene.run(
            PodSketch.fixed("malformed", "node-4").with(Names.CLAIM_EXPIRED_DURATION, "soon"));

    var condition = scene.awaitCondition("malformed", "Valid", "MalformedDuration");
    assertThat(condition.message()).contains("soon").contains("5m");
    awaitOneEvent("Pod", "malformed", "MalformedDuration");
    assertThat(claim.getStatus().claimExpiredDuration()).isNull();
    assertThat(scene.retire("malformed").getStatus().expiresAt()).isNull();
  }

  @Test
  void shouldLeaveAPodOnTheHostNetworkAloneAndSaySo() {
    scene.create(PodSketch.immediate("on-host", "node-4").onHostNetwork());

    awaitOneEvent("Pod", "on-host", "HostNetworkPod");
    scene.until(
        "it runs with its node's address",
        () -> "Running".equals(scene.pod("on-host").orElseThrow().getStatus().getPhase()));
    assertThat(scene.claim("on-host")).isEmpty();
  }

  @Test
  void shouldSayOnThePodThatItsNodeMayHaveNoEniOfTheSubnetOfItsAddress() {
    // given
    var kept =
        scene.run(
            PodSketch.fixed("elsewhere", "node-1")
                .with(Names.NOMINATED_SUBNETS, "subnet-gz3pods1"));
    scene.retire("elsewhere");
    var like = stage.vpc().layout().instances().getFirst();
    stage
        .vpc()
        .addInstance(
            new VpcLayout.Instance(
                "ins-other001",
                "other-subnet",
                ZONE,
                like.type(),
                like.cpu(),
                like.memoryGib(),
                like.subnetId(),
                null));
    stage
        .kubelets()
        .addNode(
            new NodeSpec("other-subnet", ZONE, "ins-other001", like.type())
                .withLabel(Names.NODE_SUBNETS, "subnet-gz3pods2"));

    // when
    scene.create(PodSketch.fixed("elsewhere", "other-subnet"));

    // then
    var condition = scene.awaitCondition("elsewhere", "Ready", "SubnetNotOnNode");
    assertThat(condition.message()).contains("subnet-gz3pods1").contains("subnet-gz3pods2");
    awaitOneEvent("Pod", "elsewhere", "SubnetNotOnNode");
    assertThat(scene.address("elsewhere")).contains(kept.getStatus().address());
  }

  @Test
  void shouldSayOnTheNodeThatItsInstanceIsUnknownWhenItsZoneIsToo() {
    stage
        .kubelets()
        .addNode(new NodeSpec("no-zone", ZONE, "ins-nozone01", "S5.LARGE8").withoutZone());

    awaitProblem("no-zone", "InstanceNotFound");
  }

  @Test
  void shouldSayOnTheNodeThatItsProviderIdIsNoInstance() {
    stage
        .kubelets()
        .addNode(
            new NodeSpec("no-instance", ZONE, "ins-x", "S5.LARGE8")
                .withProviderId("qcloud:///800002/worker-7"));

    awaitProblem("no-instance", "ProviderIDInvalid");
  }

  @Test
  void shouldSayOnceThatAConfiguredSubnetDoesNotExistAndUseTheOthers() {
    scene.until(
        "one event tells of the subnet",
        () ->
            stage.client().v1().events().inNamespace("default").list().getItems().stream()
                    .filter(e -> e.getReason().equals("SubnetNotFound"))
                    .filter(e -> e.getMessage().contains(StandingStage.MISSING_SUBNET))
                    .count()
                == 1);
    assertThat(conditionsOf("node-1"))
        .filteredOn(c -> c.reason().equals("SubnetNotFound"))
        .extracting(Condition::message)
        .allMatch(m -> m.contains(StandingStage.MISSING_SUBNET))
        .hasSize(1);
    othersAreServed("missing-subnet");
  }

  private static void awaitProblem(String node, String reason) {
    scene.until(
        "the record of %s says %s".formatted(node, reason),
        () -> conditionsOf(node).stream().anyMatch(c -> c.reason().equals(reason)));
    awaitOneEvent("Node", node, reason);
    assertThat(stage.nec(node).orElseThrow().statusOrEmpty().eniInfos()).isEmpty();
    othersAreServed(node);
    // Or the scheduler sends it Pods that it cannot serve.
    stage.kubelets().removeNode(node);
  }

  private static java.util.List<Condition> conditionsOf(String node) {
    return stage.nec(node).map(NodeENIConfig::statusOrEmpty).orElseThrow().conditions();
  }

  private static void awaitOneEvent(String kind, String name, String reason) {
    scene.until(
        "an event on %s %s says %s".formatted(kind, name, reason),
        () -> !scene.events(kind, name).isEmpty());
    assertThat(scene.events(kind, name)).extracting(Event::getReason).containsExactly(reason);
  }

  private static void othersAreServed(String problem) {
    scene.run(PodSketch.immediate("good-beside-" + problem, "node-5"));
  }
}
