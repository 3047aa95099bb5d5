package io.eniipamd.kube;

import static io.eniipamd.api.v1.VpcIPPhase.ASSIGNED;
import static io.eniipamd.api.v1.VpcIPPhase.AVAILABLE;
import static io.eniipamd.api.v1.VpcIPPhase.HELD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.simulator.fault.CallGate;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.CountingProxy;
import io.eniipamd.testing.Edits;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.eniipamd.testing.StoppingGate;
import io.eniipamd.testing.StoppingGate.Side;
import io.eniipamd.testing.StoppingGate.Stop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The operator is killed before and after each changing call of the claim's way, to the API server
 * and to the cloud, and started again: the end is the same, and nothing is leaked.
 *
 * <p>A first Pod goes each way without harm, which tells the calls. Then as many Pods as there are
 * places to die go it side by side, each is stopped at its own place, and one kill hits them all.
 * What is stopped holds up its ENI in the cloud, so Pods that do not get past their call to the
 * cloud are on other nodes than those that do.
 */
class KillMatrixIT {

  /** Where Pods go whose call to the cloud is not made, is made but not answered, is answered. */
  private enum Place {
    EARLY("node-1", "node-2"),
    UNANSWERED("node-3", "node-6"),
    LATE("node-4", "node-5");

    private final String first;
    private final String second;

    Place(String first, String second) {
      this.first = first;
      this.second = second;
    }
  }

  private record Case(String pod, Place place, Stop stop) {}

  private static Stage stage;
  private static CountingProxy proxy;
  private static Scene scene;
  private static OperatorProcess operator;

  @BeforeAll
  static void open() {
    var standard = VpcLayout.standard();
    stage =
        Stage.set(
            "kill-matrix",
            standard
                .withLimits(List.of(new VpcLayout.InstanceLimit("S5.LARGE8", 4, 10, 20, 1)))
                // One subnet a zone, so that a move needs no further ENI.
                .withSubnets(List.of(standard.subnets().get(0), standard.subnets().get(2)))
                .plusInstance(
                    VpcLayout.machine("ins-node0006", "ap-guangzhou-3", "subnet-gz3pods1")));
    proxy = CountingProxy.start(stage.plane().url());
    stage.throughApiServerAt(proxy.url());
    operator = stage.startOperator(StandingStage.QUICK);
    StandingStage.joinAll(stage);
    stage.join("node-6", "ins-node0006");
    Scene.awaitNodes(stage, "node-6");
    scene = Scene.open(stage, "kill");
  }

  @AfterAll
  static void close() {
    if (stage != null) {
      stage.close();
      proxy.close();
    }
  }

  @Test
  void shouldEndInTheSameStateWhereverTheOperatorIsKilledOnTheClaimsWay() {
    var bound =
        die(
            "bound",
            c -> {},
            c -> scene.create(PodSketch.fixed(c.pod(), c.place().first)),
            c -> scene.awaitRunning(c.pod()));
    assertThat(bound).contains("POST vpcipclaims", "POST vpcips", "AssignPrivateIpAddresses");

    var moved =
        die(
            "moved",
            c -> {
              scene.run(PodSketch.fixed(c.pod(), c.place().first));
              scene.retire(c.pod());
            },
            c -> scene.create(PodSketch.fixed(c.pod(), c.place().second)),
            c -> {
              var address = scene.address(c.pod());
              scene.awaitRunning(c.pod());
              assertThat(scene.address(c.pod())).isEqualTo(address);
            });
    assertThat(moved).contains("MigratePrivateIpAddress");

    die(
        "kept",
        c -> scene.run(PodSketch.fixed(c.pod(), c.place().first)),
        c -> scene.end(c.pod()),
        c -> scene.awaitPhase(c.pod(), ClaimPhase.RETAINED));

    var released =
        die(
            "released",
            c -> scene.run(PodSketch.immediate(c.pod(), c.place().first)),
            c -> scene.end(c.pod()),
            c -> scene.awaitNoClaim(c.pod()));
    assertThat(released).contains("DELETE vpcipclaims", "UnassignPrivateIpAddresses");
    keepWarm(8);
    var warm =
        die(
            "warm",
            c -> {},
            c -> scene.create(PodSketch.fixed(c.pod(), c.place().first)),
            c -> scene.awaitRunning(c.pod()));
    assertThat(warm)
        .containsExactlyInAnyOrder(
            "POST vpcipclaims", "PUT vpcips", "PUT vpcipclaims/status", "PUT vpcips/status");
    keepWarm(0);
    // Nothing but the kept and the running ones is left.
    scene.until(
        "what was released is free",
        () -> stage.vips().stream().noneMatch(v -> name(v).startsWith("released")));
    Scene.awaitSound(stage);
    assertThat(stage.kubelets().violations()).isEmpty();
  }

