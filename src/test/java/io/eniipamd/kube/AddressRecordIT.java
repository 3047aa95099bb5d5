package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.record.Call;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Settings;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who had an address, when and where, by the operator's log alone. */
class AddressRecordIT {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static Stage stage;
  private static Scene scene;
  private static OperatorProcess operator;
  private static int pods;

  /** The log may have lines of an earlier run. */
  private static Instant begin;

  @BeforeAll
  static void open() {
    begin = Instant.now();
    stage = Stage.set("address-record", VpcLayout.standard());
    var flags = new ArrayList<>(List.of(StandingStage.QUICK));
    flags.add("--log-json");
    operator = stage.startOperator(flags.toArray(String[]::new));
    stage.join("node-1", "ins-node0001");
    stage.join("node-2", "ins-node0002");
    Scene.awaitNodes(stage, "node-1", "node-2");
    scene = Scene.open(stage, "record");
  }

  @AfterAll
  static void close() {
    if (stage != null) {
      stage.close();
    }
  }

  @Test
  void shouldTellTheWholeLifeOfAnAddress() {
    var first = scene.run(PodSketch.fixed("web-0", "node-1"));
    var firstPod = first.getStatus().podUID();
    var address = first.getStatus().address();
    scene.retire("web-0");
    var second = scene.run(PodSketch.fixed("web-0", "node-2"));
    scene.retire("web-0");
    scene.deleteClaim("web-0");
    scene.awaitNoClaim("web-0");
    scene.awaitFree(address);

    // Each line follows its write, and the API server may show the write first.
    scene.until("the end is told", () -> !told(address, "free").isEmpty());
    var told = told(address);
    assertThat(told)
        .extracting(AddressRecordIT::transition)
        .containsExactlyInAnyOrder(
            "allocated",
            "assigned",
            "bound",
            "retained",
            "moved",
            "assigned",
            "bound",
            "retained",
            "released",
            "quarantined",
            "free");
    assertThat(told)
        .extracting(AddressRecordIT::transition)
        .as("what one reconciler has told")
        .containsSubsequence("bound", "retained", "bound", "retained")
        .containsSubsequence("assigned", "assigned", "quarantined", "free");
    assertThat(told)
        .allSatisfy(
            line ->
                assertThat(line.path("claim").asText()).isEqualTo(scene.namespace() + "/web-0"));
    assertThat(told(address, "bound"))
        .extracting(l -> l.path("podUID").asText(), l -> l.path("node").asText())
        .containsExactly(tuple(firstPod, "node-1"), tuple(second.getStatus().podUID(), "node-2"));
    assertThat(told(address, "released"))
        .extracting(l -> l.path("reason").asText(), l -> l.path("by").asText())
        .containsExactly(tuple("Manual", "user"));
    // A call whose answer came too late is not told of; what it did is seen by a look.
    assertThat(told.stream().map(line -> line.path("request").asText()).filter(id -> !id.isEmpty()))
        .isNotEmpty()
        .isSubsetOf(requestIds());
  }

  @Test
  void shouldBeSilentWhileItsLevelIsOffAndSpeakAgain() {
    try (var settings = Settings.of(stage)) {
      settings.set("log-levels", "io.eniipamd.addresses=OFF");
      scene.until("the setting is in force", () -> !speaksOfAnotherPod());
      settings.unset("log-levels");
      scene.until("the setting is over", AddressRecordIT::speaksOfAnotherPod);
    }
  }

  private static boolean speaksOfAnotherPod() {
    int before = fields().size();
    pods++;
    scene.run(PodSketch.immediate("pod-" + pods, "node-1"));
    scene.end("pod-" + pods);
    scene.awaitNoClaim("pod-" + pods);
    return fields().size() > before;
  }

  private static List<String> requestIds() {
    return stage.vpc().record().since(0).stream().map(Call::requestId).toList();
  }

  private static List<JsonNode> told(String address) {
    return fields().stream()
        .filter(fields -> address.equals(fields.path("address").asText()))
        .toList();
  }

  private static List<JsonNode> told(String address, String transition) {
    return told(address).stream().filter(l -> transition(l).equals(transition)).toList();
  }

  private static String transition(JsonNode fields) {
    return fields.path("transition").asText();
  }

  /** Of all lines that tell of addresses; each line of the log is an object by itself. */
  private static List<JsonNode> fields() {
    try (Stream<String> lines = Files.lines(operator.log())) {
      return lines
          .filter(line -> line.startsWith("{"))
          .map(AddressRecordIT::object)
          .filter(line -> !Instant.parse(line.path("timestamp").asText()).isBefore(begin))
          .map(line -> line.path("mdc"))
          .filter(fields -> fields.has("transition"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode object(String line) {
    try {
      return JSON.readTree(line);
    } catch (IOException e) {
      throw new UncheckedIOException(line, e);
    }
  }
}
