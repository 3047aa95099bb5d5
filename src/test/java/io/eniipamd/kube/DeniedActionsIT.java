package io.eniipamd.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.simulator.fault.Fault;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.PodSketch;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * What is seen when the account may not make one of the calls: the page docs/cloud.md says which
 * are required, and this is what it says of them.
 */
class DeniedActionsIT {
  private static final String DENIED = "UnauthorizedOperation";
  private static final String SUBNETS = "DescribeSubnets";
  private static final String ASSIGN = "AssignPrivateIpAddresses";
  private static final String MIGRATE = "MigratePrivateIpAddress";
  private static final String UNASSIGN = "UnassignPrivateIpAddresses";

  /** Without them no node gets an ENI, and the Node says so. */
  static final List<String> NODES_NEED =
      List.of("DescribeNetworkInterfaces", "CreateNetworkInterface", "AttachNetworkInterface");

  /** Without one of them nodes and Pods are served all the same. */
  static final List<String> OPTIONAL =
      List.of(
          "DetachNetworkInterface",
          "DeleteNetworkInterface",
          "ModifyNetworkInterfaceAttribute",
          "DescribeVpcPrivateIpAddresses",
          "DescribeUsedIpAddress",
          "DescribeNetworkInterfaceLimit",
          "DescribeInstances",
          "DescribeVpcTaskResult",
          "DescribeVpcLimits",
          "CreateReserveIpAddresses",
          "DescribeReserveIpAddresses",
          "DeleteReserveIpAddresses");

  private static final Pattern ROW =
      Pattern.compile("\\| `(\\w+)` \\| (vpc|cvm) \\| \\d* ?\\| (required|optional|not called).*");

  private static Stage stage;
  private static Scene scene;
  private static OperatorProcess operator;
  private static int joined;

  @BeforeAll
  static void open() {
    var standard = VpcLayout.standard();
    stage =
        Stage.set(
            "denied",
            standard
                .withSubnets(standard.subnets().subList(0, 1))
                .withInstances(standard.instances().subList(0, 2)));
    operator = startOperator();
    stage.join("node-1", "ins-node0001");
    stage.join("node-2", "ins-node0002");
    Scene.awaitNodes(stage, "node-1", "node-2");
    scene = Scene.open(stage, "denied");
  }

  @AfterAll
  static void close() {
    if (stage != null) {
      stage.close();
    }
  }

  @AfterEach
  void allow() {
    stage.vpc().faults().clear();
  }

