package io.eniipamd.demo;

import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.testing.OperatorProcess;
import io.eniipamd.testing.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/**
 * The main job, told in the terminal: a Pod gets an address, keeps it while it is away, and
 * releases it; on a real control plane, through the real Tencent SDK, before a simulated VPC.
 */
public final class Demo {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String SHOP = "shop";

  private final Stage stage;
  private final Tally tally;
  private int chapter;

  private Demo(Stage stage) {
    this.stage = stage;
    this.tally = new Tally(stage);
  }

  /**
   * Tells the story, then stays up until Ctrl-C.
   *
   * @param arguments {@code --end} to end after the story; anything else ({@code --stay}) is
   *     ignored
   */
  public static void main(String[] arguments) throws InterruptedException, IOException {
    boolean end = Arrays.asList(arguments).contains("--end");
    System.out.println("Starting a control plane (etcd, API server, controllers, scheduler) …");
    var stage = Stage.set("demo", VpcLayout.standard());
    var stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stage.close();
                  stopped.countDown();
                }));
    try {
      new Demo(stage).tell();
      if (!end) {
        System.out.printf(
            """

            The cluster stays up for you. In another terminal:
              export KUBECONFIG=%s
              %s get vipc,vip,nec -A
              %s explain vipc.status
            Ctrl-C ends it.
            """,
            stage.plane().adminKubeconfig().toAbsolutePath(),
            stage.plane().kubectl(),
            stage.plane().kubectl());
        stopped.await();
      }
    } finally {
      stage.close();
    }
    System.exit(0);
  }

  private void tell() throws IOException {
    chapter("The operator starts under its own ServiceAccount, and five nodes join in two zones.");
    OperatorProcess operator =
        stage.startOperator(
            "--claim-expired-duration=1h",
            "--leader-election-lease-duration=6s",
            "--leader-election-renew-deadline=4s",
            "--leader-election-retry-period=500ms",
            "--cloud-call-timeout=3s",
            "--quarantine=10s",
            "--sweep-interval=5s");
    for (int i = 1; i <= 5; i++) {
      stage.join("node-" + i, "ins-node000" + i);
    }
    until("every node has an ENI", operator, this::nodesReady);
    show("nec");
    tally.print();

    chapter("A StatefulSet with fixed IPs (web) and a Deployment without (api).");
    var workloads = Files.createTempFile("workloads", ".yaml");
    try (var yaml = Demo.class.getResourceAsStream("/demo/workloads.yaml")) {
      Files.write(workloads, yaml.readAllBytes());
    }
    stage.plane().apply(List.of(workloads));
    Files.delete(workloads);
    until("all Pods run with their claims' addresses", operator, () -> running() == 5);
    show("vipc", "-n", SHOP);
    show("vip");
    tally.print();

    chapter("web-1 goes away (scaled down): its address is kept, on the ENI where it was.");
    String address = claim("web-1").getStatus().address();
    stage.plane().runKubectl("scale", "statefulset/web", "--replicas=1", "-n", SHOP);
    until("web-1 is retained", operator, () -> phase("web-1") == ClaimPhase.RETAINED);
    show("vipc", "-n", SHOP);
    // What kubectl describe tells of it.
    show(
        "vipc",
        "web-1",
        "-n",
        SHOP,
        "-o",
        "jsonpath={.status.conditions[?(@.type==\"Ready\")].message}");
    tally.print();

    chapter("web-1 comes back: the same address, and not a single changing call to the cloud.");
    String node = claim("web-1").getStatus().nodeName();
    cordonAllBut(node);
    stage.plane().runKubectl("scale", "statefulset/web", "--replicas=2", "-n", SHOP);
    until("web-1 is bound again", operator, () -> phase("web-1") == ClaimPhase.BOUND);
    uncordon();
    same("web-1", address);
    show("vipc", "-n", SHOP);
    tally.print();

    chapter("web-1 moves to another node of its zone: one MigratePrivateIpAddress.");
    stage.plane().runKubectl("cordon", node);
    stage.plane().runKubectl("delete", "pod", "web-1", "-n", SHOP, "--wait=false");
    until(
        "web-1 is bound on another node",
        operator,
        () ->
            phase("web-1") == ClaimPhase.BOUND
                && !node.equals(claim("web-1").getStatus().nodeName()));
    stage.plane().runKubectl("uncordon", node);
    same("web-1", address);
    show("vipc", "-n", SHOP);
    tally.print();

    chapter(
        "The Deployment is deleted: its addresses leave their ENIs, stay in quarantine, and are free.");
    stage.plane().runKubectl("delete", "deployment", "api", "-n", SHOP);
    until(
        "the addresses are in quarantine",
        operator,
        () -> podAddresses(VpcIPPhase.QUARANTINED) == 3);
    show("vip");
    until("they are free", operator, () -> podAddresses(VpcIPPhase.QUARANTINED) == 0);
    show("vip");
    tally.print();

    chapter("web-1 is scaled away and its claim deleted by hand: a fixed IP is released.");
    stage.plane().runKubectl("scale", "statefulset/web", "--replicas=1", "-n", SHOP);
    until("web-1 is retained", operator, () -> phase("web-1") == ClaimPhase.RETAINED);
    stage.plane().runKubectl("delete", "vipc", "web-1", "-n", SHOP);
    until(
        "its address is free in the VPC", operator, () -> stage.vpc().holderOf(address).isEmpty());
    show("vipc", "-n", SHOP);
    tally.print();
    System.out.println();
    System.out.println(stage.vpc().render());
  }

  private void chapter(String text) {
    System.out.printf("%n== %d. %s%n", ++chapter, text);
    tally.mark();
  }

  private void show(String... what) {
    var command = new java.util.ArrayList<>(List.of("get"));
    command.addAll(Arrays.asList(what));
    System.out.println("$ kubectl " + String.join(" ", command));
    System.out.print(stage.plane().runKubectl(command.toArray(String[]::new)).indent(2));
  }

  private static void until(
      String what, OperatorProcess operator, java.util.concurrent.Callable<Boolean> holds) {
    await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(100))
        .ignoreExceptions()
        .until(
            () -> {
              if (!operator.isAlive()) {
                throw new AssertionError("the operator has ended; its log is " + operator.log());
              }
              return holds.call();
            });
  }

  private boolean nodesReady() {
    return stage
            .client()
            .resources(io.eniipamd.api.v1.NodeENIConfig.class)
            .list()
            .getItems()
            .stream()
            .filter(
                nec ->
                    nec.statusOrEmpty().conditions().stream()
                        .anyMatch(
                            c -> c.type().equals("Ready") && c.status().equals(Condition.TRUE)))
            .count()
        == 5;
  }

  private long running() {
    return stage.client().pods().inNamespace(SHOP).list().getItems().stream()
        .filter(p -> "Running".equals(p.getStatus().getPhase()))
        .filter(
            p ->
                p.getStatus()
                    .getPodIP()
                    .equals(claim(p.getMetadata().getName()).getStatus().address()))
        .count();
  }

  private VpcIPClaim claim(String name) {
    return stage.claim(SHOP, name).orElseThrow();
  }

  private ClaimPhase phase(String name) {
    return claim(name).statusOrEmpty().phase();
  }

  private long podAddresses(VpcIPPhase phase) {
    return stage.vips().stream()
        .filter(v -> v.getSpec().type() == VpcIPType.POD)
        .filter(v -> v.statusOrEmpty().phase() == phase)
        .count();
  }

  private void same(String claim, String address) {
    String now = claim(claim).getStatus().address();
    if (!address.equals(now)) {
      throw new IllegalStateException(claim + " had " + address + " and now has " + now);
    }
    System.out.printf("%s has %s, as before.%n", claim, now);
  }

  private void cordonAllBut(String node) {
    for (int i = 1; i <= 5; i++) {
      if (!node.equals("node-" + i)) {
        stage.plane().runKubectl("cordon", "node-" + i);
      }
    }
  }

  private void uncordon() {
    for (int i = 1; i <= 5; i++) {
      stage.plane().runKubectl("uncordon", "node-" + i);
    }
  }
}
