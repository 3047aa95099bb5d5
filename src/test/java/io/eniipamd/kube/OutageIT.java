package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.simulator.fault.Fault;
import io.eniipamd.simulator.fault.Faults;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.fabric8.kubernetes.api.model.Event;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The cloud goes away and comes back: the operator does not storm it, users are told, nothing is
 * lost.
 */
class OutageIT {
  private static final int PODS = 12;

  private static Stage stage;
  private static Scene scene;
  private static OperatorProcess operator;

  @BeforeAll
  static void open() {
    stage = Stage.set("outage", VpcLayout.standard());
    operator = stage.startOperator(StandingStage.QUICK);
    StandingStage.joinAll(stage);
    scene = Scene.open(stage, "outage");
  }

  @AfterAll
  static void close() {
    if (stage != null) {
      stage.close();
    }
  }

  @Test
  void shouldLeaveACloudAloneThatIsDownAndServeEverybodyWhenItIsBack() {
    var kept = scene.run(PodSketch.fixed("before", "node-1")).getStatus().address();
    stage.vpc().faults().always(Faults.ANY, Fault.http(503));
    long calls = stage.vpc().record().count();

    for (int i = 0; i < PODS; i++) {
      scene.create(PodSketch.immediate("waiting-" + i, "node-" + (i % 5 + 1)));
    }
    scene.until("users are told", () -> reasons().contains("CloudUnavailable"));
    await("the number shows it")
        .atMost(Duration.ofSeconds(30))
        .until(() -> operator.get("/q/metrics").contains("ipamd_cloud_up{family=\"vpc\"} 0.0"));
    // What needs no cloud goes on without it.
    scene.retire("before");
    assertThat(scene.run(PodSketch.fixed("before", "node-1")).getStatus().address())
        .isEqualTo(kept);
    assertThat(stage.vpc().record().count() - calls)
        .as("requests to a cloud that is down")
        .isLessThan(60);

    stage.vpc().faults().clear();

    for (int i = 0; i < PODS; i++) {
      scene.awaitRunning("waiting-" + i);
    }
    scene.until("users are told of that, too", () -> reasons().contains("CloudAvailable"));
    assertThat(reasons()).containsOnlyOnce("CloudUnavailable");
    Scene.awaitSound(stage);
    assertThat(scene.violations()).isEmpty();
  }

  private static List<String> reasons() {
    return scene.events("Lease", Stage.ACCOUNT, Stage.NAMESPACE).stream()
        .map(Event::getReason)
        .toList();
  }
}