  /** The same on the way of an ENI of a Pod's own. */
  @Test
  void shouldKeepAndReleaseTheEniOfAPodsOwnWhereverTheOperatorIsKilled() {
    var bound =
        die(
            "own-bound",
            c -> {},
            c -> scene.create(PodSketch.direct(c.pod(), c.place().first)),
            c -> scene.awaitRunning(c.pod()));
    assertThat(bound).contains("CreateNetworkInterface", "AttachNetworkInterface");
    var released =
        die(
            "own-gone",
            c -> scene.run(PodSketch.direct(c.pod(), c.place().second)),
            c -> scene.end(c.pod()),
            c -> scene.awaitNoClaim(c.pod()));
    assertThat(released).contains("DetachNetworkInterface", "DeleteNetworkInterface");
    endAll("own-bound");

    var kept =
        die(
            "own-kept",
            c -> scene.run(PodSketch.fixedDirect(c.pod(), c.place().first)),
            c -> scene.end(c.pod()),
            c -> awaitKept(c.pod()));
    assertThat(kept).contains("DetachNetworkInterface").doesNotContain("DeleteNetworkInterface");

    var moved =
        die(
            "own-moved",
            c -> {
              scene.run(PodSketch.fixedDirect(c.pod(), c.place().first));
              scene.retire(c.pod());
              awaitKept(c.pod());
            },
            c -> scene.create(PodSketch.fixedDirect(c.pod(), c.place().second)),
            c -> {
              var address = recordOf(c.pod()).getMetadata().getName();
              scene.awaitRunning(c.pod());
              assertThat(scene.address(c.pod())).hasValue(address);
            });
    assertThat(moved).contains("AttachNetworkInterface");
  }

  private static void awaitKept(String pod) {
    scene.until(
        pod + " is kept on no instance", () -> recordOf(pod).statusOrEmpty().phase() == HELD);
  }

  private static void endAll(String way) {
    var pods =
        stage.vips().stream().map(KillMatrixIT::name).filter(n -> n.startsWith(way)).toList();
    pods.forEach(scene::end);
    pods.forEach(scene::awaitNoClaim);
  }

  private static VpcIP recordOf(String pod) {
    return stage.vips().stream().filter(v -> name(v).equals(pod)).findFirst().orElseThrow();
  }

  /**
   * Goes one way, without harm first, and then dies at each of its places.
   *
   * @return its calls
   */
  private static List<String> die(
      String way, Consumer<Case> prepare, Consumer<Case> go, Consumer<Case> arrived) {
    var rehearsal = new Case(way, Place.LATE, new Stop("", 0, Side.BEFORE));
    prepare.accept(rehearsal);
    var watching = gate(List.of());
    go.accept(rehearsal);
    arrived.accept(rehearsal);
    awaitQuiet();
    var calls = once(watching.story(way));

    var cases = cases(way, calls);
    cases.parallelStream().forEach(prepare);
    awaitQuiet();
    var gate = gate(cases);
    cases.forEach(go);
    await("all are stopped on the way to be " + way + " " + calls)
        .atMost(Duration.ofSeconds(90))
        .untilAsserted(
            () ->
                assertThat(cases)
                    .filteredOn(c -> !gate.stopped().contains(c.pod()))
                    .extracting(
                        c -> "%s went %s: %s".formatted(c, gate.story(c.pod()), standing(c)))
                    .isEmpty());
    operator.kill();
    gate.letThrough();
    open(CallGate.open());
    operator = stage.startOperator(StandingStage.QUICK);

    cases.forEach(arrived);
    awaitQuiet();
    Scene.awaitSound(stage);
    assertThat(stage.kubelets().violations()).isEmpty();
    return calls;
  }

