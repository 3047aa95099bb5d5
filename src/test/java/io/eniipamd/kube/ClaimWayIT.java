package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.ClaimRef;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPSpecBuilder;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.simulator.record.Call;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A Pod gets an address, keeps it while it is away, and releases it. */
class ClaimWayIT {
  private static Stage stage;
  private static Scene scene;

  @BeforeAll
  static void open() {
    stage = StandingStage.get().stage();
    scene = Scene.open(stage, "claim-way");
  }

  @AfterAll
  static void soundAtTheEnd() {
    Scene.awaitSound(stage);
    assertThat(scene.violations()).isEmpty();
  }

  static Stream<PodSketch> waysOfAsking() {
    return Stream.of(
        PodSketch.immediate("by-annotation", "node-1"),
        PodSketch.plain("by-resource", "node-1").requesting(Names.ENI_IP),
        PodSketch.immediate("by-both", "node-4").requesting(Names.ENI_IP));
  }

  @ParameterizedTest
  @MethodSource("waysOfAsking")
  void shouldTieAClaimOfThePodsNameToARecordOfItsAddressWhenAPodAsks(PodSketch sketch) {
    var claim = scene.run(sketch);

    var status = claim.getStatus();
    var vip = scene.vip(status.address()).orElseThrow();
    assertThat(claim.getMetadata().getName()).isEqualTo(sketch.name());
    assertThat(vip.getSpec().claimRef())
        .isEqualTo(new ClaimRef(scene.namespace(), sketch.name(), claim.getMetadata().getUid()));
    assertThat(vip.getSpec().type()).isEqualTo(VpcIPType.POD);
    assertThat(vip.statusOrEmpty().phase()).isEqualTo(VpcIPPhase.ASSIGNED);
    assertThat(vip.getMetadata().getLabels()).containsEntry(Names.NODE_NAME, sketch.node());
    var eni = stage.vpc().snapshot().eniOf(status.address()).orElseThrow();
    assertThat(eni.id()).isEqualTo(status.eniId());
    assertThat(eni.mac()).isEqualTo(status.eniMac());
    assertThat(eni.instanceId()).hasValue("ins-" + sketch.node().replace("-", "000"));
    assertThat(eni.subnetId()).isEqualTo(status.subnetId());
    assertThat(status.nodeName()).isEqualTo(sketch.node());
  }

  @Test
  void shouldPassOverAddressesOfWhichThereIsARecord() {
    var last = scene.run(PodSketch.immediate("before", "node-2")).getStatus();
    var recorded = new ArrayList<String>();
    for (int i = 1; i <= 20; i++) {
      var ip = plus(last.address(), i);
      if (scene.vip(ip).isEmpty()) {
        record(ip, last.subnetId());
        recorded.add(ip);
      }
    }

    var next = scene.run(PodSketch.immediate("after", "node-2")).getStatus().address();

    assertThat(next).isNotIn(recorded);
    recorded.forEach(scene::tearAway);
  }

  @Test
  void shouldReleaseClaimAndAddressWhenAnImmediatePodHasEnded() {
    var address = scene.run(PodSketch.immediate("short", "node-1")).getStatus().address();

    scene.end("short");

    scene.awaitNoClaim("short");
    scene.awaitFree(address);
  }

  @Test
  void shouldKeepTheAddressAndAskNothingOfTheCloudWhenAFixedPodReturnsToItsNode() {
    var address = scene.run(PodSketch.fixed("stays", "node-1")).getStatus().address();
    long before = stage.vpc().record().count();
    var eni = stage.vpc().snapshot().eniOf(address);

    var retained = scene.retire("stays");
    assertThat(retained.getStatus().address()).isEqualTo(address);
    assertThat(retained.getStatus().retainedSince()).isNotEmpty();
    assertThat(stage.vpc().snapshot().eniOf(address)).isEqualTo(eni);
    var back = scene.run(PodSketch.fixed("stays", "node-1"));

    assertThat(back.getStatus().address()).isEqualTo(address);
    assertThat(back.getMetadata().getUid()).isEqualTo(retained.getMetadata().getUid());
    assertThat(changes(before, address)).isEmpty();
  }

