package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.eniipamd.testing.Workloads;
import io.fabric8.kubernetes.api.model.Event;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Fixed IPs are released by their expiry, by hand and with their workload, and never too early. */
class ReleaseIT {
  private static Stage stage;
  private static Scene scene;

  @BeforeAll
  static void open() {
    stage = StandingStage.get().stage();
    scene = Scene.open(stage, "release");
  }

  @AfterAll
  static void soundAtTheEnd() {
    Scene.awaitSound(stage);
    assertThat(scene.violations()).isEmpty();
  }

  @Test
  void shouldReleaseWhatIsDueAndNothingElse() {
    var sketch = PodSketch.fixed("due", "node-3").with(Names.CLAIM_EXPIRED_DURATION, "5m");
    var due = scene.run(sketch).getStatus().address();
    scene.run(sketch.named("later"));
    scene.retire("due");
    scene.retire("later");

    scene.endedAgo("due", Duration.ofMinutes(6));

    awaitReason(due, ReleaseReason.EXPIRED);
    scene.awaitNoClaim("due");
    assertThat(scene.events("VpcIPClaim", "due")).extracting(Event::getReason).contains("Expired");
    assertThat(scene.claim("later").orElseThrow().getStatus().phase())
        .isEqualTo(ClaimPhase.RETAINED);
  }

  @Test
  void shouldNotExpireWhileAPodOfTheNameIsThere() {
    var sketch = PodSketch.fixed("returned", "node-3").with(Names.CLAIM_EXPIRED_DURATION, "5m");
    var address = scene.run(sketch).getStatus().address();
    scene.retire("returned");
    // In the wrong zone, so that it cannot be bound and the claim stays retained.
    scene.create(sketch.on("node-5"));
    scene.awaitCondition("returned", "Ready", "ZoneMismatch");

    scene.endedAgo("returned", Duration.ofMinutes(6));

    await()
        .during(Duration.ofSeconds(4))
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                scene
                    .claim("returned")
                    .filter(c -> !c.isMarkedForDeletion())
                    .filter(c -> address.equals(c.statusOrEmpty().address()))
                    .isPresent());
    scene.end("returned");
  }

  @Test
  void shouldWaitForThePodWhenItsClaimIsDeletedByHand() {
    var address = scene.run(PodSketch.fixed("in-use", "node-3")).getStatus().address();

    scene.deleteClaim("in-use");

    var blocked = scene.awaitCondition("in-use", "ReleaseBlocked", "PodRunning");
    assertThat(blocked.status()).isEqualTo(Condition.TRUE);
    assertThat(scene.claim("in-use").orElseThrow().getStatus().phase()).isEqualTo(ClaimPhase.BOUND);
    assertThat(stage.vpc().snapshot().eniOf(address)).isPresent();

    scene.end("in-use");

    awaitReason(address, ReleaseReason.MANUAL);
    scene.awaitNoClaim("in-use");
    scene.awaitFree(address);
  }

  @Test
  void shouldReleaseARetainedAddressWhenItsClaimIsDeletedByHand() {
    var address = scene.run(PodSketch.fixed("by-hand", "node-3")).getStatus().address();
    scene.retire("by-hand");

    scene.deleteClaim("by-hand");

    awaitReason(address, ReleaseReason.MANUAL);
    scene.awaitNoClaim("by-hand");
    scene.awaitFree(address);
  }

  @Test
  void shouldReleaseWithTheWorkloadButNotBeforeItsPodsHaveEnded() {
    var pods = List.of("cascade-0", "cascade-1");
    stage
        .client()
        .resource(Workloads.statefulSet("cascade", scene.namespace(), 2, "ap-guangzhou-3"))
        .create();
    pods.forEach(scene::awaitRunning);
    var addresses = pods.stream().map(p -> scene.address(p).orElseThrow()).toList();
    assertThat(scene.claim("cascade-0").orElseThrow().getMetadata().getOwnerReferences())
        .singleElement()
        .satisfies(o -> assertThat(o.getBlockOwnerDeletion()).isFalse())
        .extracting("kind", "name")
        .containsExactly("StatefulSet", "cascade");
    // Their nodes are slow, so that the claims are deleted well before the Pods have ended.
    List.of("node-1", "node-2", "node-3")
        .forEach(n -> stage.kubelets().delay(n, Duration.ofSeconds(3)));

    try {
      stage
          .client()
          .apps()
          .statefulSets()
          .inNamespace(scene.namespace())
          .withName("cascade")
          .delete();
      addresses.forEach(a -> awaitReason(a, ReleaseReason.CASCADE));
      pods.forEach(scene::awaitNoClaim);
      addresses.forEach(scene::awaitFree);
    } finally {
      List.of("node-1", "node-2", "node-3").forEach(n -> stage.kubelets().delay(n, Duration.ZERO));
    }
    assertThat(scene.violations()).isEmpty();
  }

  private static void awaitReason(String address, ReleaseReason reason) {
    scene.until(
        "%s is released: %s".formatted(address, reason),
        () ->
            scene
                .vip(address)
                .filter(v -> v.statusOrEmpty().releaseReason() == reason)
                .isPresent());
  }
}
