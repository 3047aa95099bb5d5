package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.simulator.fault.Fault;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.fabric8.kubernetes.api.model.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A kept address that has to leave its ENI is held in the cloud, where that is switched on. */
class ReserveIT {
  private static Stage stage;
  private static Scene scene;
  private static OperatorProcess operator;

  @BeforeAll
  static void open() {
    var standard = VpcLayout.standard();
    stage =
        Stage.set(
            "reserve",
            standard
                .withSubnets(List.of(standard.subnets().get(0)))
                .withInstances(List.of(standard.instances().get(0)))
                // One Pod address for the node: the next Pod drives the kept one out.
                .withLimits(List.of(new VpcLayout.InstanceLimit("S5.LARGE8", 2, 2, 4, 1))));
    var flags = new ArrayList<>(List.of(StandingStage.QUICK));
    flags.add("--reserve-retained-ips");
    flags.add("--held-watch-interval=1s");
    operator = stage.startOperator(flags.toArray(String[]::new));
    stage.join("node-1", "ins-node0001");
    Scene.awaitNodes(stage, "node-1");
    scene = Scene.open(stage, "reserve");
  }

  @AfterAll
  static void close() {
    if (stage != null) {
      stage.close();
    }
  }

  /** The documents leave open whether an assign by name takes a reserved address. */
  @ParameterizedTest(name = "an assign takes a reserved address: {0}")
  @ValueSource(booleans = {true, false})
  void shouldHoldTheAddressInTheCloudAndGiveItBackToItsPod(boolean assignTakesReserved) {
    stage.vpc().settings().setAssignTakesReserved(assignTakesReserved);
    var name = "kept-" + assignTakesReserved;
    var address = driveOut(name);

    awaitReserved(address, Condition.TRUE, "Reserved");
    assertThat(reservations()).containsExactly(address);

    scene.end("driver-of-" + name);
    assertThat(scene.run(PodSketch.fixed(name, "node-1")).getStatus().address()).isEqualTo(address);
    scene.retire(name);
    scene.deleteClaim(name);
    scene.awaitNoClaim(name);
    scene.awaitFree(address);
    scene.until("its reservation is over", () -> reservations().isEmpty());
    Scene.awaitSound(stage);
  }

  @Test
  void shouldKeepTheAddressByItsRecordAndSayWhyWhenTheCloudRefuses() {
    stage.vpc().faults().always("CreateReserveIpAddresses", Fault.error("LimitExceeded"));
    String address;
    try {
      address = driveOut("refused");
      awaitReserved(address, Condition.UNKNOWN, "ReserveQuota");
    } finally {
      stage.vpc().faults().clear();
    }
    assertThat(reasons("refused")).contains("ReserveQuota");

    // Only its record keeps it now: a stranger can take it, and that is no surprise.
    stage.vpc().addStranger(address);

    scene.until("users are told", () -> reasons("refused").contains("TakenByStranger"));
    await("the number shows it")
        .atMost(Duration.ofSeconds(30))
        .until(() -> operator.get("/q/metrics").contains("ipamd_retained_addresses_taken 1.0"));
    stage.vpc().removeStranger(address);
    scene.until(
        "it is held again",
        () ->
            scene.vip(address).orElseThrow().statusOrEmpty().conditions().stream()
                .anyMatch(c -> c.reason().equals("Held")));
    scene.end("driver-of-refused");
    assertThat(scene.run(PodSketch.fixed("refused", "node-1")).getStatus().address())
        .isEqualTo(address);
    scene.end("refused");
    scene.deleteClaim("refused");
    scene.awaitNoClaim("refused");
    scene.awaitFree(address);
  }

  @Test
  void shouldKeepTheRecordAndTellTheClaimWhenTheReservationMayNotBeEnded() {
    var address = driveOut("reserved");
    awaitReserved(address, Condition.TRUE, "Reserved");
    stage.vpc().faults().always("DeleteReserveIpAddresses", Fault.error("UnauthorizedOperation"));
    try {
      scene.deleteClaim("reserved");
      scene.until("users are told", () -> reasons("reserved").contains("AccessDenied"));
      assertThat(scene.vip(address)).isPresent();
      assertThat(reservations()).containsExactly(address);
    } finally {
      stage.vpc().faults().clear();
    }
    scene.awaitNoClaim("reserved");
    scene.awaitFree(address);
    assertThat(reservations()).isEmpty();
    scene.end("driver-of-reserved");
    Scene.awaitSound(stage);
  }

  /** A kept address that the next Pod of its node has driven out. */
  private static String driveOut(String name) {
    var address = scene.run(PodSketch.fixed(name, "node-1")).getStatus().address();
    scene.retire(name);
    scene.run(PodSketch.immediate("driver-of-" + name, "node-1"));
    scene.until(
        "its record alone holds it",
        () -> scene.vip(address).orElseThrow().statusOrEmpty().phase() == VpcIPPhase.HELD);
    return address;
  }

  private static void awaitReserved(String address, String status, String reason) {
    scene.until(
        "%s is reserved: %s, %s".formatted(address, status, reason),
        () ->
            scene.vip(address).orElseThrow().statusOrEmpty().conditions().stream()
                .filter(c -> c.type().equals("Reserved"))
                .anyMatch(c -> c.status().equals(status) && c.reason().equals(reason)));
  }

  private static List<String> reservations() {
    return stage.vpc().snapshot().reservations().stream().map(r -> r.ip().toString()).toList();
  }

  private static List<String> reasons(String claim) {
    return scene.events("VpcIPClaim", claim).stream().map(Event::getReason).toList();
  }
}
