package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.Names;
import io.eniipamd.controlplane.AuditEvent;
import io.eniipamd.controlplane.AuditLog;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Settings;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Event;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What users change while the operator runs takes effect on what is there, and at once. */
class LiveSettingsIT {
  private static Stage stage;
  private static Scene scene;

  private Settings settings;

  @BeforeAll
  static void open() {
    stage = StandingStage.get().stage();
    scene = Scene.open(stage, "live");
  }

  @BeforeEach
  void begin() {
    settings = Settings.of(stage);
  }

  @AfterEach
  void takeAllBack() {
    settings.close();
  }

  @Test
  void shouldReleaseWhatIsDueByTheNewExpiryWithoutARestart() {
    var address = scene.run(PodSketch.fixed("expiring", "node-3")).getStatus().address();
    scene.retire("expiring");
    scene.endedAgo("expiring", Duration.ofMinutes(10));

    settings.set("claim-expired-duration", "5m");

    scene.awaitNoClaim("expiring");
    scene.awaitFree(address);
    assertThat(remarks()).anyMatch(m -> m.startsWith("claim-expired-duration: 5m overrides"));
  }

  @Test
  void shouldTellTheNewExpiryInTheStatusOfWhatIsKept() {
    scene.run(PodSketch.fixed("told", "node-3"));
    scene.retire("told");

    settings.set("claim-expired-duration", "3h");

    scene.until(
        "the status tells the new expiry",
        () -> "3h".equals(scene.claim("told").orElseThrow().getStatus().claimExpiredDuration()));
    var status = scene.claim("told").orElseThrow().getStatus();
    assertThat(Instant.parse(status.expiresAt()))
        .isEqualTo(Instant.parse(status.retainedSince()).plus(Duration.ofHours(3)));
    assertThat(scene.condition("told", "Ready").orElseThrow().message())
        .contains("3h after that end (claim-expired-duration of the cluster)")
        .contains("kubectl delete vipc told -n " + scene.namespace());
  }

  @Test
  void shouldFollowTheAnnotationThatIsPutOnAClaimWhileItIsKept() {
    var address = scene.run(PodSketch.fixed("annotated", "node-3")).getStatus().address();
    scene.retire("annotated");
    scene.endedAgo("annotated", Duration.ofMinutes(10));

    annotate("annotated", Names.CLAIM_EXPIRED_DURATION, "0");
    scene.until(
        "it never expires",
        () -> scene.claim("annotated").orElseThrow().getStatus().expiresAt() == null);
    annotate("annotated", Names.CLAIM_EXPIRED_DURATION, "soon");
    scene.awaitCondition("annotated", "Valid", "MalformedDuration");
    annotate("annotated", Names.CLAIM_EXPIRED_DURATION, "5m");

    scene.awaitNoClaim("annotated");
    scene.awaitFree(address);
  }

  @Test
  void shouldReleaseNothingWhileReleasesArePausedAndEverythingAfterwards() {
    var due = scene.run(PodSketch.fixed("paused-due", "node-3")).getStatus().address();
    var byHand = scene.run(PodSketch.fixed("paused-by-hand", "node-3")).getStatus().address();
    scene.retire("paused-due");
    scene.retire("paused-by-hand");
    settings.set("pause-releases", "true");
    scene.until("the pause is seen", () -> paused("paused-by-hand"));
    scene.endedAgo("paused-due", Duration.ofHours(2));

    scene.deleteClaim("paused-by-hand");
    scene.awaitCondition("paused-by-hand", "ReleaseBlocked", "ReleasesPaused");
    scene.awaitCondition("paused-due", "ReleaseBlocked", "ReleasesPaused");
    staysHeld("paused-due", due);
    staysHeld("paused-by-hand", byHand);

    settings.set("pause-releases", "false");

    scene.awaitNoClaim("paused-due");
    scene.awaitNoClaim("paused-by-hand");
  }

  @Test
  void shouldNotAskForThePodWhileAPauseHoldsADeletedClaim() {
    var address = scene.run(PodSketch.fixed("unread", "node-3")).getStatus().address();
    scene.retire("unread");
    settings.set("pause-releases", "true");
    scene.until("the pause is seen", () -> paused("unread"));
    settings.set("pause-releases-namespaces", scene.namespace());
    var before = stage.plane().audit().mark();

    scene.deleteClaim("unread");
    scene.awaitCondition("unread", "ReleaseBlocked", "ReleasesPaused");
    // It is looked at for a second time, since something else holds it now.
    settings.set("pause-releases", "false");
    scene.until(
        "it says so",
        () ->
            scene
                .condition("unread", "ReleaseBlocked")
                .orElseThrow()
                .message()
                .contains("pause-releases-namespaces"));

    assertThat(readsOf("unread", before)).isEmpty();
    settings.unset("pause-releases-namespaces");
    scene.awaitNoClaim("unread");
    scene.awaitFree(address);
    assertThat(readsOf("unread", before)).as("read before it is released").isNotEmpty();
  }

  private static List<AuditEvent> readsOf(String pod, AuditLog.Mark since) {
    return stage.plane().audit().since(since).stream()
        .filter(e -> e.user().endsWith(":" + Stage.ACCOUNT))
        .filter(e -> e.verb().equals("get") && e.target().equals("pods") && e.name().equals(pod))
        .toList();
  }

