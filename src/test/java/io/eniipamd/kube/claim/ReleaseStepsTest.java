package io.eniipamd.kube.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.ReleaseStep;
import io.eniipamd.domain.claim.RetentionView;
import io.eniipamd.domain.condition.ClaimConditions;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.kube.support.SlimPod;
import io.eniipamd.property.memory.Bench;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReleaseStepsTest {
  private static final Ip IP = Bench.ip(0);

  private final Scene scene = new Scene();

  @Test
  void shouldDeleteTheClaimWhosePodHasEnded() {
    var claim = scene.bound(scene.pod(), IP);
    scene.bench.delete(SlimPod.class, Scene.NAMESPACE, Scene.NAME);

    scene.perform(claim, new ReleaseStep.DeleteClaim());

    assertThat(scene.claim().isMarkedForDeletion()).isTrue();
  }

  @Test
  void shouldDeleteNothingWhileThePodLivesAlthoughTheCacheLacksIt() {
    var claim = scene.bound(scene.pod(), IP);

    var control = scene.perform(claim, new ReleaseStep.DeleteClaim());

    assertThat(scene.claim().isMarkedForDeletion()).isFalse();
    assertThat(Scene.pause(control)).isPresent();
  }

  @Test
  void shouldDeleteNothingWhenTheSetWantsTheOrdinalBack() {
    var claim = scene.retained(Scene.NAME, IP, "2026-01-01T00:00:00Z");

    scene.perform(claim, new ReleaseStep.DeleteScaled());

    assertThat(scene.claim().isMarkedForDeletion()).isFalse();
  }

  @Test
  void shouldSayWhatPausesTheReleaseOnce() {
    var claim = scene.retained(Scene.NAME, IP, "2026-01-01T00:00:00Z");
    var pause =
        new ReleaseStep.ExplainPause(
            new RetentionView.Pause(ClaimReason.RELEASES_PAUSED, "paused by a user", false));

    scene.perform(claim, pause);
    int writes = scene.writes().size();
    scene.perform(scene.claim(), pause);

    assertThat(scene.reason(ClaimConditions.RELEASE_BLOCKED)).isEqualTo("ReleasesPaused");
    assertThat(scene.writes()).hasSize(writes);
  }

  @Test
  void shouldReleaseTheAddressesOfADeletedClaim() {
    var claim = deleted(scene.retained(Scene.NAME, IP, "2026-01-01T00:00:00Z"));
    scene.record(claim, IP);

    scene.perform(claim, new ReleaseStep.ReleaseAddresses(List.of(IP)));

    assertThat(phase()).isEqualTo(VpcIPPhase.RELEASING);
  }

  @Test
  void shouldReleaseNothingWhileThePodLivesAlthoughTheCacheLacksIt() {
    var claim = deleted(scene.bound(scene.pod(), IP));
    scene.record(claim, IP);

    scene.perform(claim, new ReleaseStep.ReleaseAddresses(List.of(IP)));

    assertThat(phase()).isEqualTo(VpcIPPhase.ASSIGNED);
    assertThat(scene.reason(ClaimConditions.RELEASE_BLOCKED)).isEqualTo("PodRunning");
    assertThat(scene.bench.eventsOn("VpcIPClaim", Scene.NAME)).containsExactly("ReleaseBlocked");
  }

  @Test
  void shouldReleaseNothingThatAnotherClaimHolds() {
    var claim = deleted(scene.retained(Scene.NAME, IP, "2026-01-01T00:00:00Z"));
    scene.record(scene.claim("web-1", "\"phase\": \"Pending\""), IP);

    scene.perform(claim, new ReleaseStep.ReleaseAddresses(List.of(IP)));

    assertThat(phase()).isEqualTo(VpcIPPhase.ASSIGNED);
  }

  @Test
  void shouldWaitForTheGateWhenMoreAreDeletedThanAWindowLetsThrough() {
    var last = Duration.ZERO;
    for (int i = 0; i <= Bench.RELEASES_PER_SWEEP; i++) {
      scene.retained("web-" + i, IP, "2026-01-01T00:00:00Z");
      scene.bench.delete(VpcIPClaim.class, Scene.NAMESPACE, "web-" + i);
      var control =
          scene.perform(
              scene.bench.find(VpcIPClaim.class, Scene.NAMESPACE, "web-" + i).orElseThrow(),
              new ReleaseStep.ReleaseAddresses(List.of()));
      last = Scene.pause(control).orElse(Duration.ZERO);
    }

    assertThat(last).isPositive();
  }

  @Test
  void shouldReleaseSecondAddresses() {
    var claim = scene.bound(scene.pod(), Bench.ip(1));
    scene.record(claim, IP);

    scene.perform(claim, new ReleaseStep.ReleaseSurplus(List.of(IP)));

    assertThat(phase()).isEqualTo(VpcIPPhase.RELEASING);
  }

  @Test
  void shouldRemoveTheFinalizerOfAClaimThatHoldsNothing() {
    var claim = deleted(scene.retained(Scene.NAME, IP, "2026-01-01T00:00:00Z"));

    scene.perform(claim, new ReleaseStep.RemoveFinalizer());

    assertThat(scene.bench.find(VpcIPClaim.class, Scene.NAMESPACE, Scene.NAME)).isEmpty();
  }

  @Test
  void shouldKeepTheFinalizerWhenARecordExistsThatTheCacheDoesNotShow() {
    var claim = deleted(scene.retained(Scene.NAME, IP, "2026-01-01T00:00:00Z"));
    scene.bench.lag();
    scene.record(claim, IP);

    var control = scene.perform(claim, new ReleaseStep.RemoveFinalizer());

    assertThat(scene.bench.find(VpcIPClaim.class, Scene.NAMESPACE, Scene.NAME)).isPresent();
    assertThat(scene.bench.operator().book().get(IP)).isPresent();
    assertThat(Scene.pause(control)).isPresent();
  }

  @Test
  void shouldKeepTheFinalizerWhileThePodLives() {
    var claim = deleted(scene.bound(scene.pod(), IP));

    scene.perform(claim, new ReleaseStep.RemoveFinalizer());

    assertThat(scene.claim().getMetadata().getFinalizers()).isNotEmpty();
    assertThat(scene.reason(ClaimConditions.RELEASE_BLOCKED)).isEqualTo("PodRunning");
  }

  @Test
  void shouldTryAgainWhenTheApiServerRefusedToTakeTheFinalizer() {
    var claim = deleted(scene.retained(Scene.NAME, IP, "2026-01-01T00:00:00Z"));
    scene.bench.refuse("PUT", "/vpcipclaims/web-0", 500);
    assertThatThrownBy(() -> scene.perform(claim, new ReleaseStep.RemoveFinalizer()))
        .isInstanceOf(KubernetesClientException.class);

    scene.perform(scene.claim(), new ReleaseStep.RemoveFinalizer());

    assertThat(scene.bench.find(VpcIPClaim.class, Scene.NAMESPACE, Scene.NAME)).isEmpty();
  }

  private VpcIPClaim deleted(VpcIPClaim claim) {
    scene.bench.delete(VpcIPClaim.class, Scene.NAMESPACE, claim.getMetadata().getName());
    return scene.claim();
  }

  private VpcIPPhase phase() {
    return scene.record(IP).orElseThrow().statusOrEmpty().phase();
  }
}
