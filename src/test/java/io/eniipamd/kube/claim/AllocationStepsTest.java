package io.eniipamd.kube.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.domain.address.Cidr;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.AllocationStep;
import io.eniipamd.domain.claim.WaitStep;
import io.eniipamd.domain.condition.ClaimConditions;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.property.memory.Bench;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AllocationStepsTest {
  private static final Ip IP = Bench.ip(0);
  private static final AllocationStep.Allocate ALLOCATE =
      new AllocationStep.Allocate(Scene.ENI_VIEW, Scene.NODE_VIEW);

  private final Scene scene = new Scene();

  @Test
  void shouldRecordANewAddressForTheClaimOnTheEni() {
    var claim = scene.pending();

    var control = scene.perform(claim, ALLOCATE);

    var record = onlyRecord();
    assertThat(record.getSpec().claimRef().uid()).isEqualTo(claim.getMetadata().getUid());
    assertThat(record.getSpec().eniId()).isEqualTo(Scene.ENI);
    assertThat(record.getSpec().nodeName()).isEqualTo(Scene.NODE);
    assertThat(Scene.pause(control)).isEmpty();
  }

  @Test
  void shouldTakeAnotherAddressWhenAnotherClaimWasFaster() {
    scene.bench.refuse("POST", "/vpcips", 409);

    scene.perform(scene.pending(), ALLOCATE);

    assertThat(scene.bench.requests()).filteredOn(r -> r.startsWith("POST")).hasSize(2);
    assertThat(onlyRecord().getSpec().eniId()).isEqualTo(Scene.ENI);
  }

  @Test
  void shouldTakeNoSecondAddressWhenTheAnswerToTheFirstWasLost() {
    var claim = scene.pending();
    scene.bench.lag();
    scene.bench.loseAnswer("POST", "/vpcips");
    assertThatThrownBy(() -> scene.perform(claim, ALLOCATE))
        .isInstanceOf(KubernetesClientException.class);

    var control = scene.perform(claim, ALLOCATE);

    assertThat(records()).hasSize(1);
    assertThat(Scene.pause(control)).isPresent();
  }

  @Test
  void shouldGiveThePickBackWhenTheApiServerRefusesTheRecord() {
    var claim = scene.pending();
    for (int i = 0; i < Scene.SLOTS; i++) {
      scene.bench.refuse("POST", "/vpcips", 403);
      assertThatThrownBy(() -> scene.perform(claim, ALLOCATE))
          .isInstanceOf(KubernetesClientException.class);
    }

    scene.perform(claim, ALLOCATE);

    assertThat(records()).hasSize(1);
  }

  @Test
  void shouldTakeNoAddressWhenTheEniHasNoSlotLeft() {
    for (int i = 0; i < Scene.SLOTS; i++) {
      scene.record(scene.claim("web-" + (i + 1), "\"phase\": \"Pending\""), Bench.ip(i));
    }

    var control = scene.perform(scene.pending(), ALLOCATE);

    assertThat(records()).hasSize(Scene.SLOTS);
    assertThat(Scene.pause(control)).isPresent();
  }

  @Test
  void shouldTellWhenTheSubnetHasNoAddressLeft() {
    int usable = (int) Cidr.parse("10.0.0.0/28").usableSize();
    for (int i = 0; i < usable; i++) {
      scene.record(
          scene.claim("web-" + (i + 1), "\"phase\": \"Pending\""),
          Cidr.parse("10.0.0.0/28").at(i + 2));
    }

    scene.perform(scene.pending(), ALLOCATE);

    assertThat(scene.reason(ClaimConditions.READY)).isEqualTo("SubnetFull");
  }

  @Test
  void shouldTakeAWarmAddressByOneWrite() {
    scene.warm(IP);
    var claim = scene.pending();

    scene.perform(claim, new AllocationStep.TakeWarm(IP));

    var record = onlyRecord();
    assertThat(record.getSpec().claimRef().uid()).isEqualTo(claim.getMetadata().getUid());
    assertThat(record.getSpec().warm()).isNull();
    assertThat(record.getSpec().eniId()).isEqualTo(Scene.ENI);
    assertThat(record.getMetadata().getLabels())
        .containsEntry(Names.CLAIM_UID, claim.getMetadata().getUid());
    assertThat(scene.bench.requests()).filteredOn(r -> !r.startsWith("GET")).hasSize(1);
  }

  @Test
  void shouldLeaveAWarmAddressToTheClaimThatWasFaster() {
    scene.warm(IP);
    var faster = scene.claim("web-1", "\"phase\": \"Pending\"");
    scene.bench.lag();
    scene.bench.edit(
        VpcIP.class,
        null,
        IP.toString(),
        vip ->
            vip.withObject("/spec")
                .<ObjectNode>without("warm")
                .withObject("/claimRef")
                .put("namespace", Scene.NAMESPACE)
                .put("name", "web-1")
                .put("uid", faster.getMetadata().getUid()));

    assertThatThrownBy(() -> scene.perform(scene.pending(), new AllocationStep.TakeWarm(IP)))
        .isInstanceOfSatisfying(
            KubernetesClientException.class, e -> assertThat(e.getCode()).isEqualTo(409));

    assertThat(scene.record(IP).orElseThrow().getSpec().claimRef().name()).isEqualTo("web-1");
  }

  @Test
  void shouldGiveTheWarmAddressBackWhenTheApiServerRefusesToHandItOver() {
    scene.warm(IP);
    var claim = scene.pending();
    scene.bench.refuse("PUT", "/vpcips/" + IP, 403);
    assertThatThrownBy(() -> scene.perform(claim, new AllocationStep.TakeWarm(IP)))
        .isInstanceOf(KubernetesClientException.class);

    scene.perform(claim, new AllocationStep.TakeWarm(IP));

    assertThat(onlyRecord().getSpec().claimRef().uid()).isEqualTo(claim.getMetadata().getUid());
  }

  @Test
  void shouldReleaseOneWarmAddressForAClaimThatNeedsItsSlotAndNoSecondOne() {
    scene.warm(IP);
    scene.warm(Bench.ip(1));
    var claim = scene.pending();
    var step =
        new AllocationStep.YieldWarm(
            Set.of(Scene.ENI), new WaitStep.Problem(ClaimReason.NO_ENI_IN_SUBNET, "no room"));

    scene.perform(claim, step);
    scene.perform(claim, step);

    assertThat(records())
        .extracting(vip -> vip.statusOrEmpty().phase())
        .containsExactlyInAnyOrder(VpcIPPhase.RELEASING, VpcIPPhase.AVAILABLE);
  }

  @Test
  void shouldRecordTheNominatedAddressAndNoOther() {
    scene.perform(
        scene.pending(), new AllocationStep.AllocateNamed(IP, Scene.ENI_VIEW, Scene.NODE_VIEW));

    assertThat(onlyRecord().getMetadata().getName()).isEqualTo(IP.toString());
  }

  @Test
  void shouldComeBackWhenTheNominatedAddressIsTaken() {
    scene.record(scene.claim("web-1", "\"phase\": \"Pending\""), IP);

    var control =
        scene.perform(
            scene.pending(), new AllocationStep.AllocateNamed(IP, Scene.ENI_VIEW, Scene.NODE_VIEW));

    assertThat(records()).hasSize(1);
    assertThat(Scene.pause(control)).isPresent();
  }

  @Test
  void shouldNoteWhatTheWaitingPodRequests() {
    scene.pod("Immediate");

    scene.perform(scene.pending(), new AllocationStep.NoteRequest());

    assertThat(scene.claim().statusOrEmpty().deletePolicy()).isEqualTo(DeletePolicy.IMMEDIATE);
  }

  @Test
  void shouldRecordTheAddressAgainAndTellOfTheClaim() {
    var claim = scene.bound(scene.pod(), IP);

    scene.perform(claim, new AllocationStep.RecreateRecord(IP));

    assertThat(scene.record(IP).orElseThrow().getSpec().claimRef().uid())
        .isEqualTo(claim.getMetadata().getUid());
    assertThat(scene.bench.eventsOn("VpcIPClaim", Scene.NAME)).containsExactly("RecordRestored");
  }

  @Test
  void shouldTellWhenAnotherClaimHasTakenTheAddressWhoseRecordWasDeleted() {
    scene.record(scene.claim("web-1", "\"phase\": \"Pending\""), IP);

    scene.perform(scene.bound(scene.pod(), IP), new AllocationStep.RecreateRecord(IP));

    assertThat(scene.reason(ClaimConditions.READY)).isEqualTo("AddressLost");
    assertThat(scene.record(IP).orElseThrow().getSpec().claimRef().name()).isEqualTo("web-1");
  }

  @ParameterizedTest
  @EnumSource(
      value = VpcIPPhase.class,
      names = {"RELEASING", "QUARANTINED"})
  void shouldTakeItsOwnAddressBackWhileItIsReleased(VpcIPPhase phase) {
    var claim = scene.pending();
    scene.record(claim, IP, phase == VpcIPPhase.RELEASING ? "Releasing" : "Quarantined");

    scene.perform(claim, new AllocationStep.TakeBack(IP));

    assertThat(scene.record(IP).orElseThrow().statusOrEmpty().phase()).isNotEqualTo(phase);
  }

  @Test
  void shouldLetAnAddressGoWhoseClaimIsBeingDeletedAlthoughTheCacheShowsItAlive() {
    var claim = scene.pending();
    scene.record(claim, IP, "Releasing");
    scene.bench.lag();
    scene.bench.delete(VpcIPClaim.class, Scene.NAMESPACE, Scene.NAME);

    var control = scene.perform(claim, new AllocationStep.TakeBack(IP));

    assertThat(scene.record(IP).orElseThrow().statusOrEmpty().phase())
        .isEqualTo(VpcIPPhase.RELEASING);
    assertThat(Scene.pause(control)).isPresent();
  }

  @Test
  void shouldRecordAnAddressThatTheCloudHasFoundOnAnEni() {
    scene.pod();

    scene.perform(scene.pending(), new AllocationStep.TakeBack(IP, Optional.of(Scene.ENI)));

    var record = scene.record(IP).orElseThrow();
    assertThat(record.getSpec().eniId()).isEqualTo(Scene.ENI);
    assertThat(record.getSpec().nodeName()).isEqualTo(Scene.NODE);
  }

  private VpcIP onlyRecord() {
    assertThat(records()).hasSize(1);
    return records().getFirst();
  }

  private List<VpcIP> records() {
    return scene.bench.all(VpcIP.class);
  }
}
