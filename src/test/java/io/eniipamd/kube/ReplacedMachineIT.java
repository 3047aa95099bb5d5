package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.kubelet.NodeSpec;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Another machine comes under a node's name while the Pods of the one before stay: their fixed IPs
 * are on an ENI of the machine before. No kubelet answers for the nodes until the end, as if the
 * agent did not find its device.
 */
class ReplacedMachineIT {
  private static final String ZONE = "ap-guangzhou-3";
  private static final String SUBNET = "subnet-gz3pods1";
  private static final String MACHINE_REPLACED = "MachineReplaced";

  /** Long enough for a machine to be replaced while an address moves. */
  private static final Duration LONG_MOVE = Duration.ofSeconds(5);

  private static Stage stage;
  private static Scene scene;

  @BeforeAll
  static void open() {
    stage = Stage.set("replaced-machine", VpcLayout.standard().onlyIn(SUBNET));
    stage.startOperator(StandingStage.QUICK);
    scene = Scene.open(stage, "replaced-machine");
  }

  @AfterAll
  static void close() {
    if (stage != null) {
      stage.close();
    }
  }

  @Test
  void shouldBindThePodOnTheNextMachineOnceTheMachineBeforeIsGone() {
    // given
    join("node-1", "ins-node0001");
    var address = bind("solo", "node-1");
    var before = eniOf(address);
    Set<String> placesOfLate = ConcurrentHashMap.newKeySet();
    stage.vpc().record().reset();

    // when
    try (var watch =
        stage
            .client()
            .resources(VpcIPClaim.class)
            .inNamespace(scene.namespace())
            .inform(boundPlaces("late", placesOfLate))) {
      assertThat(watch.hasSynced()).isTrue();
      replaceNode("node-1", "ins-node0011", "solo");
      scene.create(PodSketch.fixed("late", "node-1"));

      // then
      awaitRecordOf("node-1", "ins-node0011");
      scene.awaitPhase("late", ClaimPhase.BOUND);
      assertThat(onMachine(scene.address("late").orElseThrow())).isEqualTo("ins-node0011");
      var told = scene.awaitCondition("solo", "Ready", MACHINE_REPLACED);
      assertThat(told.message()).contains(before, "ins-node0001");
      scene.until("the user of solo is told", () -> eventsOf("solo") == 1);
      assertThat(eniOf(address)).isEqualTo(before);
      assertThat(scene.claim("solo").orElseThrow().getStatus().eniId()).isEqualTo(before);
      assertThat(stage.vpc().record().countOf("MigratePrivateIpAddress")).isZero();
      assertThat(stage.vpc().record().countOf("UnassignPrivateIpAddresses")).isZero();

      // when
      terminate("ins-node0001");

      // then
      awaitBoundOn("solo", "ins-node0011");
      assertThat(scene.address("solo")).hasValue(address);
      assertThat(placesOfLate).containsExactly(eniOf(scene.address("late").orElseThrow()));
    }
    assertThat(stage.vpc().record().countOf("MigratePrivateIpAddress")).isEqualTo(1);
    runOn("node-1", "ins-node0011");
    scene.awaitRunning("solo");
    scene.awaitRunning("late");
    Scene.awaitSound(stage);
    assertThat(scene.violations()).isEmpty();
  }

  @Test
  void shouldBindThePodOnTheLastMachineWhenTheNextOneIsReplacedWhileTheAddressMoves() {
    // given
    join("node-2", "ins-node0002");
    var address = bind("mover", "node-2");
    replaceNode("node-2", "ins-node0012", "mover");
    awaitRecordOf("node-2", "ins-node0012");
    scene.awaitCondition("mover", "Ready", MACHINE_REPLACED);
    stage.vpc().record().reset();
    stage.vpc().settings().setShortestTask(LONG_MOVE);
    terminate("ins-node0002");
    scene.until(
        "the address moves", () -> stage.vpc().record().countOf("MigratePrivateIpAddress") > 0);

    // when
    stage.vpc().settings().setShortestTask(Duration.ZERO);
    replaceNode("node-2", "ins-node0022", "mover");
    terminate("ins-node0012");

    // then
    awaitRecordOf("node-2", "ins-node0022");
    awaitBoundOn("mover", "ins-node0022");
    assertThat(scene.address("mover")).hasValue(address);
    runOn("node-2", "ins-node0022");
    scene.awaitRunning("mover");
    Scene.awaitSound(stage);
    assertThat(scene.violations()).isEmpty();
  }

