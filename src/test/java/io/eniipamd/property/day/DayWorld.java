package io.eniipamd.property.day;

import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.Names;
import io.eniipamd.kubelet.NodeSpec;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.Edits;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.Scene;
import io.eniipamd.testing.Stage;
import io.eniipamd.testing.StandingStage;
import io.eniipamd.testing.Workloads;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The cluster of the day: its machines, nodes and workloads, and the operator. */
final class DayWorld {
  private static final List<String> ZONES = List.of("ap-guangzhou-3", "ap-guangzhou-4");
  private static final List<String> POD_SUBNETS = List.of("subnet-daypods3", "subnet-daypods4");
  private static final List<String> HOST_SUBNETS = List.of("subnet-dayhost3", "subnet-dayhost4");
  private static final List<String> POD_RANGES = List.of("10.0.0.0/24", "10.0.1.0/24");
  private static final List<String> HOST_RANGES = List.of("10.0.2.0/24", "10.0.3.0/24");
  private static final String TYPE = "S5.LARGE8";
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Stage stage;
  private final String namespace;

  /** The instances by their nodes, of each zone. */
  private final List<Map<String, String>> nodes = List.of(new TreeMap<>(), new TreeMap<>());

  private OperatorProcess operator;
  private int machines;

  DayWorld(Stage stage) {
    this.stage = stage;
    operator = startOperator();
    namespace = stage.plane().createNamespace("day");
    for (int zone = 0; zone < ZONES.size(); zone++) {
      createWorkloads(zone);
    }
  }

  /** Two zones with a subnet for Pods and one for machines, and small machines. */
  static VpcLayout layout() {
    var subnets = new ArrayList<VpcLayout.Subnet>();
    for (int zone = 0; zone < ZONES.size(); zone++) {
      var name = ZONES.get(zone);
      subnets.add(new VpcLayout.Subnet(POD_SUBNETS.get(zone), "pods", POD_RANGES.get(zone), name));
      subnets.add(
          new VpcLayout.Subnet(HOST_SUBNETS.get(zone), "hosts", HOST_RANGES.get(zone), name));
    }
    return VpcLayout.standard()
        .withSubnets(subnets)
        .withInstances(List.of())
        .withLimits(List.of(new VpcLayout.InstanceLimit(TYPE, 4, 5, 4, 1)));
  }

  private OperatorProcess startOperator() {
    var flags = new ArrayList<>(List.of(StandingStage.QUICK));
    flags.add("--eni-subnets=" + String.join(",", POD_SUBNETS));
    flags.add("--sweep-interval=1s");
    flags.add("--node-leave-delay=1s");
    flags.add("--eni-shrink-delay=10s");
    flags.add("--inventory-interval=5s");
    flags.add("--inventory-grace=5s");
    flags.add("--held-watch-interval=5s");
    flags.add("--stray-watch-interval=5s");
    flags.add("--subnet-refresh=5s");
    return stage.startOperator(flags.toArray(String[]::new));
  }

  private void createWorkloads(int zone) {
    var set = Workloads.statefulSet("fixed-" + zone, namespace, 0, ZONES.get(zone));
    stage.client().resource(set).create();
    var like = Workloads.statefulSet("floating-" + zone, namespace, 0, ZONES.get(zone)).getSpec();
    like.getTemplate().getMetadata().setAnnotations(Map.of(Names.NETWORKS, "tke-route-eni"));
    var deployment =
        new DeploymentBuilder()
            .withNewMetadata()
            .withNamespace(namespace)
            .withName("floating-" + zone)
            .endMetadata()
            .withNewSpec()
            .withReplicas(0)
            .withSelector(like.getSelector())
            .withTemplate(like.getTemplate())
            .endSpec()
            .build();
    stage.client().resource(deployment).create();
  }

  // ---------------------------------------------------------------------------------------- doing

  void perform(Deed deed) {
    switch (deed) {
      case Deed.Nodes(int zone, int count) -> scaleNodes(zone, count);
      case Deed.MachineVanishes(int zone) -> vanish(zone);
      case Deed.Fixed(int zone, int replicas) -> scaleFixed(zone, replicas);
      case Deed.Restart(int zone) ->
          pods().stream().filter(p -> isOf(p, "fixed-" + zone)).forEach(this::delete);
      case Deed.Floating(int zone, int replicas) -> scaleFloating(zone, replicas);
      case Deed.QuotaLeaves(int enis) ->
          stage
              .vpc()
              .settings()
              .setEnisPerVpc(stage.vpc().snapshot().secondaryEnis().size() + enis);
      case Deed.QuotaIsRaised() ->
          stage.vpc().settings().setEnisPerVpc(VpcLayout.DEFAULT_ENIS_PER_VPC);
      case Deed.SubnetRunsOut(int zone) -> stage.vpc().faults().exhaust(POD_RANGES.get(zone));
      case Deed.SubnetsRecover() -> stage.vpc().faults().clear();
      case Deed.OperatorDies() -> {
        operator.kill();
        operator = startOperator();
      }
    }
  }

