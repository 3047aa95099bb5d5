package io.eniipamd.kube.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.PlacementStep;
import io.eniipamd.domain.claim.PodView;
import io.eniipamd.domain.claim.WaitStep;
import io.eniipamd.domain.condition.ClaimConditions;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.kube.support.SlimPod;
import io.eniipamd.property.memory.Bench;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlacementStepsTest {
  private static final Ip IP = Bench.ip(0);
  private static final String OTHER_ENI = "eni-2";

  private final Scene scene = new Scene();

  @Test
  void shouldBindTheClaimToThePod() {
    var pod = scene.pod();
    var claim = scene.pending();
    scene.record(claim, IP);

    scene.perform(claim, bind(pod));

    var status = scene.claim().statusOrEmpty();
    assertThat(status.phase()).isEqualTo(ClaimPhase.BOUND);
    assertThat(status.address()).isEqualTo(IP.toString());
    assertThat(status.eniId()).isEqualTo(Scene.ENI);
    assertThat(status.nodeName()).isEqualTo(Scene.NODE);
    assertThat(status.podUID()).isEqualTo(pod.getMetadata().getUid());
    assertThat(status.claimExpiredDuration()).isEqualTo("1h");
    assertThat(scene.reason(ClaimConditions.READY)).isEqualTo("Bound");
  }

  @Test
  void shouldBindNothingWhenTheClaimWasWrittenSinceItWasRead() {
    var pod = scene.pod();
    var claim = scene.pending();
    scene.record(claim, IP);
    scene.bench.lag();
    scene.bench.edit(
        VpcIPClaim.class,
        Scene.NAMESPACE,
        Scene.NAME,
        c -> c.withObject("/metadata").withObject("/annotations").put("written", "meanwhile"));

    assertThatThrownBy(() -> scene.perform(claim, bind(pod)))
        .isInstanceOf(KubernetesClientException.class);

    assertThat(scene.claim().statusOrEmpty().phase()).isEqualTo(ClaimPhase.PENDING);
  }

  @Test
  void shouldBindNothingToAPodFromBeforeTheOneThatHasTheAddress() {
    var before = scene.pod();
    var claim = scene.pending();
    scene.bench.lag();
    scene.bench.delete(SlimPod.class, Scene.NAMESPACE, Scene.NAME);
    claim.setStatus(
        VpcIPClaimStatusBuilder.builder(claim.statusOrEmpty())
            .phase(ClaimPhase.BOUND)
            .podUID("uid-of-the-next-pod")
            .build());

    var control = scene.perform(claim, bind(before));

    assertThat(scene.writes()).isEmpty();
    assertThat(Scene.pause(control)).isPresent();
  }

  @Test
  void shouldSayThatTheAddressLeavesBeforeItMoves() {
    var claim = scene.pending();
    scene.pod();
    scene.record(claim, IP);

    scene.perform(
        claim, new PlacementStep.Move(Scene.held(IP), Scene.eni(OTHER_ENI), Scene.NODE_VIEW));

    assertThat(scene.writes())
        .satisfiesExactly(
            first -> assertThat(first).contains("/vpcipclaims/web-0/status"),
            second -> assertThat(second).contains("/vpcips/" + IP));
    assertThat(scene.reason(ClaimConditions.PLACED)).isEqualTo("Moving");
    assertThat(scene.record(IP).orElseThrow().getSpec().eniId()).isEqualTo(OTHER_ENI);
  }

  @Test
  void shouldMoveNothingWhenTheClaimWasWrittenSinceItWasRead() {
    var claim = scene.pending();
    scene.pod();
    scene.record(claim, IP);
    scene.bench.refuse("PUT", "/vpcipclaims/web-0/status", 409);

    assertThatThrownBy(
            () ->
                scene.perform(
                    claim,
                    new PlacementStep.Move(Scene.held(IP), Scene.eni(OTHER_ENI), Scene.NODE_VIEW)))
        .isInstanceOf(KubernetesClientException.class);

    assertThat(scene.record(IP).orElseThrow().getSpec().eniId()).isEqualTo(Scene.ENI);
  }

  @Test
  void shouldUnbindALivingPodWhoseAddressFollowsItToTheNextMachine() {
    var pod = scene.pod();
    var claim = scene.bound(pod, IP);
    scene.record(claim, IP);

    scene.perform(
        claim, new PlacementStep.Move(Scene.held(IP), Scene.eni(OTHER_ENI), Scene.NODE_VIEW));

    assertThat(scene.claim().statusOrEmpty().phase()).isEqualTo(ClaimPhase.PENDING);
    assertThat(scene.bench.eventsOn("Pod", Scene.NAME)).hasSize(1);
  }

  @Test
  void shouldWriteTheRecordOfAnAddressWhoseMoveIsNotToSucceed() {
    var claim = scene.pending();
    var before = scene.record(claim, IP).getMetadata().getResourceVersion();

    scene.perform(claim, new PlacementStep.ConfirmPlace(IP));

    assertThat(scene.record(IP).orElseThrow().getMetadata().getResourceVersion())
        .isNotEqualTo(before);
  }

  @Test
  void shouldAskTheAddressThatIsRetainedTheLongestToMakeRoom() {
    scene.record(scene.retained("web-1", IP, "2025-12-31T02:00:00Z"), IP);
    scene.record(scene.retained("web-2", Bench.ip(1), "2025-12-31T01:00:00Z"), Bench.ip(1));
    forgetEvents();

    scene.perform(scene.pending(), preempt());

    assertThat(scene.bench.isEnqueued(Scene.NAMESPACE, "web-2")).isTrue();
    assertThat(scene.bench.isEnqueued(Scene.NAMESPACE, "web-1")).isFalse();
  }

  @Test
  void shouldAskNoSecondAddressWhileTheFirstIsToMakeRoom() {
    scene.record(scene.retained("web-1", IP, "2025-12-31T02:00:00Z"), IP);
    var claim = scene.pending();
    scene.perform(claim, preempt());
    scene.record(scene.retained("web-2", Bench.ip(1), "2025-12-31T01:00:00Z"), Bench.ip(1));
    forgetEvents();

    scene.perform(claim, preempt());

    assertThat(scene.bench.isEnqueued(Scene.NAMESPACE, "web-2")).isFalse();
  }

  @Test
  void shouldTellAtOnceWhyTheNodeGetsNoFurtherEni() {
    scene.pod();

    scene.perform(
        scene.pending(),
        new PlacementStep.AwaitRoom(
            Scene.NODE,
            Set.of(),
            Optional.of(new WaitStep.Problem(ClaimReason.NO_ROOM_ON_NODE, "no room"))));

    assertThat(scene.reason(ClaimConditions.READY)).isEqualTo("NoRoomOnNode");
  }

  @Test
  void shouldTellOfAnEniThatIsOnItsWayOnlyWhereThatLasts() {
    var room = new PlacementStep.AwaitRoom(Scene.NODE, Set.of(), Optional.empty());
    var claim = scene.pending();
    scene.perform(claim, room);
    assertThat(scene.writes()).isEmpty();
    scene.bench.pass(Waits.PATIENCE);

    scene.perform(claim, room);

    assertThat(scene.reason(ClaimConditions.READY)).isEqualTo("AwaitingENI");
  }

  private static PlacementStep.Preempt preempt() {
    return new PlacementStep.Preempt(
        Set.of(Scene.ENI), new WaitStep.Problem(ClaimReason.NO_ROOM_ON_NODE, "no room"));
  }

  private void forgetEvents() {
    scene.bench.isEnqueued(Scene.NAMESPACE, "web-1");
    scene.bench.isEnqueued(Scene.NAMESPACE, "web-2");
  }

  private PlacementStep.Bind bind(SlimPod pod) {
    PodView view = scene.bench.operator().view(pod);
    return new PlacementStep.Bind(Scene.held(IP), Scene.ENI_VIEW, Scene.NODE_VIEW, view);
  }
}