  @Test
  void shouldMoveTheAddressByOneMigrationWhenAFixedPodReturnsToAnotherNodeOfItsZone() {
    var address = scene.run(PodSketch.fixed("moves", "node-1")).getStatus().address();
    var retained = scene.retire("moves");
    long before = stage.vpc().record().count();

    var back = scene.run(PodSketch.fixed("moves", "node-2"));

    assertThat(back.getStatus().address()).isEqualTo(address);
    assertThat(back.getMetadata().getUid()).isEqualTo(retained.getMetadata().getUid());
    assertThat(changes(before, address))
        .extracting(Call::action)
        .containsExactly("MigratePrivateIpAddress");
    assertThat(stage.vpc().snapshot().eniOf(address).orElseThrow().instanceId())
        .hasValue("ins-node0002");
  }

  @Test
  void shouldKeepTheAddressWaitingWhenAFixedPodReturnsInTheWrongZone() {
    var address = scene.run(PodSketch.fixed("strays", "node-3")).getStatus().address();
    scene.retire("strays");

    scene.create(PodSketch.fixed("strays", "node-5"));

    scene.awaitCondition("strays", "Ready", "ZoneMismatch");
    assertThat(scene.address("strays")).hasValue(address);
    scene.end("strays");
    assertThat(scene.run(PodSketch.fixed("strays", "node-3")).getStatus().address())
        .isEqualTo(address);
  }

  @Test
  void shouldGiveTheVeryAddressWhenThePodNominatesOne() {
    var subnet = stage.nec("node-1").orElseThrow().getStatus().eniInfos().getFirst();
    var wanted = subnet.subnetCIDR().replace(".0/24", ".200");

    var claim =
        scene.run(PodSketch.immediate("nominating", "node-1").with(Names.NOMINATED_IP, wanted));

    assertThat(claim.getStatus().address()).isEqualTo(wanted);
  }

  @Test
  void shouldTakeTheAddressFromTheSubnetThatThePodNominates() {
    for (var subnet : List.of("subnet-gz3pods1", "subnet-gz3pods2")) {
      var claim =
          scene.run(
              PodSketch.immediate("of-" + subnet, "node-3").with(Names.NOMINATED_SUBNETS, subnet));

      assertThat(claim.getStatus().subnetId()).isEqualTo(subnet);
    }
  }

  @Test
  void shouldCostNothingWhenAPodIsNotOurs() {
    Scene.awaitSound(stage);
    awaitNoRest();
    var mark = stage.plane().audit().mark();
    long before = stage.vpc().record().count();

    scene.create(PodSketch.plain("stranger", "node-1"));
    scene.create(PodSketch.plain("on-host", "node-1").onHostNetwork());
    scene.until(
        "they run",
        () ->
            Stream.of("stranger", "on-host")
                .allMatch(
                    p -> "Running".equals(scene.pod(p).orElseThrow().getStatus().getPhase())));
    scene.end("stranger");
    scene.end("on-host");

    await()
        .during(Duration.ofSeconds(1))
        .atMost(Duration.ofSeconds(5))
        .untilAsserted(
            () ->
                assertThat(stage.requestsSince(mark))
                    .filteredOn(e -> !Stage.comparesClocks(e))
                    .isEmpty());
    assertThat(stage.vpc().record().since(before))
        .extracting(Call::action)
        .allMatch("DescribeSubnets"::equals);
  }

  private static void awaitNoRest() {
    scene.until(
        "nothing is in quarantine any more",
        () ->
            stage.vips().stream().allMatch(v -> v.statusOrEmpty().phase() == VpcIPPhase.ASSIGNED));
  }

  /** The changing calls since then that name the address. */
  private static List<Call> changes(long since, String address) {
    return stage.vpc().record().since(since).stream()
        .filter(Call::changing)
        .filter(c -> c.request().contains("\"" + address + "\""))
        .toList();
  }

  private static void record(String ip, String subnetId) {
    var vip = new VpcIP();
    vip.setMetadata(new ObjectMetaBuilder().withName(ip).build());
    vip.setSpec(VpcIPSpecBuilder.builder().type(VpcIPType.ENI).subnetId(subnetId).build());
    vip.setStatus(null);
    stage.client().resource(vip).create();
  }

  private static String plus(String ip, int more) {
    int dot = ip.lastIndexOf('.');
    return ip.substring(0, dot + 1) + (Integer.parseInt(ip.substring(dot + 1)) + more);
  }
}
