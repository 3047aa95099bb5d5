package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.Names;
import io.eniipamd.controlplane.AuditEvent;
import io.eniipamd.controlplane.AuditLog;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Two nodes offer slots by what a small subnet has left, and a real scheduler goes by it. What the
 * subnet has is up to other users, who take its addresses and give them back.
 */
class SlotOfferIT {
  private static final String SUBNET = "subnet-small000";
  private static final List<String> NODES = List.of("node-1", "node-2");
  private static final String OPERATOR =
      "system:serviceaccount:" + Stage.NAMESPACE + ":" + Stage.ACCOUNT;

  private static Stage stage;
  private static Scene scene;

  @BeforeAll
  static void open() {
    var standard = VpcLayout.standard();
    stage =
        Stage.set(
            "slot-offer",
            standard.plusSubnet(
                new VpcLayout.Subnet(SUBNET, "small", "10.0.9.0/28", "ap-guangzhou-3")));
    var flags = new ArrayList<>(List.of(StandingStage.QUICK));
    flags.add("--eni-subnets=" + SUBNET);
    flags.add("--subnet-refresh=1s");
    stage.startOperator(flags.toArray(String[]::new));
    stage.join("node-1", "ins-node0001");
    stage.join("node-2", "ins-node0002");
    Scene.awaitNodes(stage, "node-1", "node-2");
    scene = Scene.open(stage, "offer");
  }

  @AfterAll
  static void close() {
    if (stage != null) {
      stage.close();
    }
  }

  @Test
  void shouldOfferWhatHasAnAddressWhenTheSubnetFillsUpAndEmpties() {
    awaitOffer("27", "27");
    assertColumns();
    var mark = stage.plane().audit().mark();

    // Full: nothing can be placed but on slots in use.
    var taken = takeAll();
    awaitOffer("0", "0");
    create(PodSketch.fixed("late", null));
    scene.until("the scheduler finds no slot", SlotOfferIT::isRefused);
    assertThat(writes(mark)).as("a record and a Node for each node").hasSize(2 * NODES.size());

    // Room for a Pod, and for no further ENI.
    stage.vpc().removeStranger(taken.getFirst());
    var address = scene.awaitRunning("late").getStatus().address();
    awaitOffer("9", "9");

    // Its address is kept: it may come back on any of the nodes.
    scene.retire("late");
    create(PodSketch.fixed("late", null));
    assertThat(scene.awaitRunning("late").getStatus().address()).isEqualTo(address);

    // And all is as it was.
    taken.stream().skip(1).forEach(ip -> stage.vpc().removeStranger(ip));
    awaitOffer("27", "27");
    assertThat(stage.kubelets().violations()).isEmpty();
    Scene.awaitSound(stage);
  }

  /** Strangers take every address of the subnet that is left. */
  private static List<String> takeAll() {
    var taken = new ArrayList<String>();
    for (int i = 2; i <= 14; i++) {
      var ip = "10.0.9." + i;
      if (stage.vpc().holderOf(ip).isEmpty()) {
        stage.vpc().addStranger(ip);
        taken.add(ip);
      }
    }
    return taken;
  }

  private static void create(PodSketch sketch) {
    scene.create(sketch.requesting(Names.ENI_IP));
  }

  private static boolean isRefused() {
    return scene.pod("late").orElseThrow().getStatus().getConditions().stream()
        .anyMatch(
            c ->
                "Unschedulable".equals(c.getReason())
                    && c.getMessage().contains("Insufficient " + Names.ENI_IP));
  }

  private static void awaitOffer(String... amounts) {
    scene.until(
        "the nodes offer " + List.of(amounts),
        () -> NODES.stream().map(SlotOfferIT::offered).toList().equals(List.of(amounts)));
  }

  private static String offered(String node) {
    var status = stage.client().nodes().withName(node).get().getStatus();
    var offer = String.valueOf(status.getAllocatable().get(Names.ENI_IP));
    assertThat(status.getCapacity().get(Names.ENI_IP)).hasToString(offer);
    return offer;
  }

  /** Users see what is offered and used, and the ENI of an ENI's own address. */
  private static void assertColumns() {
    var nec = stage.plane().runKubectl("get", "nec", "node-1").lines().toList();
    assertThat(nec.getFirst().split("\\s+"))
        .startsWith("NAME", "INSTANCE", "ZONE", "ENIS", "USED", "OFFERED", "READY");
    assertThat(nec.get(1).split("\\s+"))
        .startsWith("node-1", "ins-node0001", "ap-guangzhou-3", "1/1", "0", "27", "True");
    var eni = stage.nec("node-1").orElseThrow().getStatus().eniInfos().getFirst();
    assertThat(stage.plane().runKubectl("get", "vip", eni.primaryIP())).contains(eni.eniId());
  }

  /** What the operator wrote of Nodes and of their records. */
  private static List<String> writes(AuditLog.Mark mark) {
    return stage.plane().audit().writesSince(mark, OPERATOR).stream()
        .filter(e -> List.of("nodes", "nodeeniconfigs").contains(e.resource()))
        .filter(AuditEvent::succeeded)
        .map(AuditEvent::target)
        .toList();
  }
}
