package io.eniipamd.kube.claim;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.domain.claim.ValidationError;
import io.eniipamd.domain.claim.WaitStep;
import io.eniipamd.domain.condition.ClaimConditions;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.property.memory.Bench;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WaitStepsTest {
  private final Scene scene = new Scene();

  @Test
  void shouldTellOfAProblemAtOnceOnTheClaimAndOnThePod() {
    scene.pod();

    var control =
        scene.perform(
            scene.pending(), new WaitStep.Problem(ClaimReason.NO_ROOM_ON_NODE, "no room"));

    assertThat(scene.reason(ClaimConditions.READY)).isEqualTo("NoRoomOnNode");
    assertThat(scene.bench.eventsOn("Pod", Scene.NAME)).containsExactly("NoRoomOnNode");
    assertThat(Scene.pause(control)).hasValueSatisfying(p -> assertThat(p).isPositive());
  }

  @Test
  void shouldWriteNothingWhenTheProblemIsTheOneThatWasTold() {
    var problem = new WaitStep.Problem(ClaimReason.NO_ROOM_ON_NODE, "no room");
    scene.perform(scene.pending(), problem);
    int writes = scene.writes().size();

    scene.perform(scene.claim(), problem);

    assertThat(scene.writes()).hasSize(writes);
  }

  @Test
  void shouldTellOfAWaitOnceItLasts() {
    var wait = new WaitStep.Await(ClaimReason.AWAITING_ENI, "an ENI is on its way");
    var claim = scene.pending();

    var control = scene.perform(claim, wait);

    assertThat(scene.writes()).isEmpty();
    scene.bench.pass(Scene.pause(control).orElseThrow());
    scene.perform(claim, wait);
    assertThat(scene.reason(ClaimConditions.READY)).isEqualTo("AwaitingENI");
  }

  @Test
  void shouldBeginTheWaitAnewWhenItsReasonChanges() {
    var claim = scene.pending();
    scene.perform(claim, new WaitStep.Await(ClaimReason.AWAITING_ENI, "an ENI is on its way"));
    scene.bench.pass(Waits.PATIENCE);

    scene.perform(claim, new WaitStep.Await(ClaimReason.ADDRESS_ON_ITS_WAY, "it is on its way"));

    assertThat(scene.writes()).isEmpty();
  }

  @Test
  void shouldComeBackForNothingWhenTheUserHasToMendThePod() {
    scene.pod();
    var error = new ValidationError(ClaimReason.NETWORK_MODE_CONFLICT, "ask for one of them", true);

    var control = scene.perform(scene.pending(), new WaitStep.Refuse(error));

    assertThat(scene.reason(ClaimConditions.VALID)).isEqualTo("NetworkModeConflict");
    assertThat(scene.bench.eventsOn("Pod", Scene.NAME)).containsExactly("NetworkModeConflict");
    assertThat(Scene.pause(control)).isEmpty();
  }

  @Test
  void shouldEnqueueTheClaimOnceWhenTheAddressThatItAwaitsIsFree() {
    var other = scene.claim("web-1", "\"phase\": \"Pending\"");
    scene.record(other, Bench.ip(0));
    scene.perform(
        scene.pending(),
        new WaitStep.Problem(
            ClaimReason.NOMINATED_IP_IN_USE, "web-1 holds it", Optional.of(Bench.ip(0))));
    scene.bench.isEnqueued(Scene.NAMESPACE, Scene.NAME);

    scene.bench.edit(
        VpcIP.class,
        null,
        Bench.ip(0).toString(),
        vip -> vip.withObject("/metadata").remove("finalizers"));
    scene.bench.delete(VpcIP.class, null, Bench.ip(0).toString());

    assertThat(scene.bench.isEnqueued(Scene.NAMESPACE, Scene.NAME)).isTrue();
    assertThat(scene.bench.isEnqueued(Scene.NAMESPACE, Scene.NAME)).isFalse();
  }
}
