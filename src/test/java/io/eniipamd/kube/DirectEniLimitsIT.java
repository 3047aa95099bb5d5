package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.Names;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A node that can have one ENI of a Pod's own, and a Pod more than that. */
class DirectEniLimitsIT {
  private static Stage stage;
  private static Scene scene;

  @BeforeAll
  static void open() {
    stage =
        Stage.set(
            "direct-limits",
            VpcLayout.standard()
                .withLimits(List.of(new VpcLayout.InstanceLimit("S5.LARGE8", 4, 10, 1, 1))));
    stage.startOperator(StandingStage.QUICK);
    stage.join("node-1", "ins-node0001");
    Scene.awaitNodes(stage, "node-1");
    scene = Scene.open(stage, "direct-limits");
  }

  @AfterAll
  static void close() {
    Scene.closeSound(stage);
  }

  @Test
  void shouldKeepTheSchedulerFromANodeThatHasNoEniLeft() {
    var first = scene.run(PodSketch.direct("first", null)).getStatus().address();

    scene.create(PodSketch.direct("second", null));

    scene.until("the scheduler finds no ENI for it", () -> isUnschedulable("second"));
    scene.end("first");
    scene.awaitFree(first);
    var second = scene.awaitRunning("second").getStatus().address();
    scene.end("second");
    scene.awaitFree(second);
  }

  @Test
  void shouldSayWhichLimitIsUsedUpAndGoOnByItself() {
    var first = scene.run(PodSketch.direct("has-one", "node-1")).getStatus().address();

    // By the annotation alone, which the scheduler does not count.
    scene.create(PodSketch.plain("waits", "node-1").with(Names.NETWORKS, "tke-direct-eni"));

    var condition = scene.awaitCondition("waits", "Ready", "AssignFailed");
    assertThat(condition.message())
        .contains("attaching", "ins-node0001", "LimitExceeded")
        .contains("may have 1 ENIs of Pods' own, and 2 Pods on node node-1 want one");
    scene.end("has-one");
    var second = scene.awaitRunning("waits").getStatus().address();
    scene.awaitFree(first);
    scene.end("waits");
    scene.awaitFree(second);
  }

  private static boolean isUnschedulable(String name) {
    return scene.pod(name).orElseThrow().getStatus().getConditions().stream()
        .anyMatch(
            c ->
                "Unschedulable".equals(c.getReason())
                    && c.getMessage().contains("Insufficient " + Names.DIRECT_ENI));
  }
}