  /** It cannot go to another machine under its Pod, and comes with the next Pod. */
  @Test
  void shouldLeaveTheEniOfAPodsOwnWhereItIsUntilItsPodIsGone() {
    // given
    join("node-3", "ins-node0003");
    scene.create(PodSketch.fixedDirect("own", "node-3"));
    var bound = scene.awaitPhase("own", ClaimPhase.BOUND).getStatus();

    // when
    replaceNode("node-3", "ins-node0013", "own");

    // then
    awaitRecordOf("node-3", "ins-node0013");
    runOn("node-3", "ins-node0013");
    scene.awaitPhase("own", ClaimPhase.BOUND);
    assertThat(onMachine(bound.address())).isEqualTo("ins-node0003");
    assertThat(scene.claim("own").orElseThrow().getStatus().eniId()).isEqualTo(bound.eniId());

    // when
    scene.retire("own");
    scene.create(PodSketch.fixedDirect("own", "node-3"));

    // then
    scene.awaitRunning("own");
    awaitBoundOn("own", "ins-node0013");
    assertThat(eniOf(bound.address())).isEqualTo(bound.eniId());
    terminate("ins-node0003");
    Scene.awaitSound(stage);
    assertThat(scene.violations()).isEmpty();
  }

  /** Collects the ENIs on which a claim is ever bound. */
  private static ResourceEventHandler<VpcIPClaim> boundPlaces(String name, Set<String> places) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(VpcIPClaim claim) {
        if (claim.getMetadata().getName().equals(name)
            && claim.statusOrEmpty().phase() == ClaimPhase.BOUND) {
          places.add(claim.getStatus().eniId());
        }
      }

      @Override
      public void onUpdate(VpcIPClaim before, VpcIPClaim claim) {
        onAdd(claim);
      }

      @Override
      public void onDelete(VpcIPClaim claim, boolean finalStateUnknown) {}
    };
  }

  private static void join(String node, String instance) {
    createNode(node, instance);
    Scene.awaitNodes(stage, node);
  }

  private static void createNode(String node, String instance) {
    stage
        .client()
        .nodes()
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(node)
                .withLabels(Map.of("topology.com.tencent.cloud.csi.cbs/zone", ZONE))
                .endMetadata()
                .withNewSpec()
                .withProviderID("qcloud:///800002/" + instance)
                .endSpec()
                .build())
        .create();
  }

  private static String bind(String pod, String node) {
    scene.create(PodSketch.fixed(pod, node));
    return scene.awaitPhase(pod, ClaimPhase.BOUND).getStatus().address();
  }

  /** Another machine takes the place of the node's, which is there still, under its Pod. */
  private static void replaceNode(String node, String next, String pod) {
    var born = Instant.parse(scene.pod(pod).orElseThrow().getMetadata().getCreationTimestamp());
    scene.until(
        "a Node of now is younger than the Pod",
        () -> Instant.now().truncatedTo(ChronoUnit.SECONDS).isAfter(born));
    stage.vpc().addInstance(VpcLayout.machine(next, ZONE, SUBNET));
    stage.client().nodes().withName(node).delete();
    createNode(node, next);
  }

  /** The machine is gone as soon as the cloud works on none of its ENIs. */
  private static void terminate(String instance) {
    scene.until(
        instance + " is gone",
        () -> {
          stage.vpc().removeInstance(instance);
          return true;
        });
  }

  private static void awaitRecordOf(String node, String instance) {
    scene.until(
        "the record of " + node + " is of " + instance + " and has an ENI there",
        () ->
            stage
                .nec(node)
                .filter(nec -> instance.equals(nec.getSpec().instanceId()))
                .map(NodeENIConfig::statusOrEmpty)
                .filter(status -> !status.eniInfos().isEmpty())
                .isPresent());
  }

  private static void awaitBoundOn(String pod, String instance) {
    scene.until(
        pod + " is bound on an ENI of " + instance,
        () -> {
          var status = scene.claim(pod).orElseThrow().statusOrEmpty();
          return status.phase() == ClaimPhase.BOUND
              && onMachine(status.address()).equals(instance)
              && eniOf(status.address()).equals(status.eniId())
              && scene.condition(pod, "Ready").orElseThrow().reason().equals("Bound");
        });
  }

  /** From now on a kubelet answers for the node. */
  private static void runOn(String node, String instance) {
    stage.kubelets().addNode(new NodeSpec(node, ZONE, instance, "S5.LARGE8"));
  }

  private static long eventsOf(String pod) {
    return scene.events("Pod", pod).stream()
        .filter(e -> MACHINE_REPLACED.equals(e.getReason()))
        .count();
  }

  private static String eniOf(String address) {
    return stage.vpc().snapshot().eniOf(address).orElseThrow().id();
  }

  private static String onMachine(String address) {
    return stage.vpc().snapshot().eniOf(address).flatMap(eni -> eni.instanceId()).orElse("none");
  }
}
