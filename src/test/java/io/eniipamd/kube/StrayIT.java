package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import io.eniipamd.api.v1.ClaimRef;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPSpec;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.simulator.Sdk;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.Edits;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodIP;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** An address on one of the cluster's ENIs that no record has is found and released. */
class StrayIT {
  /** No other test gets to it: the subnet is far larger than what these tests use of it. */
  private static final String FAR_AWAY = "10.0.0.200";

  /** Of the machines of the standard layout, the ENI's own one included. */
  private static final int ADDRESSES_PER_ENI = 10;

  private static final String USED = "10.0.0.201";

  /** Of a Pod of another cluster. */
  private static final String THEIRS = "10.0.0.241";

  private static Stage stage;
  private static Scene scene;
  private static OperatorProcess operator;

  @BeforeAll
  static void open() {
    var standard = VpcLayout.standard();
    stage =
        Stage.set(
            "stray",
            standard
                .withSubnets(List.of(standard.subnets().get(0)))
                .withInstances(List.of(standard.instances().get(0))));
    operator = startOperator("1s");
    stage.join("node-1", "ins-node0001");
    Scene.awaitNodes(stage, "node-1");
    scene = Scene.open(stage, "stray");
  }

  @AfterAll
  static void close() {
    if (stage != null) {
      stage.close();
    }
  }

  @Test
  void shouldReleaseAnAddressThatNoRecordHas() throws TencentCloudSDKException {
    var kept = scene.run(PodSketch.fixed("beside-it", "node-1")).getStatus();

    new Sdk(stage.vpc()).assign(kept.eniId(), FAR_AWAY);

    scene.until(
        "it is recorded and released",
        () ->
            scene.vip(FAR_AWAY).orElseThrow().statusOrEmpty().releaseReason()
                == ReleaseReason.STRAY);
    scene.awaitFree(FAR_AWAY);
    scene.until("users are told", () -> reasons().contains("StrayAddress"));
    await("the number goes back")
        .atMost(Duration.ofSeconds(30))
        .until(() -> operator.get("/q/metrics").contains("ipamd_stray_addresses 0.0"));
    assertThat(scene.awaitRunning("beside-it").getStatus().address()).isEqualTo(kept.address());
    Scene.awaitSound(stage);
  }

  @Test
  void shouldLeaveThePodItsAddressWhoseClaimAndRecordAreTornAwayWhileNobodyLooks() {
    var claim = scene.run(PodSketch.immediate("torn", "node-1"));
    var address = claim.getStatus().address();
    var uid = scene.pod("torn").orElseThrow().getMetadata().getUid();
    long calls = stage.vpc().record().count();
    operator.kill();
    scene.tearAway(
        stage.client().resources(VpcIPClaim.class).inNamespace(scene.namespace()).withName("torn"));
    scene.tearAway(stage.client().resources(VpcIP.class).withName(address));

    operator = startOperator("1s");

    assertThat(scene.awaitRunning("torn").getStatus().address()).isEqualTo(address);
    assertThat(scene.pod("torn").orElseThrow().getMetadata().getUid()).isEqualTo(uid);
    assertThat(stage.vpc().record().since(calls))
        .filteredOn(c -> c.action().startsWith("Unassign"))
        .filteredOn(c -> c.request().contains("\"" + address + "\""))
        .isEmpty();
    Scene.awaitSound(stage);
  }

  @Test
  void shouldKeepAnAddressThatAPodUsesWithoutAClaimUntilThatPodEnds()
      throws TencentCloudSDKException {
    var eni = scene.run(PodSketch.fixed("beside-that", "node-1")).getStatus().eniId();
    scene.create(PodSketch.plain("user", "node-1"));
    scene.until(
        "it runs", () -> scene.pod("user").orElseThrow().getStatus().getPhase().equals("Running"));
    Edits.editStatus(
        stage.client().pods().inNamespace(scene.namespace()).withName("user"),
        pod ->
            new PodBuilder(pod)
                .editStatus()
                .withPodIP(USED)
                .withPodIPs(new PodIP(USED))
                .endStatus()
                .build());

    new Sdk(stage.vpc()).assign(eni, USED);

    scene.until(
        "users are told",
        () ->
            scene.events("VpcIP", USED).stream()
                .anyMatch(e -> e.getReason().equals("StrayAddressInUse")));
    assertThat(stage.vpc().snapshot().eniOf(USED)).isPresent();
    scene.end("user");
    scene.awaitFree(USED);
  }

