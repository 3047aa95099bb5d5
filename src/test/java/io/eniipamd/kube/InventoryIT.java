package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.kube.support.EniTags;
import io.eniipamd.simulator.Sdk;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What no object names any more is found by comparing all there is, reported, and repaired. */
class InventoryIT {
  private static final String SUBNET = "subnet-gz3pods1";
  private static final String CLUSTER = "cls-stage";
  private static final String GONE = "node-gone";

  /** A machine that no Node runs on. */
  private static final String SPARE = "ins-node0003";

  private static Stage stage;
  private static Scene scene;
  private static OperatorProcess operator;
  private static Sdk console;

  @BeforeAll
  static void open() {
    stage = Stage.set("inventory", VpcLayout.standard().onlyIn(SUBNET));
    operator = start("repair");
    stage.join("node-1", "ins-node0001");
    Scene.awaitNodes(stage, "node-1");
    scene = Scene.open(stage, "inventory");
    console = new Sdk(stage.vpc());
  }

  private static OperatorProcess start(String mode) {
    var flags = new ArrayList<>(List.of(StandingStage.QUICK));
    flags.add("--inventory=" + mode);
    flags.add("--inventory-interval=1s");
    flags.add("--inventory-grace=2s");
    flags.add("--stray-watch-interval=24h");
    flags.add("--node-leave-delay=24h");
    return stage.startOperator(flags.toArray(String[]::new));
  }

  @AfterAll
  static void close() {
    if (stage == null) {
      return;
    }
    try {
      assertThat(stage.kubelets().violations()).isEmpty();
    } finally {
      stage.close();
    }
  }

  @Test
  void shouldDeleteTheEnisOfANodeThatNothingKnows() throws TencentCloudSDKException {
    var loose = console.createEni(SUBNET, "10.0.0.101", ours(GONE));
    var attached = console.createEni(SUBNET, "10.0.0.102", ours(GONE));
    console.attach(attached, SPARE);

    scene.until("they are deleted", () -> !exist(loose) && !exist(attached));
    assertThat(messages("UnownedENI"))
        .anyMatch(message -> message.contains(loose) && message.contains("deletes it"))
        .anyMatch(message -> message.contains(attached) && message.contains(SPARE));
    scene.until("it is counted", () -> metric("repairs_total", "unowned_eni") >= 2);
    scene.until("nothing is left", () -> metric("drift", "unowned_eni") == 0);
  }

  @Test
  void shouldTouchNothingThatIsOthersOrThatMayBeInUse() throws TencentCloudSDKException {
    var theirs =
        console.createEni(
            SUBNET, "10.0.0.111", Map.of(EniTags.CLUSTER, "cls-other", EniTags.NODE, GONE));
    var untagged = console.createEni(SUBNET, "10.0.0.112");
    var loaded = console.createEni(SUBNET, "10.0.0.113", ours(GONE));
    console.assign(loaded, "10.0.0.114");
    var nodeless = console.createEni(SUBNET, "10.0.0.115", Map.of(EniTags.CLUSTER, CLUSTER));
    // What comes last and is repaired shows that the others were looked at.
    var last = console.createEni(SUBNET, "10.0.0.116", ours(GONE));

    scene.until("the last one is deleted", () -> !exist(last));
    scene.until(
        "users are told of the others",
        () ->
            messages("UnownedENI").stream().anyMatch(m -> m.contains(nodeless))
                && messages("UnownedENI").stream().anyMatch(m -> m.contains(loaded)));
    assertThat(List.of(theirs, untagged, loaded, nodeless)).allMatch(InventoryIT::exist);
    assertThat(messages("UnownedENI")).noneMatch(m -> m.contains(theirs) || m.contains(untagged));

    console.unassign(loaded, "10.0.0.114");
    scene.until("it goes when it carries nothing", () -> !exist(loaded));
    for (var eniId : List.of(theirs, untagged, nodeless)) {
      console.delete(eniId);
    }
  }

  @Test
  void shouldGiveTheEniOfALivingNodeToTheNode() throws TencentCloudSDKException {
    var eniId = console.createEni(SUBNET, "10.0.0.121", ours("node-1"));

    scene.until(
        "the node has it, or has deleted it",
        () ->
            !exist(eniId)
                || stage.nec("node-1").orElseThrow().statusOrEmpty().eniInfos().stream()
                    .anyMatch(eni -> eni.eniId().equals(eniId)));
    Scene.awaitSound(stage);
  }

  @Test
  void shouldReleaseAStrayAddressAndEndAReservationThatNothingWants()
      throws TencentCloudSDKException {
    var eniId = scene.run(PodSketch.fixed("beside", "node-1")).getStatus().eniId();
    console.assign(eniId, "10.0.0.131");
    console.reserve(SUBNET, "10.0.0.132", "eni-ipamd-10.0.0.132", Map.of(EniTags.CLUSTER, CLUSTER));
    var others =
        console.reserve(
            SUBNET, "10.0.0.133", "eni-ipamd-10.0.0.133", Map.of(EniTags.CLUSTER, "cls-other"));

    scene.awaitFree("10.0.0.131");
    scene.until("the reservation ends", () -> stage.vpc().holderOf("10.0.0.132").isEmpty());
    assertThat(stage.vpc().holderOf("10.0.0.133")).as(others).isPresent();
    assertThat(messages("UnwantedReservation")).anyMatch(m -> m.contains("10.0.0.132"));
    Scene.awaitSound(stage);
  }

