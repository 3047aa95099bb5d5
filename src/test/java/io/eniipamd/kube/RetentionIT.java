package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.kubelet.PodOutcome;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Where a fixed IP is while its Pod is away: on its ENI, on another one, or on none. */
class RetentionIT {

  /** Two Pod addresses an ENI and one ENI a node, so that two Pods fill a node. */
  private static final int SLOTS = 2;

  private static Stage stage;
  private static Scene scene;

  @BeforeAll
  static void open() {
    stage =
        Stage.set(
            "retention",
            VpcLayout.standard()
                .onlyIn("subnet-gz3pods1")
                .withLimits(List.of(new VpcLayout.InstanceLimit("S5.LARGE8", 2, SLOTS + 1, 4, 1))));
    stage.startOperator(StandingStage.QUICK);
    scene = Scene.open(stage, "retention");
  }

  @AfterAll
  static void close() {
    if (stage != null) {
      stage.close();
    }
  }

  /** One story, because each part begins where the one before has ended. */
  @Test
  void shouldMakeRoomForOthersAndLoseNoAddress() {
    join("node-1");
    var first = keep("kept-1", "node-1");
    var second = keep("kept-2", "node-1");
    assertThat(eniNodeOf(first)).isEqualTo("ins-node0001");

    // The node is full of addresses of Pods that are away, and there is no other ENI.
    scene.run(PodSketch.immediate("needs-room", "node-1"));

    var held =
        List.of(first, second).stream()
            .filter(a -> stage.vpc().snapshot().eniOf(a).isEmpty())
            .toList();
    assertThat(held).hasSize(1);
    scene.until(
        "its record alone holds it",
        () -> scene.vip(held.getFirst()).orElseThrow().statusOrEmpty().phase() == VpcIPPhase.HELD);
    assertThat(claimOf(held.getFirst()).getStatus().phase()).isEqualTo(ClaimPhase.RETAINED);

    // Another node joins: from now on there is another ENI of the subnet.
    join("node-2");
    scene.run(PodSketch.immediate("needs-room-too", "node-1"));

    var moved = first.equals(held.getFirst()) ? second : first;
    scene.until("it is kept on the other node", () -> "ins-node0002".equals(eniNodeOf(moved)));

    // Both come back, wherever they are, with what they had.
    var back = new ArrayList<String>();
    for (var pod : List.of("kept-1", "kept-2")) {
      back.add(scene.run(PodSketch.fixed(pod, "node-2")).getStatus().address());
    }
    assertThat(back).containsExactly(first, second);
    Scene.awaitSound(stage);
    assertThat(scene.violations()).isEmpty();

    // The second node goes, with its Pods: what is kept there leaves it, in time.
    scene.end("needs-room");
    scene.end("needs-room-too");
    scene.retire("kept-1");
    scene.retire("kept-2");
    stage.kubelets().removeNode("node-2");

    for (var address : List.of(first, second)) {
      scene.until(
          address + " has left the node that is gone",
          () ->
              stage.vpc().snapshot().eniOf(address).isEmpty()
                  || "ins-node0001".equals(eniNodeOf(address)));
    }
    assertThat(scene.run(PodSketch.fixed("kept-1", "node-1")).getStatus().address())
        .isEqualTo(first);
    assertThat(scene.run(PodSketch.fixed("kept-2", "node-1")).getStatus().address())
        .isEqualTo(second);
    assertThat(scene.violations()).isEmpty();

    endsRetainOrRelease();
  }

  /** A Pod that has completed or was evicted is away, though its object is there. */
  private static void endsRetainOrRelease() {
    var fixed = scene.address("kept-1").orElseThrow();
    stage.kubelets().finish(scene.namespace(), "kept-1", PodOutcome.SUCCEEDED);
    scene.awaitPhase("kept-1", ClaimPhase.RETAINED);
    assertThat(scene.address("kept-1")).hasValue(fixed);
    scene.end("kept-1");
    scene.deleteClaim("kept-1");
    scene.awaitNoClaim("kept-1");
    scene.awaitFree(fixed);

    var brief = scene.run(PodSketch.immediate("evicted", "node-1")).getStatus().address();
    stage.kubelets().finish(scene.namespace(), "evicted", PodOutcome.FAILED);
    scene.awaitNoClaim("evicted");
    scene.awaitFree(brief);
  }

  private static String keep(String pod, String node) {
    var address = scene.run(PodSketch.fixed(pod, node)).getStatus().address();
    scene.retire(pod);
    return address;
  }

  private static void join(String node) {
    stage.join(node, "ins-node000" + node.substring("node-".length()));
    Scene.awaitNodes(stage, node);
  }

  private static String eniNodeOf(String address) {
    return stage.vpc().snapshot().eniOf(address).flatMap(e -> e.instanceId()).orElse("none");
  }

  private static VpcIPClaim claimOf(String address) {
    var ref = scene.vip(address).orElseThrow().getSpec().claimRef();
    return scene.claim(ref.name()).orElseThrow();
  }
}
