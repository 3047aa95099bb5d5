package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.tencentcloudapi.common.exception.TencentCloudSDKException;
import io.eniipamd.api.v1.Names;
import io.eniipamd.controlplane.AuditEvent;
import io.eniipamd.controlplane.AuditLog;
import io.eniipamd.kubelet.NodeSpec;
import io.eniipamd.simulator.Sdk;
import io.eniipamd.simulator.fault.CallGate;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.Edits;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The taint of a node that has no ENI for Pods, beside a scheduler and other writers of taints. */
class NodeTaintIT {
  private static final String TYPE = "S5.LARGE8";
  private static final String TAINT = Names.NODE_TAINT + ":NoSchedule";
  private static final String OTHERS = "example.com/writer-";
  private static final String OPERATOR =
      "system:serviceaccount:" + Stage.NAMESPACE + ":" + Stage.ACCOUNT;

  private static Stage stage;
  private static OperatorProcess operator;
  private static Scene scene;
  private static Held held = new Held("");

  @BeforeAll
  static void open() {
    stage = Stage.set("node-taint", VpcLayout.standard());
    operator = startOperator("--enable-node-taint");
    scene = Scene.open(stage, "taint");
  }

  @AfterAll
  static void soundAtTheEnd() {
    if (stage == null) {
      return;
    }
    try {
      Scene.awaitSound(stage);
      assertThat(stage.kubelets().violations()).isEmpty();
      assertThat(stage.plane().audit().events())
          .as("refused to the operator")
          .filteredOn(event -> event.user().equals(OPERATOR))
          .noneMatch(event -> event.code() == 403);
    } finally {
      stage.close();
    }
  }

  @Test
  void shouldKeepPodsAwayUntilTheNodeOffersSlotsWhenItJoins() {
    holdNewEnis();
    var mark = stage.plane().audit().mark();
    joinVirtual("eklet-1");

    // One whose kubelet registers it with the taint, and one whose kubelet does not.
    stage
        .kubelets()
        .addNode(spec("node-1", "ins-node0001").withTaints(TAINT, "example.com/a:NoSchedule"));
    stage.kubelets().addNode(spec("node-2", "ins-node0002"));
    scene.until("node-2 is tainted", () -> isTainted("node-2"));
    create(PodSketch.immediate("by-annotation", null), "node-2");
    create(PodSketch.immediate("by-request", null).requesting(Names.ENI_IP), "node-2");
    scene.until("neither is scheduled", () -> refused("by-annotation") && refused("by-request"));
    assertThat(stage.vpc().snapshot().enisOn("ins-node0002")).isEmpty();
    assertThat(isTainted("node-1")).isTrue();

    letNewEnisThrough();
    scene.awaitRunning("by-annotation");
    scene.awaitRunning("by-request");

    scene.until("node-1 is open too", () -> !isTainted("node-1"));
    assertThat(taints("node-1")).containsExactly("example.com/a:NoSchedule");
    assertThat(isTainted("eklet-1")).isFalse();
    assertThat(writes(mark, "node-1")).containsExactly("nodes/status", "nodes");
    assertThat(writes(mark, "node-2")).containsExactly("nodes", "nodes/status", "nodes");
    assertThat(writes(mark, "eklet-1")).isEmpty();
    scene.end("by-annotation");
    scene.end("by-request");
  }

  @Test
  void shouldTaintTheNodeAgainAndLoseNoTaintOfOthersWhenItsLastEniIsLost()
      throws TencentCloudSDKException {
    stage.kubelets().addNode(spec("node-3", "ins-node0003"));
    scene.until("node-3 serves", () -> offered("node-3") && !isTainted("node-3"));
    var stop = new AtomicBoolean();
    var writer = CompletableFuture.supplyAsync(() -> writeTaints("node-3", stop));

    for (int i = 0; i < 3; i++) {
      holdNewEnis();
      loseEnis("ins-node0003");
      scene.until("node-3 is tainted", () -> isTainted("node-3"));
      letNewEnisThrough();
      scene.until("node-3 serves again", () -> !isTainted("node-3"));
    }

    stop.set(true);
    var written = writer.join();
    assertThat(written.lost()).as("taints of the other writer that were undone").isEmpty();
    assertThat(written.changes()).isGreaterThan(10);
    assertThat(taints("node-3")).containsExactlyInAnyOrderElementsOf(written.last());
  }

  @Test
  void shouldTakeTheTaintFromEveryNodeWhenItIsSwitchedOff() {
    holdNewEnis();
    stage.kubelets().addNode(spec("node-4", "ins-node0004").withTaints("example.com/b:NoExecute"));
    scene.until("node-4 is tainted", () -> isTainted("node-4"));

    operator.kill();
    operator = startOperator();

    scene.until("node-4 is open", () -> !isTainted("node-4"));
    assertThat(taints("node-4")).containsExactly("example.com/b:NoExecute");
    letNewEnisThrough();
    scene.until("node-4 serves", () -> offered("node-4"));
    operator.kill();
    operator = startOperator("--enable-node-taint");
  }

  /** What the API server makes of the two halves: why it takes two patches. */
  @Test
  void shouldNeedTwoPatchesBecauseTheApiServerTakesHalfOfEach() {
    joinVirtual("eklet-2");
    var both =
        "{\"spec\":{\"taints\":[{\"key\":\"example.com/c\",\"effect\":\"NoSchedule\"}]},"
            + "\"status\":{\"capacity\":{\"example.com/slots\":\"3\"}}}";
    var node = stage.client().nodes().withName("eklet-2");

    node.patch(PatchContext.of(PatchType.STRATEGIC_MERGE), both);
    assertThat(taints("eklet-2")).containsExactly("example.com/c:NoSchedule");
    assertThat(node.get().getStatus().getCapacity()).isNullOrEmpty();

    Edits.edit(node, n -> new NodeBuilder(n).editSpec().withTaints().endSpec().build());
    node.subresource("status").patch(PatchContext.of(PatchType.STRATEGIC_MERGE), both);
    assertThat(taints("eklet-2")).isEmpty();
    assertThat(node.get().getStatus().getCapacity()).containsKey("example.com/slots");
  }

