package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.NetworkMode;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimSpecBuilder;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.model.EniView;
import io.eniipamd.testing.Edits;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The ENI of a Pod's own: made for it, kept whole without it, moved after it, and removed. */
class DirectEniIT {
  private static final String FIRST = "ins-node0001";
  private static final String SECOND = "ins-node0002";
  private static final int DIRECT_ENIS = 8;

  private static Stage stage;
  private static Scene scene;

  @BeforeAll
  static void open() {
    stage = Stage.set("direct", VpcLayout.standard());
    var flags = new ArrayList<>(List.of(StandingStage.QUICK));
    flags.add("--sweep-interval=1s");
    stage.startOperator(flags.toArray(String[]::new));
    stage.join("node-1", FIRST);
    stage.join("node-2", SECOND);
    Scene.awaitNodes(stage, "node-1", "node-2");
    scene = Scene.open(stage, "direct");
  }

  @AfterAll
  static void close() {
    if (stage != null) {
      stage.close();
    }
  }

  @AfterEach
  void shouldLeaveNothingThatDoesNotFit() {
    Scene.awaitSound(stage);
    assertThat(scene.violations()).isEmpty();
  }

  @Test
  void shouldOfferAsManyAsTheCloudGivesTheInstanceBesideTheSlotsOfSharedEnis() {
    scene.until(
        "the node offers them",
        () -> {
          var status = stage.client().nodes().withName("node-1").get().getStatus();
          return Integer.toString(DIRECT_ENIS)
                  .equals(status.getCapacity().get(Names.DIRECT_ENI).toString())
              && Integer.toString(DIRECT_ENIS)
                  .equals(status.getAllocatable().get(Names.DIRECT_ENI).toString())
              && status.getCapacity().containsKey(Names.ENI_IP);
        });
    assertThat(stage.nec("node-1").orElseThrow().getStatus().maxDirectENI()).isEqualTo(DIRECT_ENIS);
  }

  /** One story, because each part begins where the one before has ended. */
  @Test
  void shouldKeepTheEniWholeMoveItAfterItsPodAndReleaseItWithTheClaim() {
    // A Pod gets it.
    var bound = scene.run(PodSketch.fixedDirect("db-0", "node-1")).getStatus();
    var eni = eniOf(bound.address());
    assertThat(eni.id()).isEqualTo(bound.eniId());
    assertThat(eni.mac()).isEqualToIgnoringCase(bound.eniMac());
    assertThat(eni.subnetId()).isEqualTo(bound.subnetId());
    assertThat(eni.addresses().getFirst().ip()).hasToString(bound.address());
    assertThat(eni.attachType()).isEqualTo(1);
    assertThat(eni.instanceId()).hasValue(FIRST);
    assertThat(stage.nec("node-1").orElseThrow().getStatus().eniInfos())
        .extracting(EniInfo::eniId)
        .doesNotContain(eni.id());

    assertThat(stage.plane().runKubectl("get", "vip", bound.address()))
        .contains("db-0", "Pod", "Assigned", "node-1", eni.id(), bound.subnetId());
    assertThat(stage.plane().runKubectl("get", "vipc", "db-0", "-n", scene.namespace()))
        .contains(bound.address(), "Bound", "node-1", "Never");

    // It stays while its Pod is away, on no instance.
    scene.retire("db-0");
    awaitOnNone(bound.address());
    assertThat(eniOf(bound.address()).id()).isEqualTo(eni.id());

    // It follows its Pod to another node, and comes back with it to the same.
    assertOn(SECOND, eni.id(), scene.run(PodSketch.fixedDirect("db-0", "node-2")));
    scene.retire("db-0");
    assertOn(SECOND, eni.id(), scene.run(PodSketch.fixedDirect("db-0", "node-2")));

    // A claim that is deleted while its Pod runs takes nothing from it.
    scene.deleteClaim("db-0");
    scene.awaitCondition("db-0", "ReleaseBlocked", "PodRunning");
    assertThat(eniOf(bound.address()).instanceId()).hasValue(SECOND);
    scene.end("db-0");
    scene.awaitNoClaim("db-0");
    scene.awaitFree(bound.address());
    assertThat(stage.vpc().snapshot().secondaryEnis())
        .extracting(EniView::id)
        .doesNotContain(eni.id());
  }

