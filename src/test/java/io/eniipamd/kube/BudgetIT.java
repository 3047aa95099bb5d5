package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.controlplane.AuditEvent;
import io.eniipamd.controlplane.AuditLog;
import io.eniipamd.simulator.fault.CallGate;
import io.eniipamd.simulator.record.Call;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What the operator may cost, counted from the API server's audit log and the cloud's record: the
 * writes of a claim and of its address, and the changing calls that name the address.
 */
class BudgetIT {
  private static final Set<String> CLAIMS_AND_ADDRESSES = Set.of("vpcipclaims", "vpcips");

  private static Stage stage;
  private static Scene scene;

  @BeforeAll
  static void open() {
    stage = StandingStage.get().stage();
    scene = Scene.open(stage, "budget");
  }

  @Test
  void shouldWriteFourTimesFromThePodToItsBindingAndOnceOnLeavingAndOnceOnReturning() {
    var mark = stage.plane().audit().mark();
    var address = scene.run(PodSketch.fixed("steady", "node-1")).getStatus().address();
    assertThat(writes(mark, "steady", address))
        .containsExactlyInAnyOrder(
            "create vpcipclaims",
            "create vpcips",
            "update vpcips/status",
            "update vpcipclaims/status");

    mark = stage.plane().audit().mark();
    long calls = stage.vpc().record().count();
    scene.retire("steady");
    assertThat(writes(mark, "steady", address)).containsExactly("update vpcipclaims/status");

    mark = stage.plane().audit().mark();
    scene.run(PodSketch.fixed("steady", "node-1"));
    assertThat(writes(mark, "steady", address)).containsExactly("update vpcipclaims/status");
    assertThat(changes(calls, address)).isEmpty();
  }

  @Test
  void shouldWriteFourTimesAndMigrateOnceWhenAFixedPodReturnsToAnotherNode() {
    var address = scene.run(PodSketch.fixed("mover", "node-1")).getStatus().address();
    scene.retire("mover");
    var mark = stage.plane().audit().mark();
    long calls = stage.vpc().record().count();

    scene.run(PodSketch.fixed("mover", "node-2"));

    assertThat(writes(mark, "mover", address)).hasSize(4);
    assertThat(changes(calls, address)).containsExactly("MigratePrivateIpAddress");
  }

  @Test
  void shouldWriteAtMostSixTimesFromTheDeletedClaimToTheFreeAddress() {
    var address = scene.run(PodSketch.fixed("leaver", "node-1")).getStatus().address();
    scene.retire("leaver");
    var mark = stage.plane().audit().mark();
    long calls = stage.vpc().record().count();

    scene.deleteClaim("leaver");

    scene.awaitNoClaim("leaver");
    scene.awaitFree(address);
    // The delete itself is the user's and the first of the six.
    assertThat(writes(mark, "leaver", address)).hasSizeLessThanOrEqualTo(5);
    assertThat(changes(calls, address)).containsExactly("UnassignPrivateIpAddresses");
  }

  @Test
  void shouldWriteAtMostSixTimesFromAnImmediatePodsEndToTheFreeAddress() {
    var address = scene.run(PodSketch.immediate("brief", "node-1")).getStatus().address();
    var mark = stage.plane().audit().mark();

    scene.end("brief");

    scene.awaitNoClaim("brief");
    scene.awaitFree(address);
    assertThat(writes(mark, "brief", address)).hasSizeLessThanOrEqualTo(6);
  }

  @Test
  void shouldAssignInBatchesWhenManyPodsOfOneEniAskAtOnce() {
    var pods =
        IntStream.range(0, 7)
            .mapToObj(
                i ->
                    PodSketch.immediate("crowd-" + i, "node-5")
                        .with(Names.NOMINATED_SUBNETS, "subnet-gz4pods1"))
            .toList();
    var first = new CountDownLatch(1);
    var asked = new CountDownLatch(1);
    stage
        .vpc()
        .setGate(
            new CallGate() {
              @Override
              public Decision before(String action, String request) {
                if (action.equals("AssignPrivateIpAddresses") && first.getCount() > 0) {
                  first.countDown();
                  awaitUninterruptibly(asked);
                }
                return Decision.PROCEED;
              }
            });
    long calls = stage.vpc().record().count();

    pods.forEach(scene::create);
    // The first call is on its way until the others have asked as well.
    scene.until("all are recorded", () -> pods.stream().allMatch(p -> recorded(p.name())));
    asked.countDown();
    pods.forEach(p -> scene.awaitRunning(p.name()));
    stage.vpc().setGate(CallGate.open());

    var assigns =
        stage.vpc().record().since(calls).stream()
            .filter(c -> c.action().equals("AssignPrivateIpAddresses"))
            .filter(Call::effective)
            .toList();
    // ⌈7/10⌉, and one where the first went out before the others were asked for.
    assertThat(assigns).hasSizeLessThanOrEqualTo(2);
  }

  private static boolean recorded(String claim) {
    return stage.vips().stream()
        .map(v -> v.getSpec().claimRef())
        .anyMatch(r -> r != null && r.name().equals(claim));
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void shouldDoNothingWhenNothingChanges() {
    scene.run(PodSketch.fixed("idle-bound", "node-2"));
    scene.run(PodSketch.fixed("idle-kept", "node-2"));
    scene.retire("idle-kept");
    Scene.awaitSound(stage);
    scene.until(
        "nothing is in quarantine any more",
        () ->
            stage.vips().stream().allMatch(v -> v.statusOrEmpty().phase() == VpcIPPhase.ASSIGNED));
    var mark = stage.plane().audit().mark();
    long calls = stage.vpc().record().count();

    await()
        .during(Duration.ofSeconds(20))
        .atMost(Duration.ofSeconds(25))
        .pollInterval(Duration.ofSeconds(1))
        .untilAsserted(
            () -> {
              var requests = stage.requestsSince(mark);
              assertThat(requests).filteredOn(e -> !Stage.comparesClocks(e)).isEmpty();
              assertThat(requests).filteredOn(Stage::comparesClocks).hasSizeLessThanOrEqualTo(1);
              assertThat(stage.vpc().record().since(calls))
                  .extracting(Call::action)
                  .allMatch("DescribeSubnets"::equals);
            });
  }

  /** The operator's writes of a claim and of its address. */
  private static List<String> writes(AuditLog.Mark mark, String claim, String address) {
    return stage.plane().audit().writesSince(mark, ":" + Stage.ACCOUNT).stream()
        .filter(e -> CLAIMS_AND_ADDRESSES.contains(e.resource()))
        .filter(e -> isOf(e, claim, address))
        .map(e -> e.verb() + " " + e.target())
        .toList();
  }

  private static boolean isOf(AuditEvent event, String claim, String address) {
    return event.resource().equals("vpcips")
        ? event.name().equals(address)
        : event.name().equals(claim) && event.namespace().equals(scene.namespace());
  }

  private static List<String> changes(long since, String address) {
    return stage.vpc().record().since(since).stream()
        .filter(Call::changing)
        .filter(c -> c.request().contains("\"" + address + "\""))
        .map(Call::action)
        .toList();
  }
}
