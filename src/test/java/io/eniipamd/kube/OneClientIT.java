package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A hundred Pods come and go, and the operator speaks to the API server through one HTTP client.
 */
class OneClientIT {
  private static final int PODS = 100;
  private static final int WAVE = 25;

  /** A line of {@code GC.class_histogram}: rank, instances, bytes, class. */
  private static final Pattern HTTP_CLIENTS =
      Pattern.compile("^ *\\d+: +(\\d+) +\\d+ +\\S*\\.VertxHttpClient(?: .*)?$", Pattern.MULTILINE);

  private static Stage stage;
  private static Scene scene;
  private static OperatorProcess operator;

  @BeforeAll
  static void open() {
    stage = Stage.set("one-client", VpcLayout.standard());
    operator = stage.startOperator(StandingStage.QUICK);
    StandingStage.joinAll(stage);
    scene = Scene.open(stage, "one-client");
  }

  @AfterAll
  static void close() {
    if (stage != null) {
      stage.close();
    }
  }

  @Test
  void shouldBuildOneClientWhenAHundredPodsComeAndGo() {
    for (int wave = 0; wave < PODS / WAVE; wave++) {
      comeAndGo(wave);
    }

    // With those that are not used any more: what was built meanwhile counts.
    var histogram = operator.jcmd("GC.class_histogram", "-all");
    assertThat(HTTP_CLIENTS.matcher(histogram).results().map(r -> r.group(1)).toList())
        .containsExactly("1");
  }

  private static void comeAndGo(int wave) {
    var names = IntStream.range(0, WAVE).mapToObj(i -> "pod-" + wave + "-" + i).toList();
    for (int i = 0; i < WAVE; i++) {
      scene.create(PodSketch.immediate(names.get(i), "node-" + (i % 5 + 1)));
    }
    names.forEach(scene::awaitRunning);
    names.forEach(
        name -> stage.client().pods().inNamespace(scene.namespace()).withName(name).delete());
    names.forEach(
        name ->
            scene.until(
                name + " has no claim", () -> stage.claim(scene.namespace(), name).isEmpty()));
  }
}
