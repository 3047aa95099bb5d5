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
 * A hundred Pods come and go: the operator speaks to the API server through one HTTP client, and
 * nothing of the Pods stays in its heap. {@code -Dclient.pods=1000} makes it ten thousand
 * reconciles.
 */
class OneClientIT {
  private static final int PODS = Integer.getInteger("client.pods", 100);
  private static final int WAVE = 25;

  /**
   * What is loaded and compiled late, and caches of a fixed size; a hundred bytes a Pod are not.
   */
  private static final long SLACK_BYTES = 4 << 20;

  /** A line of {@code GC.class_histogram}: rank, instances, bytes, class. */
  private static final Pattern LINE =
      Pattern.compile("^ *\\d+: +\\d+ +(\\d+) +(\\S+)", Pattern.MULTILINE);

  /** What the collector fills gaps with, as much as it likes. */
  private static final String FILLER = "[Ljdk.internal.vm.FillerElement;";

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
  void shouldKeepOneClientAndNothingOfThePodsThatComeAndGo() {
    comeAndGo(0);
    long before = liveBytes();
    for (int wave = 1; wave < PODS / WAVE; wave++) {
      comeAndGo(wave);
    }

    long after = liveBytes();
    System.out.printf(
        "Live heap after %d Pods: %,d bytes, after %d: %,d bytes%n", WAVE, before, PODS, after);
    assertThat(after - before).isLessThan(SLACK_BYTES);

    // With those that are not used any more: what was built meanwhile counts.
    var histogram = operator.jcmd("GC.class_histogram", "-all");
    assertThat(HTTP_CLIENTS.matcher(histogram).results().map(r -> r.group(1)).toList())
        .containsExactly("1");
  }

  private static long liveBytes() {
    return LINE.matcher(operator.jcmd("GC.class_histogram"))
        .results()
        .filter(line -> !line.group(2).equals(FILLER))
        .mapToLong(line -> Long.parseLong(line.group(1)))
        .sum();
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
