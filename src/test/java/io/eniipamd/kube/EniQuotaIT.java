package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.Condition;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.record.Call;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** More nodes join than the quota of the VPC has ENIs for, and it is raised later. */
class EniQuotaIT {
  private static final int NODES = 20;
  private static final int QUOTA = 8;
  private static final String REFUSED = "LimitExceeded.NetworkInterfaceLimitExceeded";

  private static Stage stage;

  @BeforeAll
  static void open() {
    var layout = VpcLayout.standard().withEnisPerVpc(QUOTA);
    for (int i = 1; i <= NODES; i++) {
      layout =
          layout.plusInstance(
              VpcLayout.machine("ins-many%04d".formatted(i), "ap-guangzhou-3", "subnet-gz3pods1"));
    }
    stage = Stage.set("eni-quota", layout);
    stage.startOperator(StandingStage.QUICK);
  }

  @AfterAll
  static void close() {
    if (stage != null) {
      stage.close();
    }
  }

  @Test
  void shouldCostTheCloudFewTriesAndGoOnWhenTheQuotaIsRaised() {
    var scene = Scene.open(stage, "quota");
    nodes().forEach(i -> stage.join(node(i), "ins-many%04d".formatted(i)));
    scene.until(
        "as many nodes as the quota allows are ready, and the others say why they are not",
        () -> ready() == QUOTA && full().size() == NODES - QUOTA);
    assertThat(refusals(0)).as("those that were under way together").hasSizeLessThan(14);

    // A Pod that waits, on a node that has no ENI.
    var without = full().getFirst();
    scene.create(PodSketch.immediate("waits", without));
    scene.until(
        "the node says what is used up, by how much, and who waits",
        () ->
            ready(without).message().contains("its value is 8, and 8 secondary ENIs are there")
                && ready(without).message().contains("1 Pod waits for it on this node")
                && ready(without).message().contains("ask Tencent Cloud for a higher quota"));
    assertThat(scene.events("Node", without, "default")).isNotEmpty();

    // One node tries for all of them.
    long from = stage.vpc().record().count();
    scene.until("three more tries", () -> refusals(from).size() >= 3);
    var tries = refusals(from);
    assertThat(Duration.between(tries.getFirst().at(), tries.get(2).at()))
        .isGreaterThan(Duration.ofSeconds(29));

    stage.vpc().settings().setEnisPerVpc(NODES);

    scene.until("all nodes are ready", () -> ready() == NODES);
    scene.awaitRunning("waits");
    assertThat(stage.kubelets().violations()).isEmpty();
    Scene.awaitSound(stage);
  }

  private static List<Call> refusals(long since) {
    return stage.vpc().record().since(since).stream()
        .filter(call -> call.result().equals(REFUSED))
        .toList();
  }

  private static int ready() {
    return Math.toIntExact(
        nodes().filter(i -> ready(node(i)).status().equals(Condition.TRUE)).count());
  }

  private static List<String> full() {
    return nodes()
        .mapToObj(EniQuotaIT::node)
        .filter(name -> ready(name).reason().equals("ENILimit"))
        .toList();
  }

  private static Condition ready(String node) {
    return stage.nec(node).orElseThrow().statusOrEmpty().conditions().stream()
        .filter(c -> c.type().equals("Ready"))
        .findFirst()
        .orElseThrow();
  }

  private static IntStream nodes() {
    return IntStream.rangeClosed(1, NODES);
  }

  private static String node(int i) {
    return "many-" + i;
  }
}
