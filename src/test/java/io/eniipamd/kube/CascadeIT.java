package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Settings;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.eniipamd.testing.Workloads;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Fixed IPs belong to their workloads: those of before the flag, of after it, and of neither. */
class CascadeIT {
  private static final String ZONE = "ap-guangzhou-3";

  private static Stage stage;
  private static Scene scene;

  private Settings settings;

  @BeforeAll
  static void open() {
    stage = StandingStage.get().stage();
    scene = Scene.open(stage, "cascade");
  }

  @AfterAll
  static void soundAtTheEnd() {
    Scene.awaitSound(stage);
    assertThat(scene.violations()).isEmpty();
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
  void shouldTieExistingClaimsWhenTheFlagIsSwitchedOnAndUntieThemWhenItIsSwitchedOff() {
    settings.set("enable-ownerref", "false");
    run("early", 2);
    var pods = podUids("early", 2);
    scale("early", 1);
    scene.awaitPhase("early-1", ClaimPhase.RETAINED);
    assertThat(owners("early-0")).isEmpty();

    settings.set("enable-ownerref", "true");

    var set = set("early").getMetadata().getUid();
    for (var claim : List.of("early-0", "early-1")) {
      scene.until(
          claim + " is tied to its StatefulSet",
          () -> owners(claim).stream().map(OwnerReference::getUid).toList().equals(List.of(set)));
    }
    assertThat(podUids("early", 1).getFirst()).isEqualTo(pods.getFirst());

    settings.set("enable-ownerref", "false");

    for (var claim : List.of("early-0", "early-1")) {
      scene.until(claim + " is untied", () -> owners(claim).isEmpty());
    }
  }

  @Test
  void shouldKeepTheAddressesWhenAWorkloadIsOrphanedAndMadeAnew() {
    run("orphaned", 2);
    scale("orphaned", 1);
    scene.awaitPhase("orphaned-1", ClaimPhase.RETAINED);
    var addresses = addresses("orphaned", 2);
    var first = set("orphaned").getMetadata().getUid();

    stage
        .plane()
        .runKubectl(
            "delete", "statefulset", "orphaned", "--cascade=orphan", "-n", scene.namespace());
    for (var claim : List.of("orphaned-0", "orphaned-1")) {
      scene.until("the reference of " + claim + " is stripped", () -> owners(claim).isEmpty());
    }
    create("orphaned", 2, Map.of());

    scene.awaitRunning("orphaned-0");
    scene.awaitRunning("orphaned-1");
    assertThat(addresses("orphaned", 2)).isEqualTo(addresses);
    var second = set("orphaned").getMetadata().getUid();
    assertThat(second).isNotEqualTo(first);
    for (var claim : List.of("orphaned-0", "orphaned-1")) {
      scene.until(
          claim + " belongs to the new one",
          () ->
              owners(claim).stream().map(OwnerReference::getUid).toList().equals(List.of(second)));
    }
  }

  @Test
  void shouldLoseNothingWhenAWorkloadIsOrphanedWhileTheFlagIsSwitchedOn() {
    settings.set("enable-ownerref", "false");
    run("racing", 3);
    scale("racing", 2);
    scene.awaitPhase("racing-2", ClaimPhase.RETAINED);
    var addresses = addresses("racing", 3);

    settings.set("enable-ownerref", "true");
    stage
        .plane()
        .runKubectl("delete", "statefulset", "racing", "--cascade=orphan", "-n", scene.namespace());

    // What the garbage collector could do to them it would do within seconds.
    await()
        .during(Duration.ofSeconds(8))
        .atMost(Duration.ofSeconds(15))
        .until(
            () ->
                IntStream.range(0, 3)
                    .allMatch(
                        i ->
                            scene
                                .claim("racing-" + i)
                                .filter(c -> !c.isMarkedForDeletion())
                                .isPresent()));
    assertThat(addresses("racing", 3)).isEqualTo(addresses);
  }

  @Test
  void shouldKeepTheAddressesOfAWorkloadThatSaysSo() {
    create("keeping", 1, Map.of(Names.WHEN_DELETED, "Retain"));
    scene.awaitRunning("keeping-0");
    assertThat(owners("keeping-0")).isEmpty();
    var address = scene.address("keeping-0");

    stage.plane().runKubectl("delete", "statefulset", "keeping", "-n", scene.namespace());

    scene.awaitPhase("keeping-0", ClaimPhase.RETAINED);
    assertThat(scene.address("keeping-0")).isEqualTo(address);
    scene.deleteClaim("keeping-0");
  }

  @Test
  void shouldReleaseWhatAStatefulSetWasScaledAwayFromOnlyWhereItSaysSo() {
    run("stays-put", 2);
    create("shrinks", 3, Map.of(Names.WHEN_SCALED, "Delete"));
    IntStream.range(0, 3).forEach(i -> scene.awaitRunning("shrinks-" + i));
    var gone = scene.address("shrinks-2").orElseThrow();

    scale("stays-put", 1);
    scale("shrinks", 2);

    scene.awaitPhase("stays-put-1", ClaimPhase.RETAINED);
    awaitReason(gone, ReleaseReason.SCALED_DOWN);
    scene.awaitNoClaim("shrinks-2");
    scene.awaitFree(gone);
    // A rollout takes Pods away within the range: their addresses stay.
    var kept = addresses("shrinks", 2);
    stage.plane().runKubectl("rollout", "restart", "statefulset/shrinks", "-n", scene.namespace());
    stage
        .plane()
        .runKubectl(
            "rollout", "status", "statefulset/shrinks", "-n", scene.namespace(), "--timeout=90s");
    assertThat(addresses("shrinks", 2)).isEqualTo(kept);
    assertThat(scene.claim("stays-put-1").orElseThrow().isMarkedForDeletion()).isFalse();
  }

  @Test
  void shouldReleaseWhatIsKeptWhenTheScalingPolicyIsSetAfterwards() {
    run("later", 2);
    var gone = scene.address("later-1").orElseThrow();
    scale("later", 1);
    scene.awaitPhase("later-1", ClaimPhase.RETAINED);

    settings.set("when-scaled", "Delete");

    awaitReason(gone, ReleaseReason.SCALED_DOWN);
    scene.awaitNoClaim("later-1");
  }

  @Test
  void shouldSayThatAFixedIpNeverReturnsWhenThePodsNameCannot() {
    stage
        .plane()
        .runKubectl(
            "create",
            "deployment",
            "nameless",
            "--image=registry.example/main:1",
            "--replicas=1",
            "-n",
            scene.namespace());
    stage
        .plane()
        .runKubectl(
            "patch",
            "deployment",
            "nameless",
            "-n",
            scene.namespace(),
            "-p",
            """
            {"spec": {"template": {
              "metadata": {"annotations": {"%s": "tke-route-eni", "%s": "Never"}},
              "spec": {"nodeName": "node-3"}}}}"""
                .formatted(Names.NETWORKS, Names.DELETE_POLICY));

    scene.until(
        "an event on a Pod of the Deployment says so",
        () ->
            stage.client().v1().events().inNamespace(scene.namespace()).list().getItems().stream()
                .filter(e -> e.getInvolvedObject().getKind().equals("Pod"))
                .filter(e -> e.getInvolvedObject().getName().startsWith("nameless-"))
                .map(Event::getReason)
                .anyMatch("FixedIPNeverReturns"::equals));
    scene.until(
        "its claim belongs to the Deployment",
        () ->
            claimsLike("nameless-").stream()
                .anyMatch(c -> owners(c).stream().anyMatch(o -> o.getKind().equals("Deployment"))));
    stage.plane().runKubectl("delete", "deployment", "nameless", "-n", scene.namespace());
    scene.until("its claims went with it", () -> claimsLike("nameless-").isEmpty());
  }

  @Test
  void shouldReleaseWithACustomWorkloadWhoseKindIsConfigured() {
    stage.plane().apply(List.of(Path.of("src/test/resources/manifests/gamesets.yaml")));
    scene.until(
        "the kind is served", () -> !stage.plane().runKubectl("get", "gamesets", "-A").isEmpty());
    var game = gameSet("chess");
    var pod = PodSketch.fixed("chess-white", "node-1").build(scene.namespace());
    pod.getMetadata()
        .setOwnerReferences(
            List.of(
                new OwnerReferenceBuilder()
                    .withApiVersion(game.getApiVersion())
                    .withKind(game.getKind())
                    .withName("chess")
                    .withUid(game.getMetadata().getUid())
                    .withController(true)
                    .build()));
    stage.client().resource(pod).create();
    var address = scene.awaitRunning("chess-white").getStatus().address();
    assertThat(owners("chess-white"))
        .singleElement()
        .extracting(OwnerReference::getKind, OwnerReference::getUid)
        .containsExactly("GameSet", game.getMetadata().getUid());

    stage.plane().runKubectl("delete", "gameset", "chess", "-n", scene.namespace());

    awaitReason(address, ReleaseReason.CASCADE);
    scene.awaitNoClaim("chess-white");
    scene.awaitFree(address);
  }

  private static GenericKubernetesResource gameSet(String name) {
    var game = new GenericKubernetesResource();
    game.setApiVersion("games.example.com/v1");
    game.setKind("GameSet");
    game.setMetadata(
        new ObjectMetaBuilder().withNamespace(scene.namespace()).withName(name).build());
    return stage.client().resource(game).create();
  }

  @Test
  void shouldReleaseEverythingWhenANamespaceIsDeleted() {
    var doomed = Scene.open(stage, "doomed");
    stage.client().resource(Workloads.statefulSet("gone", doomed.namespace(), 2, ZONE)).create();
    doomed.awaitRunning("gone-0");
    doomed.awaitRunning("gone-1");
    var addresses = List.of(doomed.address("gone-0").get(), doomed.address("gone-1").get());

    stage.plane().runKubectl("delete", "namespace", doomed.namespace(), "--wait=false");

    addresses.forEach(doomed::awaitFree);
    doomed.until(
        "the namespace is gone",
        () -> stage.client().namespaces().withName(doomed.namespace()).get() == null);
    assertThat(doomed.violations()).isEmpty();
  }

  private static void run(String set, int replicas) {
    create(set, replicas, Map.of());
    IntStream.range(0, replicas).forEach(i -> scene.awaitRunning(set + "-" + i));
  }

  private static void create(String set, int replicas, Map<String, String> annotations) {
    var sketch = Workloads.statefulSet(set, scene.namespace(), replicas, ZONE);
    sketch.getMetadata().setAnnotations(annotations);
    stage.client().resource(sketch).create();
  }

  private static void scale(String set, int replicas) {
    stage
        .plane()
        .runKubectl(
            "scale", "statefulset/" + set, "--replicas=" + replicas, "-n", scene.namespace());
  }

  private static StatefulSet set(String name) {
    return stage.client().apps().statefulSets().inNamespace(scene.namespace()).withName(name).get();
  }

  private static List<OwnerReference> owners(String claim) {
    var references = scene.claim(claim).orElseThrow().getMetadata().getOwnerReferences();
    return references == null ? List.of() : references;
  }

  private static List<String> claimsLike(String prefix) {
    return stage
        .client()
        .resources(io.eniipamd.api.v1.VpcIPClaim.class)
        .inNamespace(scene.namespace())
        .list()
        .getItems()
        .stream()
        .map(c -> c.getMetadata().getName())
        .filter(n -> n.startsWith(prefix))
        .toList();
  }

  private static List<String> addresses(String set, int replicas) {
    return IntStream.range(0, replicas)
        .mapToObj(i -> scene.address(set + "-" + i).orElseThrow())
        .toList();
  }

  private static List<String> podUids(String set, int replicas) {
    return IntStream.range(0, replicas)
        .mapToObj(i -> scene.pod(set + "-" + i).orElseThrow().getMetadata().getUid())
        .toList();
  }

  private static void awaitReason(String address, ReleaseReason reason) {
    scene.until(
        "%s is released: %s".formatted(address, reason),
        () ->
            scene
                .vip(address)
                .map(VpcIP::statusOrEmpty)
                .filter(s -> s.releaseReason() == reason)
                .isPresent());
  }
}