  @Test
  void shouldDeleteTheRecordOfAnEniThatIsGoneWithItsNode() throws TencentCloudSDKException {
    stage.join("node-2", "ins-node0002");
    Scene.awaitNodes(stage, "node-2");
    var eni = stage.nec("node-2").orElseThrow().getStatus().eniInfos().getFirst();
    operator.kill();
    stage.kubelets().removeNode("node-2");
    scene.tearAway(stage.client().resources(NodeENIConfig.class).withName("node-2"));
    console.detach(eni.eniId(), "ins-node0002");
    console.awaitIdle();
    console.delete(eni.eniId());
    operator = start("repair");

    scene.until(
        "its record is gone",
        () -> stage.vips().stream().noneMatch(v -> name(v).equals(eni.primaryIP())));
    assertThat(scene.events("VpcIP", eni.primaryIP()))
        .anyMatch(e -> e.getReason().equals("ENIRecordStale"));
    Scene.awaitSound(stage);
  }

  @Test
  void shouldOnlyReportWhereThatIsAskedFor() throws TencentCloudSDKException {
    var eniId = scene.run(PodSketch.fixed("reported", "node-1")).getStatus().eniId();
    operator.kill();
    operator = start("report");
    long calls = stage.vpc().record().count();

    var lost = console.createEni(SUBNET, "10.0.0.141", ours(GONE));
    console.assign(eniId, "10.0.0.142");

    scene.until("the ENI is counted", () -> metric("drift", "unowned_eni") == 1);
    scene.until("the address is counted", () -> metric("drift", "stray_address") == 1);
    assertThat(messages("UnownedENI"))
        .anyMatch(m -> m.contains(lost) && m.contains("--inventory=report"));
    assertThat(changesOfOperator(calls)).isEmpty();
    assertThat(exist(lost)).isTrue();
    assertThat(metric("repairs_total", "unowned_eni")).isZero();

    operator.kill();
    operator = start("repair");

    scene.until("it is deleted then", () -> !exist(lost));
    scene.awaitFree("10.0.0.142");
    Scene.awaitSound(stage);
  }

  @Test
  void shouldDeleteTheEniOfAPodsOwnThatNoRecordHas() throws TencentCloudSDKException {
    var loose = console.createEni(SUBNET, "10.0.0.151", ofPodsOwn());
    var attached = console.createEni(SUBNET, "10.0.0.152", ofPodsOwn());
    console.attach(attached, SPARE);

    scene.until("the one on no instance is deleted", () -> !exist(loose));
    scene.until(
        "users are told of the other",
        () ->
            messages("UnownedENI").stream()
                .anyMatch(m -> m.contains(attached) && m.contains("no Pod runs with it")));
    assertThat(exist(attached)).isTrue();
    console.detach(attached, SPARE);
    scene.until("it goes when a user has detached it", () -> !exist(attached));
  }

  @Test
  void shouldTellOfTheRecordOfAKeptEniOfAPodsOwnThatIsGoneAndMakeAnotherForTheNextPod()
      throws TencentCloudSDKException {
    var bound = scene.run(PodSketch.fixedDirect("own-0", "node-1")).getStatus();
    scene.retire("own-0");
    scene.until(
        "it is kept on no instance",
        () ->
            scene
                .vip(bound.address())
                .filter(v -> v.statusOrEmpty().phase() == VpcIPPhase.HELD)
                .isPresent());

    console.awaitIdle();
    console.delete(bound.eniId());

    scene.until(
        "users are told",
        () ->
            scene.events("VpcIP", bound.address()).stream()
                .anyMatch(
                    e ->
                        e.getReason().equals("ENIRecordStale")
                            && e.getMessage().contains(bound.eniId())));
    assertThat(scene.vip(bound.address())).isPresent();
    var again = scene.run(PodSketch.fixedDirect("own-0", "node-1")).getStatus();
    assertThat(again.address()).isEqualTo(bound.address());
    assertThat(again.eniId()).isNotEqualTo(bound.eniId());
    scene.until("it is no news any more", () -> metric("drift", "eni_gone") == 0);
    scene.retire("own-0");
    scene.deleteClaim("own-0");
    scene.awaitFree(bound.address());
  }

  private static Map<String, String> ofPodsOwn() {
    return EniTags.ofDirect(CLUSTER, "uid-of-nothing");
  }

  /** The changes that are not those of this test. */
  private static List<String> changesOfOperator(long since) {
    return stage.vpc().record().since(since).stream()
        .filter(call -> call.changing())
        .map(call -> call.action())
        .filter(
            action ->
                !action.equals("CreateNetworkInterface")
                    && !action.equals("AssignPrivateIpAddresses"))
        .toList();
  }

  private static Map<String, String> ours(String node) {
    return Map.of(EniTags.CLUSTER, CLUSTER, EniTags.NODE, node, EniTags.RECORD, "uid-of-" + node);
  }

  private static boolean exist(String eniId) {
    return stage.vpc().snapshot().secondaryEnis().stream().anyMatch(e -> e.id().equals(eniId));
  }

  private static String name(VpcIP vip) {
    return vip.getMetadata().getName();
  }

  /** Events about what has no object of its own are on the settings. */
  private static List<String> messages(String reason) {
    return scene.events("ConfigMap", "tke-eni-ipamd", Stage.NAMESPACE).stream()
        .filter(event -> event.getReason().equals(reason))
        .map(event -> event.getMessage())
        .toList();
  }

  private static double metric(String name, String kind) {
    var line = "ipamd_inventory_" + name + "{kind=\"" + kind + "\"}";
    return operator
        .get("/q/metrics")
        .lines()
        .filter(l -> l.startsWith(line))
        .mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
        .findFirst()
        .orElse(-1);
  }
}