  @Test
  void shouldPlayEveryCallAsThePageHasIt() throws IOException {
    var required = new ArrayList<>(NODES_NEED);
    required.addAll(List.of(SUBNETS, ASSIGN, MIGRATE, UNASSIGN));

    assertThat(Stream.concat(required.stream(), OPTIONAL.stream()))
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(CloudAction.values()).map(CloudAction::apiName).toList());
    assertThat(onThePage("required")).containsExactlyInAnyOrderElementsOf(required);
    assertThat(onThePage("optional|not called")).containsExactlyInAnyOrderElementsOf(OPTIONAL);
  }

  @ParameterizedTest
  @FieldSource("OPTIONAL")
  void shouldServeANewNodeAndItsPodsWhenAnOptionalCallIsDenied(String action) {
    deny(action);

    var node = join();
    Scene.awaitNodes(stage, node);
    var address = scene.run(PodSketch.fixed("web-" + node, node)).getStatus().address();
    scene.retire("web-" + node);
    var there = scene.run(PodSketch.fixed("web-" + node, "node-1"));

    assertThat(there.getStatus().address()).isEqualTo(address);
    scene.end("web-" + node);
    scene.deleteClaim("web-" + node);
    scene.awaitNoClaim("web-" + node);
  }

  @Test
  void shouldSayWhatWouldDoWhenNeitherTheLimitsNorTheCoresMayBeAskedFor() {
    deny("DescribeNetworkInterfaceLimit");
    deny("DescribeInstances");

    var node = join();

    awaitEvent("Node", node, "LimitsUnknown", "cvm:DescribeInstances");
    allow();
    Scene.awaitNodes(stage, node);
  }

  @ParameterizedTest
  @FieldSource("NODES_NEED")
  void shouldTellTheNodeAndGoOnWithTheRightWhenACallForItsEniIsDenied(String action) {
    deny(action);

    var node = join();

    awaitEvent("Node", node, "CloudDenied", DENIED);
    allow();
    Scene.awaitNodes(stage, node);
  }

  @Test
  void shouldTellTheNodeAndGoOnWithTheRightWhenSubnetsMayNotBeDescribed() {
    operator.kill();
    deny(SUBNETS);
    operator = startOperator();

    var node = join();

    awaitEvent("Node", node, "CloudDenied", "describing subnets");
    assertThat(operator.isAlive()).isTrue();
    allow();
    Scene.awaitNodes(stage, node);
  }

  @Test
  void shouldTellThePodAndGoOnWithTheRightWhenItsAddressMayNotBeAssigned() {
    deny(ASSIGN);

    scene.create(PodSketch.immediate("assigned", "node-1"));

    awaitEvent("Pod", "assigned", "AssignFailed", "assigning");
    allow();
    scene.awaitRunning("assigned");
  }

  @Test
  void shouldTellThePodAndGoOnWithTheRightWhenItsAddressMayNotMove() {
    var address = scene.run(PodSketch.fixed("moved", "node-1")).getStatus().address();
    scene.retire("moved");
    deny(MIGRATE);

    scene.create(PodSketch.fixed("moved", "node-2"));

    awaitEvent("Pod", "moved", "AssignFailed", "migrating");
    allow();
    assertThat(scene.awaitRunning("moved").getStatus().address()).isEqualTo(address);
  }

  @Test
  void shouldKeepTheAddressAndTellTheClaimWhenItMayNotBeTakenOff() {
    var address = scene.run(PodSketch.fixed("released", "node-1")).getStatus().address();
    scene.retire("released");
    deny(UNASSIGN);

    scene.deleteClaim("released");

    awaitEvent(VpcIPClaim.class.getSimpleName(), "released", "AccessDenied", "unassigning");
    assertThat(stage.vpc().snapshot().eniOf(address)).isPresent();
    assertThat(scene.claim("released")).isPresent();
    allow();
    scene.awaitNoClaim("released");
    scene.awaitFree(address);
  }

  @Test
  void shouldKeepTheRecordOfAGoneNodeAndTellItWhenItsEniMayNotBeDeleted() {
    var node = join();
    Scene.awaitNodes(stage, node);
    deny("DeleteNetworkInterface");

    stage.kubelets().removeNode(node);
    stage.vpc().removeInstance(instanceOf(node));
    stage.client().resources(NodeENIConfig.class).withName(node).delete();

    awaitEvent(NodeENIConfig.class.getSimpleName(), node, "CloudDenied", "deleting");
    assertThat(stage.nec(node)).isPresent();
    allow();
    scene.until("the record is gone", () -> stage.nec(node).isEmpty());
    scene.until(
        "its ENI is gone",
        () ->
            stage.vpc().snapshot().secondaryEnis().stream()
                .noneMatch(eni -> node.equals(eni.tags().get("eni-ipamd-node"))));
  }

  private static OperatorProcess startOperator() {
    var flags = new ArrayList<>(List.of(StandingStage.QUICK));
    flags.add("--subnet-refresh=10s");
    return stage.startOperator(flags.toArray(String[]::new));
  }

  private static void deny(String action) {
    stage.vpc().faults().always(action, Fault.error(DENIED));
  }

  /** Joins a node with a machine of its own. */
  private static String join() {
    var node = "new-" + ++joined;
    var machine =
        VpcLayout.machine(
            instanceOf(node), "ap-guangzhou-3", stage.vpc().layout().subnets().getFirst().id());
    stage.vpc().addInstance(machine);
    stage
        .kubelets()
        .addNode(
            new io.eniipamd.kubelet.NodeSpec(node, machine.zone(), machine.id(), machine.type()));
    return node;
  }

  private static String instanceOf(String node) {
    return "ins-" + node.replace("-", "0000");
  }

  private static void awaitEvent(String kind, String name, String reason, String text) {
    scene.until(
        "%s %s is told %s".formatted(kind, name, reason),
        () ->
            scene.events(kind, name).stream()
                .filter(e -> e.getReason().equals(reason))
                .anyMatch(e -> e.getMessage().contains(text)));
  }

  private static List<String> onThePage(String word) throws IOException {
    return Files.readAllLines(Path.of("docs", "cloud.md")).stream()
        .map(ROW::matcher)
        .filter(row -> row.matches() && row.group(3).matches(word))
        .map(row -> row.group(1))
        .toList();
  }
}