  /** For readers: where a Pod's claim and its address are. */
  private static String standing(Case c) {
    return scene.claim(c.pod()).map(VpcIPClaim::statusOrEmpty)
        + " "
        + stage.vips().stream().filter(v -> name(v).equals(c.pod())).map(VpcIP::getStatus).toList();
  }

  /** Without what was tried a second time. */
  private static List<String> once(List<String> calls) {
    var once = new ArrayList<String>();
    for (var call : calls) {
      if (once.isEmpty() || !once.getLast().equals(call)) {
        once.add(call);
      }
    }
    return once;
  }

  private static List<Case> cases(String way, List<String> calls) {
    int cloud = 1;
    while (cloud <= calls.size() && calls.get(cloud - 1).contains(" ")) {
      cloud++;
    }
    var cases = new ArrayList<Case>();
    for (int call = 1; call <= calls.size(); call++) {
      var doing = calls.get(call - 1);
      int time = Collections.frequency(calls.subList(0, call), doing);
      for (var side : Side.values()) {
        var place =
            call < cloud || (call == cloud && side == Side.BEFORE)
                ? Place.EARLY
                : call == cloud ? Place.UNANSWERED : Place.LATE;
        cases.add(
            new Case(
                "%s-%d-%s".formatted(way, call, side.name().toLowerCase(java.util.Locale.ROOT)),
                place,
                new Stop(doing, time, side)));
      }
    }
    return cases;
  }

  private static StoppingGate gate(List<Case> cases) {
    Map<String, Stop> stops = new HashMap<>();
    cases.forEach(c -> stops.put(c.pod(), c.stop()));
    var addresses = new TreeMap<String, String>();
    stage.vips().stream()
        .filter(v -> v.getSpec().claimRef() != null)
        .forEach(v -> addresses.put(v.getMetadata().getName(), v.getSpec().claimRef().name()));
    var gate = new StoppingGate(stops, addresses, KillMatrixIT::primaryOf);
    open(gate);
    return gate;
  }

  private static Optional<String> primaryOf(String eniId) {
    return stage.vpc().snapshot().secondaryEnis().stream()
        .filter(eni -> eni.id().equals(eniId))
        .map(eni -> eni.addresses().getFirst().ip().toString())
        .findFirst();
  }

  private static void open(CallGate gate) {
    proxy.setGate(gate);
    stage.vpc().setGate(gate);
  }

  /** All nodes keep so many addresses ready, before the next Pod comes. */
  private static void keepWarm(int addresses) {
    var target = String.valueOf(addresses);
    var nodes = stage.client().resources(NodeENIConfig.class).list().getItems();
    for (var node : nodes) {
      Edits.edit(
          stage.client().resources(NodeENIConfig.class).withName(node.getMetadata().getName()),
          nec -> {
            nec.getMetadata()
                .setAnnotations(
                    Map.of(Names.WARM_TARGET_MIN, target, Names.WARM_TARGET_MAX, target));
            return nec;
          });
    }
    scene.until(
        "each node keeps %d addresses ready".formatted(addresses),
        () ->
            stage.vips().stream()
                    .filter(v -> v.getSpec().type() == VpcIPType.POD)
                    .filter(v -> v.getSpec().claimRef() == null)
                    .filter(v -> addresses == 0 || v.statusOrEmpty().phase() == AVAILABLE)
                    .count()
                == (long) addresses * nodes.size());
  }

  private static void awaitQuiet() {
    scene.until(
        "nothing is under way",
        () ->
            stage.vips().stream()
                .allMatch(
                    v ->
                        v.statusOrEmpty().phase() == ASSIGNED
                            || (v.getSpec().ofOwnEni() && v.statusOrEmpty().phase() == HELD)
                            || (v.getSpec().claimRef() == null
                                && v.statusOrEmpty().phase() == AVAILABLE)));
  }

  private static String name(VpcIP vip) {
    return vip.getSpec().claimRef() == null ? "" : vip.getSpec().claimRef().name();
  }
}
