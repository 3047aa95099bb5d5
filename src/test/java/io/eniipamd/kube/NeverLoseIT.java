package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.CountingProxy;
import io.eniipamd.testing.CountingProxy.Disguise;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.eniipamd.testing.Workloads;
import io.fabric8.kubernetes.api.model.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever goes wrong around it: no living Pod loses its address, and no kept one is forgotten. */
class NeverLoseIT {
  private static Stage stage;
  private static CountingProxy proxy;
  private static Scene scene;
  private static OperatorProcess operator;

  @BeforeAll
  static void open() {
    stage = Stage.set("never-lose", VpcLayout.standard());
    proxy = CountingProxy.start(stage.plane().url());
    stage.throughApiServerAt(proxy.url());
    start();
    StandingStage.joinAll(stage);
    scene = Scene.open(stage, "never-lose");
  }

  private static void start() {
    var flags = new ArrayList<>(List.of(StandingStage.QUICK));
    flags.add("--sweep-interval=1s");
    flags.add("--claim-expired-duration=1h");
    operator = stage.startOperator(flags.toArray(String[]::new));
  }

  @AfterEach
  void nothingIsDisguised() {
    proxy.disguise(Disguise.NONE);
  }

  @AfterAll
  static void close() {
    if (stage != null) {
      Scene.awaitSound(stage);
      assertThat(stage.kubelets().violations()).isEmpty();
      stage.close();
      proxy.close();
    }
  }

  @Test
  void shouldKeepEveryAddressWhenPodsAreReplacedWhileTheOperatorIsDown() {
    stage
        .client()
        .resource(Workloads.statefulSet("down", scene.namespace(), 3, "ap-guangzhou-3"))
        .create();
    var pods = List.of("down-0", "down-1", "down-2");
    pods.forEach(scene::awaitRunning);
    scene.run(PodSketch.immediate("left-down", "node-1"));
    var addresses = addresses(pods);
    var brief = scene.address("left-down").orElseThrow();
    operator.kill();

    // Replaced in the ordinary way, replaced by force, and gone for good.
    scene.end("left-down");
    kill("down-0");
    kill("down-1");
    for (var pod : List.of("down-0", "down-1")) {
      scene.until(pod + " is there again", () -> scene.pod(pod).isPresent());
    }
    start();

    pods.forEach(scene::awaitRunning);
    assertThat(addresses(pods)).isEqualTo(addresses);
    scene.awaitNoClaim("left-down");
    scene.awaitFree(brief);
  }

  @Test
  void shouldKeepTheAddressWhenAPodIsDeletedAndMadeAgainWithinASecond() {
    var address = scene.run(PodSketch.fixed("again", "node-1")).getStatus().address();

    for (var node : List.of("node-1", "node-2", "node-2", "node-3", "node-1")) {
      kill("again");
      scene.until("the name is free", () -> created(PodSketch.fixed("again", node)));
      assertThat(scene.awaitRunning("again").getStatus().address()).isEqualTo(address);
      assertThat(scene.claim("again").orElseThrow().getStatus().nodeName()).isEqualTo(node);
    }
  }

  @Test
  void shouldServeTheNewPodWhenItsClaimIsDeletedByHandAtTheSameTime() {
    for (int i = 0; i < 5; i++) {
      scene.run(PodSketch.fixed("crossed-" + i, "node-2"));
      scene.deleteClaim("crossed-" + i);
      kill("crossed-" + i);
      var name = "crossed-" + i;
      scene.until("the name is free", () -> created(PodSketch.fixed(name, "node-2")));
    }
    for (int i = 0; i < 5; i++) {
      var claim = scene.awaitRunning("crossed-" + i);
      assertThat(claim.isMarkedForDeletion()).isFalse();
    }
    assertThat(scene.violations()).isEmpty();
  }

  @Test
  void shouldReleaseNothingWhenTheCacheOfPodsIsEmptyAfterARestart() {
    var fixed = scene.run(PodSketch.fixed("unseen-fixed", "node-4")).getStatus().address();
    var brief = scene.run(PodSketch.immediate("unseen-brief", "node-4")).getStatus().address();
    operator.kill();
    proxy.disguise(Disguise.withoutPods());

    start();

    scene.until("it leads", () -> operator.get("/q/health/ready").contains("\"UP\""));
    await()
        .during(Duration.ofSeconds(5))
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                List.of("unseen-fixed", "unseen-brief").stream()
                    .allMatch(
                        n ->
                            scene.claim(n).orElseThrow().getStatus().phase() == ClaimPhase.BOUND
                                && !scene.claim(n).orElseThrow().isMarkedForDeletion()));
    for (var address : List.of(fixed, brief)) {
      assertThat(scene.vip(address).orElseThrow().statusOrEmpty().phase())
          .isEqualTo(VpcIPPhase.ASSIGNED);
      assertThat(stage.vpc().snapshot().eniOf(address)).isPresent();
    }

    operator.kill();
    proxy.disguise(Disguise.NONE);
    start();
    scene.end("unseen-brief");
    scene.awaitNoClaim("unseen-brief");
    scene.awaitFree(brief);
    assertThat(scene.retire("unseen-fixed").getStatus().address()).isEqualTo(fixed);
  }

  @ParameterizedTest(name = "the API server''s clock is {0} days ahead")
  @ValueSource(ints = {-1, 1})
  void shouldExpireNothingWhenTheLocalClockIsADayOff(int days) {
    var name = "skewed" + (days < 0 ? "-behind" : "-ahead");
    var address = scene.run(PodSketch.fixed(name, "node-5")).getStatus().address();
    scene.retire(name);
    proxy.disguise(Disguise.clockAhead(Duration.ofDays(days)));

    scene.endedAgo(name, Duration.ofHours(2));

    scene.until(
        "users are told",
        () -> remarks().stream().anyMatch(m -> m.contains(days < 0 ? "ahead of" : "behind")));
    await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                scene.claim(name).filter(c -> !c.isMarkedForDeletion()).isPresent()
                    && stage.vpc().snapshot().eniOf(address).isPresent());

    proxy.disguise(Disguise.NONE);

    scene.awaitNoClaim(name);
    scene.awaitFree(address);
  }

  private static boolean created(PodSketch sketch) {
    scene.create(sketch);
    return true;
  }

  /** Deletes a Pod by force: its object is gone at once, its container a little later. */
  private static void kill(String pod) {
    stage.client().pods().inNamespace(scene.namespace()).withName(pod).withGracePeriod(0).delete();
  }

  private static Map<String, String> addresses(List<String> pods) {
    var addresses = new HashMap<String, String>();
    pods.forEach(p -> addresses.put(p, scene.address(p).orElseThrow()));
    return addresses;
  }

  private static List<String> remarks() {
    return stage.client().v1().events().inNamespace(Stage.NAMESPACE).list().getItems().stream()
        .filter(e -> "ExpiryStopped".equals(e.getReason()))
        .map(Event::getMessage)
        .toList();
  }
}
