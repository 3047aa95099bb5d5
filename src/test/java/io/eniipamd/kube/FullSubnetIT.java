package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.Names;
import io.eniipamd.domain.address.Cidr;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A subnet in which the cloud has no address left, although the records show many free ones. */
class FullSubnetIT {
  private static Stage stage;
  private static Scene scene;

  @BeforeAll
  static void open() {
    var standard = VpcLayout.standard();
    stage =
        Stage.set(
            "full-subnet",
            standard
                .withSubnets(standard.subnets().subList(0, 2))
                .withInstances(List.of(standard.instances().getFirst())));
    stage.startOperator(StandingStage.QUICK);
    stage.join("node-1", "ins-node0001");
    Scene.awaitNodes(stage, "node-1");
    scene = Scene.open(stage, "full-subnet");
  }

  @AfterAll
  static void close() {
    if (stage != null) {
      stage.close();
    }
  }

  @Test
  void shouldTakeAnAddressOfAnotherSubnetAndLeaveTheFullOneAloneWhenTheCloudHasNoneLeft() {
    // given
    var full = Cidr.parse(enis().getFirst().subnetCIDR());
    stage.vpc().faults().exhaust(full.toString());

    // when
    scene.create(PodSketch.fixed("first", "node-1"));

    // then
    scene.until("the Pod is told", () -> reasons("first").contains("SubnetFull"));
    assertThat(address("first")).satisfies(ip -> assertThat(full.contains(ip)).isFalse());
    assertThat(enis()).hasSize(2);
    long calls = stage.vpc().record().count();
    scene.run(PodSketch.fixed("second", "node-1"));
    assertThat(full.contains(address("second"))).isFalse();
    assertThat(reasons("second")).isEmpty();
    assertThat(stage.vpc().record().since(calls))
        .filteredOn(call -> call.action().startsWith("Assign"))
        .allMatch(call -> call.succeeded());

    // a Pod that wants this very address waits for it, and is told why
    var wanted = full.at(77).toString();
    scene.create(PodSketch.fixed("choosy", "node-1").with(Names.NOMINATED_IP, wanted));
    scene.until("the Pod is told", () -> reasons("choosy").contains("SubnetFull"));
    stage.vpc().faults().clear();
    assertThat(scene.awaitRunning("choosy").getStatus().address()).isEqualTo(wanted);
    Scene.awaitSound(stage);
    assertThat(scene.violations()).isEmpty();
  }

  private static Ip address(String pod) {
    return Ip.parse(scene.awaitRunning(pod).getStatus().address());
  }

  private static List<EniInfo> enis() {
    return stage.nec("node-1").orElseThrow().statusOrEmpty().eniInfos();
  }

  private static List<String> reasons(String pod) {
    return scene.events("Pod", pod).stream().map(event -> event.getReason()).toList();
  }
}
