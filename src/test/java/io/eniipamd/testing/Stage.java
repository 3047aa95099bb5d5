package io.eniipamd.testing;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.controlplane.AuditEvent;
import io.eniipamd.controlplane.AuditLog;
import io.eniipamd.controlplane.ControlPlane;
import io.eniipamd.kubelet.Kubelets;
import io.eniipamd.kubelet.NodeSpec;
import io.eniipamd.simulator.SimulatedVpc;
import io.eniipamd.simulator.layout.VpcLayout;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/**
 * Everything that the operator needs around it, and the operator. Each stage has a control plane
 * and a VPC of its own, so that what one scenario leaves behind does not surprise another.
 */
public final class Stage implements AutoCloseable {
  public static final String NAMESPACE = "kube-system";
  public static final String ACCOUNT = "tke-eni-ipamd";
  private static final Path CRDS = Path.of("src/main/kubernetes/crds");
  private static final Path MANIFESTS = Path.of("src/main/kubernetes/kubernetes.yml");

  private final ControlPlane plane;
  private final SimulatedVpc vpc;
  private final Kubelets kubelets;
  private final Path workDir;
  private final List<OperatorProcess> operators = new ArrayList<>();
  private final AtomicBoolean closed = new AtomicBoolean();
  private Optional<String> apiServer = Optional.empty();
  private Optional<String> cloudEndpoint = Optional.empty();

  private Stage(ControlPlane plane, SimulatedVpc vpc, Kubelets kubelets, Path workDir) {
    this.plane = plane;
    this.vpc = vpc;
    this.kubelets = kubelets;
    this.workDir = workDir;
  }

  /**
   * Sets the stage, without nodes and without the operator.
   *
   * @param name of its folder under {@code target}
   */
  public static Stage set(String name, VpcLayout layout) {
    // Test classes run in several processes at once, and some share a stage in each of them.
    var workDir = Path.of("target", "stages", name + System.getProperty("stage.suffix", ""));
    var plane = ControlPlane.start(workDir, List.of(CRDS));
    try {
      if (Files.exists(MANIFESTS)) {
        plane.apply(List.of(MANIFESTS));
        // The Deployment is for show: its Pods would be a second operator, which does not run here.
        plane.client().apps().deployments().inNamespace(NAMESPACE).withName(ACCOUNT).delete();
      }
      var vpc = SimulatedVpc.start(layout);
      try {
        return new Stage(plane, vpc, Kubelets.start(plane.adminKubeconfig()), workDir);
      } catch (RuntimeException e) {
        vpc.close();
        throw e;
      }
    } catch (RuntimeException e) {
      plane.close();
      throw e;
    }
  }

  public ControlPlane plane() {
    return plane;
  }

  public SimulatedVpc vpc() {
    return vpc;
  }

  public Kubelets kubelets() {
    return kubelets;
  }

  /** A client that may do everything. */
  public KubernetesClient client() {
    return plane.client();
  }

  /** Joins a node whose machine the VPC has already, by its layout. */
  public void join(String nodeName, String instanceId) {
    var machine =
        vpc.layout().instances().stream()
            .filter(i -> i.id().equals(instanceId))
            .findFirst()
            .orElseThrow();
    kubelets.addNode(new NodeSpec(nodeName, machine.zone(), instanceId, machine.type()));
  }

  /** Has the next operators talk to the API server through this address. */
  public void throughApiServerAt(String url) {
    apiServer = Optional.of(url);
  }

  /** Has the next operators talk to the cloud through this address. */
  public void throughCloudAt(String endpoint) {
    cloudEndpoint = Optional.of(endpoint);
  }

  /** Starts an operator under its ServiceAccount, with these flags beside those it needs. */
  public OperatorProcess startOperator(String... flags) {
    var name = "operator-" + (operators.size() + 1);
    var arguments = new ArrayList<String>();
    arguments.add("--cluster-id=cls-stage");
    arguments.add("--vpc-id=" + vpc.vpcId());
    arguments.add("--cloud-region=" + vpc.region());
    arguments.add("--cloud-endpoint=" + cloudEndpoint.orElse(vpc.endpoint()));
    if (Arrays.stream(flags).noneMatch(f -> f.startsWith("--eni-subnets="))) {
      arguments.add(
          "--eni-subnets="
              + vpc.layout().subnets().stream()
                  .map(VpcLayout.Subnet::id)
                  .collect(Collectors.joining(",")));
    }
    arguments.addAll(List.of(flags));
    var operator =
        OperatorProcess.start(
            name,
            kubeconfig(),
            Map.of(
                "TENCENTCLOUD_SECRET_ID", vpc.secretId(),
                "TENCENTCLOUD_SECRET_KEY", vpc.secretKey()),
            arguments,
            workDir.resolve(name + ".log"));
    operators.add(operator);
    return operator;
  }

  private Path kubeconfig() {
    var own = plane.kubeconfigFor(NAMESPACE, ACCOUNT);
    if (apiServer.isEmpty()) {
      return own;
    }
    try {
      var through = workDir.resolve("through-proxy.kubeconfig");
      Files.writeString(through, Files.readString(own).replace(plane.url(), apiServer.get()));
      return through;
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /**
   * What the operator has asked the API server for since then, but for its lease and its watches.
   * See {@link #comparesClocks} for what an idle operator asks for none the less.
   */
  public List<AuditEvent> requestsSince(AuditLog.Mark mark) {
    return plane.audit().since(mark).stream()
        .filter(e -> e.user().endsWith(":" + ACCOUNT))
        .filter(e -> !e.resource().equals("leases"))
        .filter(e -> !e.verb().equals("watch"))
        .toList();
  }

  /**
   * Whether the request compares the operator's clock with the API server's. There is one every
   * five minutes while any claim may expire, at a moment that no test chooses: whoever counts
   * requests has to leave it out.
   */
  public static boolean comparesClocks(AuditEvent request) {
    return request.verb().equals("get") && request.uri().equals("/version");
  }

  /** What became of the newest operator: for messages of a test that fails. */
  String stateOfOperator() {
    return operators.isEmpty() ? "no operator was started" : operators.getLast().state();
  }

  public List<VpcIP> vips() {
    return client().resources(VpcIP.class).list().getItems();
  }

  public Optional<VpcIPClaim> claim(String namespace, String name) {
    return Optional.ofNullable(
        client().resources(VpcIPClaim.class).inNamespace(namespace).withName(name).get());
  }

  public Optional<NodeENIConfig> nec(String node) {
    return Optional.ofNullable(client().resources(NodeENIConfig.class).withName(node).get());
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    operators.forEach(OperatorProcess::close);
    kubelets.close();
    vpc.close();
    plane.close();
  }
}