  @Test
  void shouldRemoveTheEniAtTheEndOfAPodThatKeepsNothing() {
    var address = scene.run(PodSketch.direct("job-0", "node-1")).getStatus().address();
    assertThat(eniOf(address).attachType()).isEqualTo(1);

    scene.end("job-0");

    scene.awaitNoClaim("job-0");
    scene.awaitFree(address);
  }

  @Test
  void shouldReleaseAKeptEniWhenItsClaimIsDeleted() {
    var address = scene.run(PodSketch.fixedDirect("db-1", "node-1")).getStatus().address();
    scene.retire("db-1");
    awaitOnNone(address);

    scene.deleteClaim("db-1");

    scene.awaitNoClaim("db-1");
    scene.awaitFree(address);
  }

  @Test
  void shouldGetTheAddressThatThePodNominatesFromTheSubnetThatItNominates() {
    var pod =
        PodSketch.direct("named-0", "node-1")
            .with(Names.NOMINATED_IP, "10.0.0.200")
            .with(Names.NOMINATED_SUBNETS, "subnet-gz3pods1");

    var bound = scene.run(pod).getStatus();

    assertThat(bound.address()).isEqualTo("10.0.0.200");
    assertThat(eniOf("10.0.0.200").subnetId()).isEqualTo("subnet-gz3pods1");
    scene.end("named-0");
    scene.awaitFree("10.0.0.200");
  }

  @Test
  void shouldChooseAnotherAddressWhereAnotherUserHasTheOneThatItChose() {
    // given: nearly all that could be chosen
    var taken = strangersIn("10.0.0.", 2, 100);

    // when
    var address =
        scene
            .run(
                PodSketch.direct("lucky-0", "node-1")
                    .with(Names.NOMINATED_SUBNETS, "subnet-gz3pods1"))
            .getStatus()
            .address();

    // then
    assertThat(taken).doesNotContain(address);
    scene.end("lucky-0");
    scene.awaitFree(address);
    taken.forEach(stage.vpc()::removeStranger);
  }

  @Test
  void shouldRefuseAPodThatAsksForTheOtherNetworkThanItsKeptClaim() {
    var kept = scene.run(PodSketch.fixed("turn-0", "node-1")).getStatus().address();
    scene.retire("turn-0");

    scene.create(PodSketch.fixedDirect("turn-0", "node-1"));

    var condition = scene.awaitCondition("turn-0", "Valid", "NetworkModeConflict");
    assertThat(condition.message()).contains("tke-route-eni").contains("delete the claim");
    assertThat(scene.address("turn-0")).hasValue(kept);
    scene.deleteClaim("turn-0");
    var direct = scene.awaitRunning("turn-0").getStatus();
    assertThat(eniOf(direct.address()).attachType()).isEqualTo(1);
    scene.end("turn-0");
    scene.deleteClaim("turn-0");
    scene.awaitFree(direct.address());
    scene.awaitFree(kept);
  }

  @Test
  void shouldKeepTheEniOfARunningPodWhoseClaimWasDeletedPastItsFinalizer() {
    // What a user takes away past its finalizer counts as taken away: not in the others' scene.
    var scene = Scene.open(stage, "torn");
    var bound = scene.run(PodSketch.fixedDirect("torn-0", "node-1")).getStatus();

    scene.tearAway(
        stage
            .client()
            .resources(VpcIPClaim.class)
            .inNamespace(scene.namespace())
            .withName("torn-0"));

    var again = scene.awaitRunning("torn-0").getStatus();
    assertThat(again.address()).isEqualTo(bound.address());
    assertThat(again.eniId()).isEqualTo(bound.eniId());
    assertThat(eniOf(bound.address()).instanceId()).hasValue(FIRST);
    scene.retire("torn-0");
    scene.deleteClaim("torn-0");
    scene.awaitFree(bound.address());
  }

  @Test
  void shouldRecordTheAddressAgainWhoseRecordWasDeletedWhileItsPodRuns() {
    var bound = scene.run(PodSketch.fixedDirect("bare-0", "node-1")).getStatus();

    scene.tearAway(bound.address());

    scene.until(
        "it is recorded again, where it is",
        () ->
            scene
                .vip(bound.address())
                .filter(v -> v.statusOrEmpty().phase() == VpcIPPhase.ASSIGNED)
                .filter(v -> FIRST.equals(v.statusOrEmpty().instanceId()))
                .isPresent());
    assertThat(eniOf(bound.address()).id()).isEqualTo(bound.eniId());
    scene.retire("bare-0");
    scene.deleteClaim("bare-0");
    scene.awaitFree(bound.address());
  }

