package io.eniipamd.kube.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.api.v1.VpcIPStatusBuilder;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.RetentionStep;
import io.eniipamd.domain.claim.RetentionView;
import io.eniipamd.domain.condition.ClaimConditions;
import io.eniipamd.kube.support.SlimPod;
import io.eniipamd.property.memory.Bench;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetentionStepsTest {
  private static final Ip IP = Bench.ip(0);

  private final Scene scene = new Scene();

  @Test
  void shouldRetainTheAddressFromTheApiServersTimeOn() {
    var claim = scene.bound(scene.pod(), IP);
    scene.record(claim, IP);
    scene.bench.delete(SlimPod.class, Scene.NAMESPACE, Scene.NAME);

    scene.perform(claim, new RetentionStep.Retain());

    var status = scene.claim().statusOrEmpty();
    assertThat(status.phase()).isEqualTo(ClaimPhase.RETAINED);
    assertThat(status.address()).isEqualTo(IP.toString());
    assertThat(status.retainedSince()).startsWith("2026-01-01T00:00:0");
    assertThat(status.expiresAt()).startsWith("2026-01-01T01:00:0");
    assertThat(scene.reason(ClaimConditions.READY)).isEqualTo("Retained");
  }

  @Test
  void shouldRetainNothingWhenThePodLivesAlthoughTheCacheLacksIt() {
    var pod = scene.pod();
    var claim = scene.bound(pod, IP);

    var control = scene.perform(claim, new RetentionStep.Retain());

    assertThat(scene.writes()).isEmpty();
    assertThat(Scene.pause(control)).isPresent();
  }

  @Test
  void shouldRetainWhatTheRecordsSayWhenTheStatusNamesNoAddress() {
    var claim = scene.pending();
    scene.record(claim, IP);

    scene.perform(claim, new RetentionStep.Retain());

    assertThat(scene.claim().statusOrEmpty().address()).isEqualTo(IP.toString());
  }

  @Test
  void shouldWriteWhatIsInForceNow() {
    var claim = scene.retained(Scene.NAME, IP, "2026-01-01T00:00:00Z");
    scene.record(claim, IP);
    scene.bench.edit(
        VpcIPClaim.class,
        Scene.NAMESPACE,
        Scene.NAME,
        c ->
            c.withObject("/metadata")
                .withObject("/annotations")
                .put("tke.cloud.tencent.com/claim-expired-duration", "10m"));

    scene.perform(scene.claim(), new RetentionStep.RefreshStatus(Optional.empty()));

    var status = scene.claim().statusOrEmpty();
    assertThat(status.claimExpiredDuration()).isEqualTo("10m");
    assertThat(status.expiresAt()).isEqualTo("2026-01-01T00:10:00Z");
  }

  @Test
  void shouldLeaveTheClaimAloneWhenItsStatusIsTrue() {
    var claim = scene.retained(Scene.NAME, IP, "2026-01-01T00:00:00Z");
    scene.record(claim, IP);
    scene.perform(claim, new RetentionStep.RefreshStatus(Optional.empty()));
    int writes = scene.writes().size();

    scene.perform(scene.claim(), new RetentionStep.RefreshStatus(Optional.empty()));

    assertThat(scene.writes()).hasSize(writes);
  }

  @Test
  void shouldHoldTheAddressOnNoEniWhenItsNodeIsGoneAndNoOtherHasRoom() {
    var claim = scene.retained(Scene.NAME, IP, "2026-01-01T00:00:00Z");
    scene.record(claim, IP);

    scene.perform(
        claim,
        new RetentionStep.Relocate(Scene.held(IP), new RetentionView.Relocation(Scene.NODE, true)));

    assertThat(scene.reason(ClaimConditions.PLACED)).isEqualTo("Moving");
    assertThat(scene.record(IP).orElseThrow().getSpec().eniId()).isNull();
  }

  @Test
  void shouldLeaveTheAddressWhereItIsWhilePodsMayRunOnTheNodeThatIsGone() {
    var claim = scene.retained(Scene.NAME, IP, "2026-01-01T00:00:00Z");
    scene.record(claim, IP);
    scene.pod();

    var control =
        scene.perform(
            claim,
            new RetentionStep.Relocate(
                Scene.held(IP), new RetentionView.Relocation(Scene.NODE, true)));

    assertThat(scene.writes()).isEmpty();
    assertThat(Scene.pause(control)).isPresent();
  }

  @Test
  void shouldMoveNothingWhenThePodCameMeanwhile() {
    var claim = scene.retained(Scene.NAME, IP, "2026-01-01T00:00:00Z");
    scene.record(claim, IP);
    scene.bench.refuse("PUT", "/vpcipclaims/web-0/status", 409);

    assertThatThrownBy(
            () ->
                scene.perform(
                    claim,
                    new RetentionStep.Relocate(
                        Scene.held(IP), new RetentionView.Relocation(Scene.NODE, true))))
        .isInstanceOf(KubernetesClientException.class);

    assertThat(scene.record(IP).orElseThrow().getSpec().eniId()).isEqualTo(Scene.ENI);
  }

  @Test
  void shouldNameTheNodeThatTheAddressHasLeftOnce() {
    var claim = scene.retained(Scene.NAME, IP, "2026-01-01T00:00:00Z");
    scene.record(claim, IP);
    scene.perform(
        claim,
        new RetentionStep.Relocate(Scene.held(IP), new RetentionView.Relocation(Scene.NODE, true)));
    var steps = scene.bench.operator().claimSteps();
    var there = scene.record(IP).orElseThrow();
    assertThat(steps.left(there)).isEmpty();
    var gone = scene.record(IP).orElseThrow();
    gone.setStatus(VpcIPStatusBuilder.builder(gone.statusOrEmpty()).eniId(null).build());

    assertThat(steps.left(gone)).contains(Scene.NODE);
    assertThat(steps.left(gone)).isEmpty();
  }

  @Test
  void shouldKeepPolicyAndPhaseOfABoundClaimWhoseStatusIsRefreshed() {
    var claim = scene.bound(scene.pod(), IP);
    claim.setStatus(
        VpcIPClaimStatusBuilder.builder(claim.statusOrEmpty()).claimExpiredDuration("5m").build());

    scene.perform(claim, new RetentionStep.RefreshStatus(Optional.empty()));

    var status = scene.claim().statusOrEmpty();
    assertThat(status.phase()).isEqualTo(ClaimPhase.BOUND);
    assertThat(status.claimExpiredDuration()).isEqualTo("1h");
  }
}