  @Test
  void shouldStayPausedWhenTheConfigMapIsDeleted() {
    scene.run(PodSketch.fixed("unlifted", "node-3"));
    scene.retire("unlifted");
    settings.set("pause-releases", "true");
    scene.deleteClaim("unlifted");
    scene.awaitCondition("unlifted", "ReleaseBlocked", "ReleasesPaused");
    var map =
        stage.client().configMaps().inNamespace(Stage.NAMESPACE).withName(Stage.ACCOUNT).get();

    stage.client().resource(map).delete();

    scene.until(
        "users are told",
        () ->
            remarks().stream()
                .anyMatch(m -> m.contains("was deleted: its settings stay in force")));
    staysHeld("unlifted", scene.address("unlifted").orElseThrow());
    stage
        .client()
        .resource(
            new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(Stage.NAMESPACE)
                .withName(Stage.ACCOUNT)
                .endMetadata()
                .build())
        .create();
    scene.awaitNoClaim("unlifted");
  }

  @Test
  void shouldHoldTheReleasesOfOneNamespaceOnly() {
    var other = Scene.open(stage, "live-other");
    scene.run(PodSketch.fixed("here", "node-3"));
    other.run(PodSketch.fixed("there", "node-3"));
    scene.retire("here");
    other.retire("there");
    settings.set("pause-releases-namespaces", scene.namespace());
    scene.deleteClaim("here");
    scene.awaitCondition("here", "ReleaseBlocked", "ReleasesPaused");

    other.deleteClaim("there");

    other.awaitNoClaim("there");
    assertThat(scene.claim("here")).isPresent();
    settings.unset("pause-releases-namespaces");
    scene.awaitNoClaim("here");
  }

  @Test
  void shouldPauseByItselfWhenAnAvalancheComesAndGoOnByAWord() {
    settings.set("avalanche-count", "3");
    var names = IntStream.range(0, 6).mapToObj(i -> "avalanche-" + i).toList();
    names.forEach(n -> scene.run(PodSketch.fixed(n, "node-2")));
    names.forEach(scene::end);
    names.forEach(n -> scene.awaitPhase(n, ClaimPhase.RETAINED));
    var addresses = names.stream().map(n -> scene.address(n).orElseThrow()).toList();

    names.forEach(scene::deleteClaim);

    scene.until(
        "users are told", () -> remarks().stream().anyMatch(m -> m.contains("avalanche-count")));
    scene.until(
        "three were let through at most, and the others say why they wait",
        () ->
            names.stream()
                    .filter(
                        n ->
                            scene
                                .condition(n, "ReleaseBlocked")
                                .filter(c -> c.reason().equals("AvalanchePaused"))
                                .isPresent())
                    .count()
                >= 3);
    // The word has to be of after the pause, which began a moment ago.
    settings.set("resume-releases", Instant.now().plusSeconds(1).toString());

    names.forEach(scene::awaitNoClaim);
    addresses.forEach(scene::awaitFree);
    assertThat(record()).doesNotContainKey("paused-since");
  }

  @Test
  void shouldKeepTheLastGoodValueAndSayWhatWouldDoWhenOneIsBad() {
    settings.set("pause-releases", "perhaps");
    settings.set("quarantine", "1s");

    scene.until(
        "users are told of both",
        () ->
            remarks().stream()
                    .anyMatch(m -> m.contains("pause-releases: perhaps: must be true or false"))
                && remarks().stream().anyMatch(m -> m.contains("restart")));
    var address = scene.run(PodSketch.fixed("goes-on", "node-3")).getStatus().address();
    scene.retire("goes-on");
    scene.deleteClaim("goes-on");
    scene.awaitNoClaim("goes-on");
    scene.awaitFree(address);
  }

  /** Whether a release would be held up now: seen by one that is tried. */
  private static boolean paused(String claim) {
    // The settings are read by a watch; an annotation that is seen after it comes by another one,
    // so
    // the first effect of the pause itself is waited for.
    var probe = "probe-" + claim;
    if (scene.claim(probe).isEmpty()) {
      scene.run(PodSketch.fixed(probe, "node-3"));
      scene.retire(probe);
      scene.deleteClaim(probe);
    }
    return scene
        .condition(probe, "ReleaseBlocked")
        .filter(c -> c.status().equals(Condition.TRUE))
        .isPresent();
  }

  private static void staysHeld(String claim, String address) {
    await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                scene.claim(claim).isPresent()
                    && scene.vip(address).orElseThrow().statusOrEmpty().releaseReason() == null);
  }

  private static void annotate(String claim, String key, String value) {
    stage
        .plane()
        .runKubectl(
            "annotate", "vipc", claim, key + "=" + value, "--overwrite", "-n", scene.namespace());
  }

  private static java.util.Map<String, String> record() {
    var map =
        stage
            .client()
            .configMaps()
            .inNamespace(Stage.NAMESPACE)
            .withName(Stage.ACCOUNT + "-releases")
            .get();
    return map == null || map.getData() == null ? java.util.Map.of() : map.getData();
  }

  /** What is told on the ConfigMap. */
  private static List<String> remarks() {
    return stage.client().v1().events().inNamespace(Stage.NAMESPACE).list().getItems().stream()
        .filter(e -> e.getInvolvedObject().getKind().equals("ConfigMap"))
        .map(Event::getMessage)
        .toList();
  }
}