  @Test
  void shouldMoveAKeptEniFromANodeThatIsGone() {
    stage.join("node-3", "ins-node0003");
    Scene.awaitNodes(stage, "node-3");
    var bound = scene.run(PodSketch.fixedDirect("left-0", "node-3")).getStatus();
    scene.retire("left-0");
    stage.kubelets().removeNode("node-3");
    awaitOnNone(bound.address());

    assertOn(FIRST, bound.eniId(), scene.run(PodSketch.fixedDirect("left-0", "node-1")));
    scene.retire("left-0");
    scene.deleteClaim("left-0");
    scene.awaitFree(bound.address());
  }

  @Test
  void shouldReleaseAKeptEniWhenItsClaimExpires() {
    var address =
        scene
            .run(PodSketch.fixedDirect("due-0", "node-1").with(Names.CLAIM_EXPIRED_DURATION, "5m"))
            .getStatus()
            .address();
    scene.retire("due-0");
    awaitOnNone(address);

    scene.endedAgo("due-0", Duration.ofMinutes(6));

    scene.awaitNoClaim("due-0");
    scene.until(
        "the address rests, and its ENI is gone",
        () ->
            scene
                    .vip(address)
                    .filter(v -> v.statusOrEmpty().phase() == VpcIPPhase.QUARANTINED)
                    .isPresent()
                && stage.vpc().snapshot().eniOf(address).isEmpty());
    scene.awaitFree(address);
  }

  /** It stands for tke-route-eni, as before there was anything else. */
  @Test
  void shouldSayThatAClaimWithoutANetworkModeIsForSharedEnis() {
    var made = new VpcIPClaim();
    made.setMetadata(
        new ObjectMetaBuilder().withNamespace(scene.namespace()).withName("early-0").build());
    made.setSpec(VpcIPClaimSpecBuilder.builder().deletePolicy(DeletePolicy.NEVER).build());
    stage.client().resource(made).create();

    scene.create(PodSketch.fixedDirect("early-0", "node-1"));

    var condition = scene.awaitCondition("early-0", "Valid", "NetworkModeConflict");
    assertThat(condition.message()).contains("empty means tke-route-eni");
    Edits.edit(
        stage
            .client()
            .resources(VpcIPClaim.class)
            .inNamespace(scene.namespace())
            .withName("early-0"),
        claim -> {
          claim.setSpec(
              VpcIPClaimSpecBuilder.builder(claim.getSpec())
                  .networkMode(NetworkMode.DIRECT_ENI)
                  .build());
          return claim;
        });
    var address = scene.awaitRunning("early-0").getStatus().address();
    assertThat(eniOf(address).attachType()).isEqualTo(1);
    scene.end("early-0");
    scene.deleteClaim("early-0");
    scene.awaitFree(address);
  }

  private static List<String> strangersIn(String net, int from, int to) {
    var all =
        IntStream.rangeClosed(from, to)
            .mapToObj(i -> net + i)
            .filter(ip -> stage.vpc().snapshot().eniOf(ip).isEmpty())
            .filter(ip -> scene.vip(ip).isEmpty())
            .toList();
    all.forEach(stage.vpc()::addStranger);
    return all;
  }

  private static void assertOn(String instance, String eniId, VpcIPClaim claim) {
    var status = claim.getStatus();
    assertThat(status.phase()).isEqualTo(ClaimPhase.BOUND);
    assertThat(status.eniId()).isEqualTo(eniId);
    var eni = eniOf(status.address());
    assertThat(eni.id()).isEqualTo(eniId);
    assertThat(eni.instanceId()).hasValue(instance);
    assertThat(eni.attachType()).isEqualTo(1);
  }

  private static void awaitOnNone(String address) {
    scene.until(
        "the ENI of " + address + " is kept on no instance",
        () ->
            scene.vip(address).filter(v -> v.statusOrEmpty().phase() == VpcIPPhase.HELD).isPresent()
                && eniOf(address).instanceId().equals(Optional.empty()));
  }

  private static EniView eniOf(String address) {
    return stage.vpc().snapshot().eniOf(address).orElseThrow();
  }
}
