package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.controlplane.AuditLog;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.record.Call;
import io.eniipamd.testing.Edits;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Nodes keep unused addresses ready, and Pods get them without waiting for the cloud. */
class WarmIT {
  private static final int MIN = 3;
  private static final String[] FLAGS =
      Stream.concat(
              Stream.of(StandingStage.QUICK),
              Stream.of("--ip-min-warm-target=" + MIN, "--ip-max-warm-target=6"))
          .toArray(String[]::new);

  private static Stage stage;
  private static Scene scene;
  private static OperatorProcess operator;

  @BeforeAll
  static void open() {
    stage = Stage.set("warm", VpcLayout.standard());
    operator = stage.startOperator(FLAGS);
    StandingStage.joinAll(stage);
    scene = Scene.open(stage, "warm");
  }

  @AfterAll
  static void soundAtTheEnd() {
    Scene.closeSound(stage);
  }

  @Test
  void shouldBindAPodByThreeWritesAndNoCallToTheCloudAndFillUpAgain() {
    awaitWarm("node-1", MIN);
    var warm = names(warm("node-1"));
    var mark = stage.plane().audit().mark();
    long calls = stage.vpc().record().count();

    var address = scene.run(PodSketch.fixed("quick", "node-1")).getStatus().address();

    assertThat(warm).contains(address);
    // The phase of the record is written beside the binding, which does not wait for it.
    scene.until(
        "its phase is written",
        () -> scene.vip(address).orElseThrow().statusOrEmpty().phase() == VpcIPPhase.ASSIGNED);
    assertThat(writes(mark, "quick", address))
        .containsExactlyInAnyOrder(
            "create vpcipclaims",
            "update vpcips",
            "update vpcipclaims/status",
            "update vpcips/status");
    assertThat(changes(calls)).noneMatch(c -> c.request().contains("\"" + address + "\""));
    awaitWarm("node-1", MIN);
    assertThat(changes(calls))
        .filteredOn(c -> c.action().equals("AssignPrivateIpAddresses"))
        .allMatch(c -> !c.request().contains("\"" + address + "\""));

    scene.retire("quick");
    assertThat(scene.run(PodSketch.fixed("quick", "node-1")).getStatus().address())
        .isEqualTo(address);
  }

  @Test
  void shouldServeAPodThatKeepsNoAddressAndMakeUpForItWhenItHasGone() {
    awaitWarm("node-2", MIN);
    var warm = names(warm("node-2"));

    var address = scene.run(PodSketch.immediate("brief", "node-2")).getStatus().address();

    assertThat(warm).contains(address);
    scene.end("brief");
    scene.awaitNoClaim("brief");
    scene.awaitFree(address);
    awaitWarm("node-2", MIN);
  }

  @Test
  void shouldMakeRoomWhereAWarmAddressTakesTheSlotThatAPodNeeds() {
    // Room for two Pods: one is there already, and the other slots are for warm addresses.
    annotate(
        "node-3",
        Map.of(
            Names.ROUTE_ENI_MAX_ATTACH, "1",
            Names.WARM_TARGET_MIN, "9",
            Names.WARM_TARGET_MAX, "9"));
    awaitWarm("node-3", 9);
    var eni = stage.nec("node-3").orElseThrow().getStatus().eniInfos().getFirst();
    var wanted = eni.subnetCIDR().replace(".0/24", ".233");

    var bound =
        scene.run(PodSketch.fixed("choosy", "node-3").with(Names.NOMINATED_IP, wanted)).getStatus();

    assertThat(bound.address()).isEqualTo(wanted);
    assertThat(bound.eniId()).isEqualTo(eni.eniId());
    awaitWarm("node-3", 8);
    annotate("node-3", Map.of());
  }

  @Test
  void shouldGiveBackWhatIsTooMuchAndTellOfAPairThatIsNotValid() {
    annotate("node-4", Map.of(Names.WARM_TARGET_MIN, "5", Names.WARM_TARGET_MAX, "5"));
    awaitWarm("node-4", 5);

    annotate("node-4", Map.of(Names.WARM_TARGET_MIN, "0", Names.WARM_TARGET_MAX, "1"));
    awaitWarm("node-4", 1);

    annotate("node-4", Map.of(Names.WARM_TARGET_MIN, "2"));
    scene.until(
        "the pair is refused",
        () ->
            scene.events("NodeENIConfig", "node-4").stream()
                .filter(e -> e.getReason().equals("WarmTargetInvalid"))
                .anyMatch(e -> e.getMessage().contains("works only together with")));
    // The flags count again.
    awaitWarm("node-4", MIN);
  }

  @Test
  void shouldReleaseNothingAndLeakNothingWhenTheOperatorIsKilledWhileItFills() {
    annotate("node-5", Map.of(Names.WARM_TARGET_MIN, "8", Names.WARM_TARGET_MAX, "8"));
    scene.until("it has begun", () -> !records("node-5").isEmpty());
    operator.kill();
    operator = stage.startOperator(FLAGS);

    awaitWarm("node-5", 8);
    assertThat(records("node-5")).hasSize(8);
    assertThat(stage.vpc().snapshot().secondaryAddresses()).containsAll(names(warm("node-5")));
  }

  // ------------------------------------------------------------------------------------ looking

  private static void awaitWarm(String node, int addresses) {
    scene.until(
        "%s keeps %d addresses ready".formatted(node, addresses),
        () -> warm(node).size() == addresses && records(node).size() == addresses);
  }

  /** What is ready on a node. */
  private static List<VpcIP> warm(String node) {
    return records(node).stream()
        .filter(v -> v.statusOrEmpty().phase() == VpcIPPhase.AVAILABLE)
        .toList();
  }

  /** What is ready on a node, or on its way there. */
  private static List<VpcIP> records(String node) {
    return stage.vips().stream()
        .filter(v -> v.getSpec().type() == VpcIPType.POD)
        .filter(v -> node.equals(v.getSpec().nodeName()))
        .filter(v -> v.getSpec().claimRef() == null)
        .filter(v -> v.statusOrEmpty().phase() != VpcIPPhase.RELEASING)
        .filter(v -> v.statusOrEmpty().phase() != VpcIPPhase.QUARANTINED)
        .toList();
  }

  private static List<String> names(List<VpcIP> vips) {
    return vips.stream().map(v -> v.getMetadata().getName()).toList();
  }

  private static void annotate(String node, Map<String, String> annotations) {
    Edits.edit(
        stage.client().resources(NodeENIConfig.class).withName(node),
        nec -> {
          nec.getMetadata().setAnnotations(new TreeMap<>(annotations));
          return nec;
        });
  }

  private static List<String> writes(AuditLog.Mark mark, String claim, String address) {
    return stage.plane().audit().writesSince(mark, ":" + Stage.ACCOUNT).stream()
        .filter(
            e ->
                e.resource().equals("vpcips")
                    ? e.name().equals(address)
                    : e.resource().equals("vpcipclaims") && e.name().equals(claim))
        .map(e -> e.verb() + " " + e.target())
        .toList();
  }

  private static List<Call> changes(long since) {
    return stage.vpc().record().since(since).stream().filter(Call::changing).toList();
  }
}
