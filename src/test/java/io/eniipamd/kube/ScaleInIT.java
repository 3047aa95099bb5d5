package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.record.Call;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Nodes are scaled in under fixed and floating Pods: the ENIs come back by themselves, and no fixed
 * IP is lost, whether there is another ENI of its subnet or not.
 */
class ScaleInIT {
  private static Stage stage;
  private static Scene scene;

  @BeforeAll
  static void open() {
    stage = Stage.set("scale-in", VpcLayout.standard().onlyIn("subnet-gz3pods1"));
    var flags = new ArrayList<>(List.of(StandingStage.QUICK));
    flags.add("--node-leave-delay=1s");
    stage.startOperator(flags.toArray(String[]::new));
    scene = Scene.open(stage, "scale-in");
  }

  @AfterAll
  static void close() {
    if (stage != null) {
      stage.close();
    }
  }

  @Test
  void shouldGiveEveryEniBackAndLoseNoFixedIpWhenNodesAreScaledIn() {
    // given
    join("node-1");
    join("node-2");
    scene.run(PodSketch.fixed("kept", "node-1"));
    var kept = scene.retire("kept").getStatus().address();
    scene.run(PodSketch.fixed("runs", "node-1"));
    var runs = scene.address("runs").orElseThrow();
    var before = stage.vpc().record().count();

    // when
    stage.kubelets().removeNode("node-1");

    // then
    stillThere("runs", "node-1");
    scene.pod("runs").ifPresent(pod -> forceAway("runs"));
    awaitGone("node-1", "ins-node0001");
    scene.until("kept is on node-2", () -> on(kept, "ins-node0002"));
    scene.until("runs is on node-2", () -> on(runs, "ins-node0002"));
    assertThat(scene.awaitPhase("kept", ClaimPhase.RETAINED).getStatus().address()).isEqualTo(kept);
    assertThat(scene.awaitPhase("runs", ClaimPhase.RETAINED).getStatus().address()).isEqualTo(runs);
    assertThat(ofEnis(before)).containsExactly("DetachNetworkInterface", "DeleteNetworkInterface");
    Scene.awaitSound(stage);

    // when: the last node goes, and there is no other ENI of the subnet
    var next = stage.vpc().record().count();
    stage.kubelets().removeNode("node-2");

    // then
    awaitGone("node-2", "ins-node0002");
    assertThat(stage.vpc().snapshot().secondaryEnis()).isEmpty();
    assertThat(ofEnis(next)).containsExactly("DetachNetworkInterface", "DeleteNetworkInterface");
    assertThat(List.of(kept, runs))
        .allSatisfy(
            ip ->
                assertThat(scene.vip(ip).orElseThrow().statusOrEmpty().phase())
                    .isEqualTo(VpcIPPhase.HELD));
    assertThat(stage.vips()).hasSize(2);

    // when
    join("node-3");

    // then
    scene.run(PodSketch.fixed("kept", "node-3"));
    assertThat(scene.address("kept")).hasValue(kept);
    Scene.awaitSound(stage);
    assertThat(stage.kubelets().violations()).isEmpty();
  }

  /** While the Pod's object names the node, its address and its ENI stay. */
  private static void stillThere(String pod, String node) {
    scene.until(
        node + " is told to be gone",
        () ->
            stage.nec(node).orElseThrow().statusOrEmpty().conditions().stream()
                .anyMatch(c -> c.reason().equals("NodeGone")));
    if (scene.pod(pod).isPresent()) {
      assertThat(stage.vpc().snapshot().enisOn("ins-node0001")).hasSize(1);
    }
  }

  private static void forceAway(String pod) {
    stage.client().pods().inNamespace(scene.namespace()).withName(pod).withGracePeriod(0).delete();
  }

  private static void awaitGone(String node, String instance) {
    scene.until(
        node + " has given everything back",
        () ->
            stage.nec(node).isEmpty()
                && stage.vpc().snapshot().enisOn(instance).isEmpty()
                && stage.vips().stream().noneMatch(v -> node.equals(v.getSpec().nodeName())));
  }

  private static boolean on(String address, String instance) {
    return stage
        .vpc()
        .snapshot()
        .eniOf(address)
        .flatMap(eni -> eni.instanceId())
        .filter(instance::equals)
        .isPresent();
  }

  /** The changes of ENIs, those of addresses left out. */
  private static List<String> ofEnis(long before) {
    return stage.vpc().record().since(before).stream()
        .filter(Call::changing)
        .map(Call::action)
        .filter(action -> action.endsWith("NetworkInterface"))
        .toList();
  }

  private static void join(String node) {
    stage.join(node, "ins-node000" + node.substring("node-".length()));
    Scene.awaitNodes(stage, node);
  }
}