  // ------------------------------------------------------------------------------------- acting

  private static void holdNewEnis() {
    held = new Held("CreateNetworkInterface");
    stage.vpc().setGate(held);
  }

  @AfterEach
  void letThrough() {
    letNewEnisThrough();
  }

  private static void letNewEnisThrough() {
    held.letThrough();
    stage.vpc().setGate(CallGate.open());
  }

  private static OperatorProcess startOperator(String... more) {
    var flags =
        Stream.of(
                Stream.of(StandingStage.QUICK),
                Stream.of("--stray-watch-interval=1s"),
                Stream.of(more))
            .flatMap(s -> s);
    return stage.startOperator(flags.toArray(String[]::new));
  }

  private static NodeSpec spec(String name, String instance) {
    var machine =
        stage.vpc().layout().instances().stream()
            .filter(i -> i.id().equals(instance))
            .findFirst()
            .orElseThrow();
    return new NodeSpec(name, machine.zone(), instance, TYPE);
  }

  private static void joinVirtual(String name) {
    stage
        .client()
        .resource(
            new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("type", "virtual-kubelet")
                .endMetadata()
                .build())
        .create();
  }

  /** A Pod for the scheduler that fits one node only. */
  private static void create(PodSketch sketch, String node) {
    Pod pod = sketch.build(scene.namespace());
    pod.getSpec().getNodeSelector().put("kubernetes.io/hostname", node);
    stage.client().resource(pod).create();
  }

  /** Somebody detaches and deletes the ENIs of an instance. */
  private static void loseEnis(String instance) throws TencentCloudSDKException {
    var sdk = new Sdk(stage.vpc());
    for (var eni : stage.vpc().snapshot().enisOn(instance)) {
      sdk.detach(eni.id(), instance);
      scene.until("it is detached", () -> stage.vpc().tasksUnderWay().isEmpty());
      sdk.delete(eni.id());
    }
  }

  private record Written(List<String> lost, int changes, List<String> last) {}

  /**
   * Adds and removes taints of its own without a pause, and looks before each change whether all is
   * as it left it. It goes by the version that it read, as a node lifecycle controller does.
   */
  private static Written writeTaints(String node, AtomicBoolean stop) {
    var mine = new TreeSet<String>();
    var lost = new ArrayList<String>();
    int changes = 0;
    while (!stop.get()) {
      var key = OTHERS + changes % 7;
      boolean adds = !mine.contains(key + ":NoSchedule");
      Edits.edit(
          stage.client().nodes().withName(node),
          n -> {
            var there = n.getSpec().getTaints();
            var ours =
                there.stream().map(NodeTaintIT::text).filter(t -> t.startsWith(OTHERS)).toList();
            if (!new TreeSet<>(ours).equals(mine)) {
              lost.add("there are " + ours + " instead of " + mine);
            }
            var changed = new ArrayList<>(there);
            if (adds) {
              // At either end, so that the place of the operator's own taint in the list moves.
              changed.add(key.hashCode() % 2 == 0 ? 0 : changed.size(), taint(key));
            } else {
              changed.removeIf(t -> t.getKey().equals(key));
            }
            return new NodeBuilder(n).editSpec().withTaints(changed).endSpec().build();
          });
      if (adds) {
        mine.add(key + ":NoSchedule");
      } else {
        mine.remove(key + ":NoSchedule");
      }
      changes++;
    }
    return new Written(lost, changes, List.copyOf(mine));
  }

  private static Taint taint(String key) {
    return new Taint("NoSchedule", key, null, null);
  }

  // ------------------------------------------------------------------------------------ looking

  private static Node node(String name) {
    return stage.client().nodes().withName(name).get();
  }

  private static List<String> taints(String name) {
    return node(name).getSpec().getTaints().stream()
        .map(NodeTaintIT::text)
        .filter(t -> !t.startsWith("node.kubernetes.io/"))
        .toList();
  }

  private static String text(Taint taint) {
    return taint.getKey() + ":" + taint.getEffect();
  }

  private static boolean isTainted(String name) {
    return taints(name).contains(TAINT);
  }

  private static boolean offered(String name) {
    return node(name).getStatus().getAllocatable().containsKey(Names.ENI_IP);
  }

  private static boolean refused(String pod) {
    return scene.pod(pod).orElseThrow().getStatus().getConditions().stream()
        .anyMatch(c -> "Unschedulable".equals(c.getReason()) && c.getMessage().contains("taint"));
  }

  /** What the operator wrote of a Node, in the order of the answers. */
  private static List<String> writes(AuditLog.Mark mark, String node) {
    return stage.plane().audit().writesSince(mark, OPERATOR).stream()
        .filter(event -> event.resource().equals("nodes") && event.name().equals(node))
        .filter(AuditEvent::succeeded)
        .map(AuditEvent::target)
        .toList();
  }

  /** Holds the calls of one action until it is told to let them through. */
  private static final class Held implements CallGate {
    private final String action;
    private final CountDownLatch open = new CountDownLatch(1);

    Held(String action) {
      this.action = action;
    }

    void letThrough() {
      open.countDown();
    }

    @Override
    public Decision before(String called, String request) {
      if (called.equals(action)) {
        try {
          open.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return Decision.CUT;
        }
      }
      return Decision.PROCEED;
    }
  }
}
