package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Settings;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.fabric8.kubernetes.api.model.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A cluster that may take only some addresses of its subnet. */
class SubnetQuotaIT {
  /** One of the ENI, and three of Pods. */
  private static final int QUOTA = 4;

  private static Stage stage;
  private static Scene scene;
  private static OperatorProcess operator;
  private static String subnet;

  @BeforeAll
  static void open() {
    var standard = VpcLayout.standard();
    stage =
        Stage.set(
            "subnet-quota",
            standard
                .withSubnets(List.of(standard.subnets().getFirst()))
                .withInstances(List.of(standard.instances().getFirst())));
    subnet = stage.vpc().layout().subnets().getFirst().id();
    var flags = new ArrayList<>(List.of(StandingStage.QUICK));
    flags.add("--subnet-quotas=" + subnet + "=" + QUOTA);
    operator = stage.startOperator(flags.toArray(String[]::new));
    stage.join("node-1", "ins-node0001");
    Scene.awaitNodes(stage, "node-1");
    scene = Scene.open(stage, "quota");
  }

  @AfterAll
  static void close() {
    Scene.closeSound(stage);
  }

  @Test
  void shouldTakeNoMoreThanTheQuotaAndGoOnAtOnceWhenItIsRaised() {
    // given
    scene.run(PodSketch.fixed("away", "node-1"));
    scene.retire("away");
    scene.run(PodSketch.immediate("first", "node-1"));
    scene.run(PodSketch.immediate("second", "node-1"));

    // when
    scene.create(PodSketch.immediate("one-too-many", "node-1"));

    // then
    var said = scene.awaitCondition("one-too-many", "Ready", "SubnetQuotaExceeded").message();
    assertThat(said)
        .contains(
            "this cluster may take 4 addresses of %s and has 4: 2 of Pods, 1 of ENIs, 1 retained, 0 warm, 0 being released"
                .formatted(subnet))
        .contains("raise the quota (subnet-quotas)")
        .contains("release retained addresses, of which there are 1");
    scene.until("the Pod is told", () -> reasons("one-too-many").contains("SubnetQuotaExceeded"));
    assertThat(taken()).hasSize(QUOTA);
    scene.until(
        "the quota is a number", () -> metric("ipamd_subnet_quota_used_ratio").equals("1.0"));
    assertThat(metric("ipamd_subnet_quota_addresses")).isEqualTo("4.0");

    try (var settings = Settings.of(stage)) {
      // a value that is none changes nothing
      settings.set("subnet-quotas", subnet + "=some");
      scene.until("it is refused", () -> operatorTold().contains("stays in force"));
      assertThat(operatorTold()).contains("subnet-quotas: " + subnet + "=some: must be ids");
      assertThat(taken()).hasSize(QUOTA);

      settings.set("subnet-quotas", subnet + "=" + (QUOTA + 1));
      scene.awaitRunning("one-too-many");
      assertThat(taken()).hasSize(QUOTA + 1);

      // what is there beyond a lower quota stays, and the Pod that is away comes back to its own
      settings.set("subnet-quotas", subnet + "=0%");
      scene.until(
          "the lower quota is in force",
          () -> metric("ipamd_subnet_quota_addresses").equals("0.0"));
      scene.run(PodSketch.fixed("away", "node-1"));
      assertThat(scene.awaitPhase("first", ClaimPhase.BOUND).getStatus().address()).isNotEmpty();
      scene.create(PodSketch.immediate("last", "node-1"));
      scene.awaitCondition("last", "Ready", "SubnetQuotaExceeded");
      settings.set("subnet-quotas", subnet + "=100%");
      scene.awaitRunning("last");
    }
  }

  private static List<VpcIP> taken() {
    return stage.vips().stream().filter(v -> v.getSpec().subnetId().equals(subnet)).toList();
  }

  private static List<String> reasons(String pod) {
    return scene.events("Pod", pod).stream().map(Event::getReason).toList();
  }

  private static String operatorTold() {
    return stage.client().v1().events().inNamespace(Stage.NAMESPACE).list().getItems().stream()
        .map(Event::getMessage)
        .filter(message -> message.startsWith("subnet-quotas: "))
        .collect(Collectors.joining("\n"));
  }

  private static String metric(String name) {
    return operator
        .get("/q/metrics")
        .lines()
        .filter(line -> line.startsWith(name + "{"))
        .filter(line -> line.contains("subnet=\"" + subnet + "\""))
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .findFirst()
        .orElse("");
  }
}