  private void scaleNodes(int zone, int count) {
    var ofZone = nodes.get(zone);
    while (ofZone.size() < count) {
      int number = ++machines;
      var node = "node-%d-%03d".formatted(zone, number);
      var instance = "ins-day%05d".formatted(number);
      stage
          .vpc()
          .addInstance(
              new VpcLayout.Instance(
                  instance, node, ZONES.get(zone), TYPE, 4, 8, HOST_SUBNETS.get(zone), null));
      stage.kubelets().addNode(new NodeSpec(node, ZONES.get(zone), instance, TYPE));
      ofZone.put(node, instance);
    }
    var leaving = ofZone.keySet().stream().limit(Math.max(0, ofZone.size() - count)).toList();
    leaving.forEach(this::cordon);
    leaving.forEach(this::drain);
    for (var node : leaving) {
      stage.kubelets().removeNode(node);
      endMachine(ofZone.remove(node));
    }
  }

  private void cordon(String node) {
    Edits.edit(
        stage.client().nodes().withName(node),
        n -> {
          n.getSpec().setUnschedulable(true);
          return n;
        });
  }

  private void drain(String node) {
    await("no Pod is on " + node)
        .atMost(PATIENCE)
        .until(
            () -> {
              var there = podsOn(node);
              there.stream().filter(p -> !p.isMarkedForDeletion()).forEach(this::delete);
              return there.isEmpty();
            });
  }

  private void vanish(int zone) {
    var ofZone = nodes.get(zone);
    var node = ofZone.keySet().iterator().next();
    endMachine(ofZone.remove(node));
    stage.kubelets().removeNode(node);
    await("no Pod is on " + node)
        .atMost(PATIENCE)
        .until(
            () -> {
              var there = podsOn(node);
              there.forEach(p -> stage.client().resource(p).withGracePeriod(0).delete());
              return there.isEmpty();
            });
  }

  /** The cloud refuses it while an ENI of the machine is on its way. */
  private void endMachine(String instance) {
    await(instance + " ends")
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(
            () -> {
              stage.vpc().removeInstance(instance);
              return true;
            });
  }

  private void scaleFixed(int zone, int replicas) {
    stage
        .client()
        .apps()
        .statefulSets()
        .inNamespace(namespace)
        .withName("fixed-" + zone)
        .patch(PatchContext.of(PatchType.JSON_MERGE), replicas(replicas));
  }

  private void scaleFloating(int zone, int replicas) {
    stage
        .client()
        .apps()
        .deployments()
        .inNamespace(namespace)
        .withName("floating-" + zone)
        .patch(PatchContext.of(PatchType.JSON_MERGE), replicas(replicas));
  }

  private static String replicas(int count) {
    return "{\"spec\":{\"replicas\":%d}}".formatted(count);
  }

  private void delete(Pod pod) {
    stage.client().resource(pod).delete();
  }

  // -------------------------------------------------------------------------------------- looking

  /** The instances by their nodes. */
  Map<String, String> nodes() {
    var all = new TreeMap<String, String>();
    nodes.forEach(all::putAll);
    return all;
  }

  List<Integer> nodesOfZones() {
    return nodes.stream().map(Map::size).toList();
  }

  void awaitNodesReady() {
    Scene.awaitNodes(stage, nodes().keySet().toArray(String[]::new));
  }

  List<Pod> pods() {
    return stage.client().pods().inNamespace(namespace).list().getItems();
  }

  private List<Pod> podsOn(String node) {
    return stage
        .client()
        .pods()
        .inNamespace(namespace)
        .withField("spec.nodeName", node)
        .list()
        .getItems();
  }

  private static boolean isOf(Pod pod, String workload) {
    return workload.equals(pod.getMetadata().getLabels().get("app"));
  }

  /** How many Pods the workloads are to have. */
  int wantedPods() {
    var apps = stage.client().apps();
    int fixed =
        apps.statefulSets().inNamespace(namespace).list().getItems().stream()
            .mapToInt(s -> s.getSpec().getReplicas())
            .sum();
    return fixed
        + apps.deployments().inNamespace(namespace).list().getItems().stream()
            .mapToInt(d -> d.getSpec().getReplicas())
            .sum();
  }
}