  @Test
  void shouldLookAtOnceWhenAnEniIsFullThoughTheRecordsSayThatItHasRoom()
      throws TencentCloudSDKException {
    var first = scene.run(PodSketch.fixed("first", "node-1")).getStatus();
    operator.kill();
    operator = startOperator("24h");
    scene.until("it leads", () -> operator.get("/q/health/ready").contains("\"UP\""));
    int there = stage.vpc().snapshot().eniOf(first.address()).orElseThrow().addresses().size();
    for (int i = there; i < ADDRESSES_PER_ENI; i++) {
      new Sdk(stage.vpc()).assign(first.eniId(), "10.0.0." + (210 + i));
      scene.until("it is there", () -> stage.vpc().tasksUnderWay().isEmpty());
    }

    scene.create(PodSketch.immediate("needs-room", "node-1"));

    scene.awaitRunning("needs-room");
    Scene.awaitSound(stage);
    operator.kill();
    operator = startOperator("1s");
  }

  @Test
  void shouldLeaveAnotherClustersAddressAloneWhenItsRecordIsRestoredHere()
      throws TencentCloudSDKException {
    // given
    var sdk = new Sdk(stage.vpc());
    var subnet = stage.vpc().snapshot().enis().getFirst().subnetId();
    var eni = sdk.createEni(subnet, "10.0.0.240");
    sdk.assign(eni, THEIRS);
    scene.until("it is there", () -> stage.vpc().tasksUnderWay().isEmpty());
    long calls = stage.vpc().record().count();

    // when
    var record = new VpcIP();
    record.setMetadata(
        new ObjectMetaBuilder().withName(THEIRS).withFinalizers(Names.IP_FINALIZER).build());
    record.setSpec(
        new VpcIPSpec(
            VpcIPType.POD,
            new ClaimRef("shop", "web-0", "uid-of-another-cluster"),
            subnet,
            eni,
            "node-of-others",
            null,
            null,
            null));
    stage.client().resource(record).create();

    // then
    scene.until("it is dropped", () -> scene.vip(THEIRS).isEmpty());
    assertThat(scene.events("VpcIP", THEIRS)).anyMatch(e -> e.getReason().equals("ForeignENI"));
    assertThat(stage.vpc().snapshot().eniOf(THEIRS)).isPresent();
    assertThat(stage.vpc().record().since(calls))
        .filteredOn(c -> !c.action().startsWith("Describe"))
        .filteredOn(c -> c.request().contains(eni))
        .isEmpty();
    sdk.unassign(eni, THEIRS);
    scene.until("it is gone", () -> stage.vpc().tasksUnderWay().isEmpty());
    sdk.delete(eni);
  }

  @Test
  void shouldPutAKeptAddressBackWhenItIsTakenOffItsEni() throws TencentCloudSDKException {
    // given
    var kept = scene.run(PodSketch.fixed("taken-off", "node-1")).getStatus();
    scene.retire("taken-off");

    // when
    new Sdk(stage.vpc()).unassign(kept.eniId(), kept.address());

    // then
    scene.until(
        "users are told",
        () ->
            scene.events("VpcIP", kept.address()).stream()
                .anyMatch(e -> e.getReason().equals("AddressMissing")));
    scene.until("it is back", () -> stage.vpc().snapshot().eniOf(kept.address()).isPresent());
    assertThat(scene.run(PodSketch.fixed("taken-off", "node-1")).getStatus().address())
        .isEqualTo(kept.address());
    Scene.awaitSound(stage);
  }

  private static OperatorProcess startOperator(String interval) {
    var flags = new ArrayList<>(List.of(StandingStage.QUICK));
    flags.add("--stray-watch-interval=" + interval);
    return stage.startOperator(flags.toArray(String[]::new));
  }

  private static List<String> reasons() {
    return stage.client().v1().events().inAnyNamespace().list().getItems().stream()
        .filter(e -> e.getInvolvedObject().getKind().equals(NodeENIConfig.class.getSimpleName()))
        .map(Event::getReason)
        .toList();
  }
}
