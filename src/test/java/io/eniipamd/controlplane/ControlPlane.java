package io.eniipamd.controlplane;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequest;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * A real Kubernetes control plane on the loopback interface: etcd, kube-apiserver with RBAC and an
 * audit log, kube-controller-manager without the controllers that watch over nodes, and
 * kube-scheduler. It has no nodes of its own.
 *
 * <p>The servers die with this JVM, however it dies. Their output, the audit log and the
 * kubeconfigs stay in the working directory.
 */
public final class ControlPlane implements AutoCloseable {

  private static final Duration READY_TIMEOUT = Duration.ofSeconds(90);
  private static final Duration LOOK_EVERY = Duration.ofMillis(50);
  private static final int ATTEMPTS = 3;
  private static final Duration TOKEN_LIFE = Duration.ofHours(12);
  private static final String SERVICE_ACCOUNT_ISSUER = "https://kubernetes.default.svc";

  // The manager of nodes' lives would take the stand-in's nodes for dead without a heartbeat, the
  // others need a cloud.
  private static final String CONTROLLERS =
      "*,-node-lifecycle-controller,-node-ipam-controller,-node-route-controller,"
          + "-service-lb-controller,-cloud-node-lifecycle-controller";

  private final Path workDir;
  private final FileChannel hold;
  private final Binaries binaries;
  private final String url;
  private final ClusterCertificates certificates;
  private final Kubeconfig kubeconfigs;
  private final Path adminKubeconfig;
  private final AuditLog audit;
  private final List<GuardedProcess> servers = new ArrayList<>();
  private final AtomicInteger namespaces = new AtomicInteger();
  private final AtomicBoolean closed = new AtomicBoolean();
  private KubernetesClient client;

  private ControlPlane(Path workDir, FileChannel hold, Binaries binaries, int port, Instant now)
      throws IOException {
    this.workDir = workDir;
    this.hold = hold;
    this.binaries = binaries;
    this.url = "https://127.0.0.1:" + port;
    this.certificates = ClusterCertificates.create(workDir.resolve("pki"), now);
    this.kubeconfigs = new Kubeconfig(url, certificates.authorityPem());
    this.adminKubeconfig = kubeconfigFor(AuditLog.ADMIN, "system:masters", "admin.kubeconfig");
    this.audit = new AuditLog(workDir.resolve("audit.log"));
  }

  /**
   * Starts a control plane and waits until it works.
   *
   * @param workDir for its data, logs and kubeconfigs; made if it is not there
   * @throws ServerFailedException with the end of the log, when a server does not come up
   * @throws IllegalStateException when there are no binaries, with what to do; or when another one
   *     runs in that directory
   */
  public static ControlPlane start(Path workDir) {
    return start(workDir, List.of());
  }

  /**
   * Starts a control plane and waits until it works.
   *
   * @param manifestsAppliedFirst files or directories applied before the controllers start. CRDs
   *     belong here: the garbage collector looks for new kinds every 30 s only.
   */
  public static ControlPlane start(Path workDir, List<Path> manifestsAppliedFirst) {
    try {
      Binaries binaries = BinaryLocator.ofThisMachine().locate();
      for (int attempt = 1; ; attempt++) {
        try {
          return start(workDir, binaries, manifestsAppliedFirst);
        } catch (ServerFailedException e) {
          if (attempt == ATTEMPTS || !e.portWasTaken()) {
            throw e;
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("starting a control plane in " + workDir, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while starting a control plane", e);
    }
  }

  static ControlPlane start(Path workDir, Binaries binaries, List<Path> manifests)
      throws IOException, InterruptedException {
    FileChannel hold = hold(Files.createDirectories(workDir));
    List<Integer> ports = freePorts(3);
    var plane =
        new ControlPlane(
            workDir.toAbsolutePath(), hold, binaries, ports.get(0), Clock.systemUTC().instant());
    try {
      plane.startServers(ports, manifests);
      return plane;
    } catch (IOException | InterruptedException | RuntimeException e) {
      plane.close();
      throw e;
    }
  }

  /** Keeps others out of a working directory until it is closed. */
  private static FileChannel hold(Path workDir) throws IOException {
    FileChannel channel =
        FileChannel.open(
            workDir.resolve("in-use.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (channel.tryLock() != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      // Held by this very JVM: told to the caller as if another one held it.
    }
    channel.close();
    throw new IllegalStateException("a control plane is running in " + workDir + " already");
  }

  private void startServers(List<Integer> ports, List<Path> manifests)
      throws IOException, InterruptedException {
    forgetFormerRun();
    startEtcd(ports.get(1), ports.get(2));
    startApiServer(ports.get(0), ports.get(1));
    Config config = Config.fromKubeconfig(adminKubeconfig.toFile());
    client = new KubernetesClientBuilder().withConfig(new ConfigBuilder(config).build()).build();
    await("is not ready", servers.getLast(), this::isReady);
    applyFirst(manifests);
    startControllerManager();
    startScheduler();
    for (String namespace : List.of("default", "kube-system")) {
      await("made no ServiceAccount", servers.get(2), () -> hasDefaultServiceAccount(namespace));
    }
  }

  private void forgetFormerRun() throws IOException {
    BinaryCache.delete(workDir.resolve("etcd"));
    Files.deleteIfExists(audit.file());
    for (Program program : Program.values()) {
      Files.deleteIfExists(log(program));
    }
  }

  private Path log(Program program) {
    return workDir.resolve(program.fileName() + ".log");
  }

  private void startEtcd(int clientPort, int peerPort) throws IOException {
    String peers = "http://127.0.0.1:" + peerPort;
    String clients = "http://127.0.0.1:" + clientPort;
    launch(
        Program.ETCD,
        "--name=eni-ipamd",
        "--data-dir=" + workDir.resolve("etcd"),
        "--unsafe-no-fsync",
        "--listen-client-urls=" + clients,
        "--advertise-client-urls=" + clients,
        "--listen-peer-urls=" + peers,
        "--initial-advertise-peer-urls=" + peers,
        "--initial-cluster=eni-ipamd=" + peers,
        "--log-level=warn");
  }

  private void startApiServer(int port, int etcdPort) throws IOException {
    Path policy = Files.writeString(workDir.resolve("audit-policy.yaml"), AuditLog.POLICY);
    launch(
        Program.KUBE_APISERVER,
        "--etcd-servers=http://127.0.0.1:" + etcdPort,
        "--bind-address=127.0.0.1",
        "--secure-port=" + port,
        "--advertise-address=127.0.0.1",
        "--endpoint-reconciler-type=none",
        "--client-ca-file=" + certificates.authorityCertificate(),
        "--tls-cert-file=" + certificates.servingCertificate(),
        "--tls-private-key-file=" + certificates.servingKey(),
        "--service-account-key-file=" + certificates.serviceAccountPublicKey(),
        "--service-account-signing-key-file=" + certificates.serviceAccountKey(),
        "--service-account-issuer=" + SERVICE_ACCOUNT_ISSUER,
        "--service-cluster-ip-range=10.96.0.0/16",
        "--authorization-mode=RBAC",
        "--allow-privileged",
        "--audit-policy-file=" + policy,
        "--audit-log-path=" + audit.file(),
        // In MiB: above it the file would be rotated away from its readers.
        "--audit-log-maxsize=10000");
  }

  private void startControllerManager() throws IOException {
    Path kubeconfig =
        kubeconfigFor("system:kube-controller-manager", "", "controller-manager.kubeconfig");
    launch(
        Program.KUBE_CONTROLLER_MANAGER,
        "--kubeconfig=" + kubeconfig,
        "--controllers=" + CONTROLLERS,
        "--use-service-account-credentials",
        "--service-account-private-key-file=" + certificates.serviceAccountKey(),
        "--root-ca-file=" + certificates.authorityCertificate(),
        "--secure-port=0",
        "--leader-elect=false",
        // The default of 20 requests a second would make every test of many Pods wait for it.
        "--kube-api-qps=200",
        "--kube-api-burst=400");
  }

  private void startScheduler() throws IOException {
    Path kubeconfig = kubeconfigFor("system:kube-scheduler", "", "scheduler.kubeconfig");
    Path config =
        Files.writeString(
            workDir.resolve("scheduler.yaml"),
            """
            apiVersion: kubescheduler.config.k8s.io/v1
            kind: KubeSchedulerConfiguration
            clientConnection:
              kubeconfig: %s
              qps: 200
              burst: 400
            leaderElection:
              leaderElect: false
            podInitialBackoffSeconds: 1
            podMaxBackoffSeconds: 2
            """
                .formatted(kubeconfig));
    launch(Program.KUBE_SCHEDULER, "--config=" + config, "--secure-port=0");
  }

  private void launch(Program program, String... arguments) {
    List<String> command = new ArrayList<>(List.of(binaries.path(program).toString()));
    command.addAll(Arrays.asList(arguments));
    servers.add(GuardedProcess.start(program.fileName(), command, workDir, Map.of(), log(program)));
  }

  private boolean isReady() {
    try {
      return "ok".equals(client.raw("/readyz"));
    } catch (KubernetesClientException e) {
      return false; // not listening yet, or not ready: the caller looks again until its time is up
    }
  }

  private boolean hasDefaultServiceAccount(String namespace) {
    return client.serviceAccounts().inNamespace(namespace).withName("default").get() != null;
  }

  private void await(String otherwise, GuardedProcess waitedFor, BooleanSupplier condition)
      throws InterruptedException {
    Instant deadline = Clock.systemUTC().instant().plus(READY_TIMEOUT);
    while (!condition.getAsBoolean()) {
      for (GuardedProcess server : servers) {
        if (!server.isAlive()) {
          throw new ServerFailedException(server, "ended while starting");
        }
      }
      if (Clock.systemUTC().instant().isAfter(deadline)) {
        throw new ServerFailedException(
            waitedFor, "%s after %d s".formatted(otherwise, READY_TIMEOUT.toSeconds()));
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }

  private void applyFirst(List<Path> manifests) {
    if (manifests.isEmpty()) {
      return;
    }
    apply(manifests);
    if (!client.apiextensions().v1().customResourceDefinitions().list().getItems().isEmpty()) {
      runKubectl(
          "wait",
          "--for=condition=Established",
          "customresourcedefinitions",
          "--all",
          "--timeout=30s");
    }
  }

  /**
   * Applies manifests server-side as the administrator.
   *
   * @param manifests files, or directories of files
   * @throws IllegalStateException with what kubectl said, when it refused
   */
  public void apply(List<Path> manifests) {
    List<String> arguments = new ArrayList<>(List.of("apply", "--server-side"));
    manifests.forEach(manifest -> arguments.add("--filename=" + manifest.toAbsolutePath()));
    runKubectl(arguments.toArray(String[]::new));
  }

  /**
   * Runs kubectl as the administrator and returns what it printed.
   *
   * @throws IllegalStateException with what it printed, when it ended with an error
   */
  public String runKubectl(String... arguments) {
    List<String> command =
        new ArrayList<>(List.of(kubectl().toString(), "--kubeconfig=" + adminKubeconfig));
    command.addAll(Arrays.asList(arguments));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new IllegalStateException(
            "kubectl %s: %s".formatted(String.join(" ", arguments), output.strip()));
      }
      return output;
    } catch (IOException e) {
      throw new UncheckedIOException("kubectl " + String.join(" ", arguments), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while kubectl ran", e);
    }
  }

  /** The API server's URL, {@code https://127.0.0.1:port}. */
  public String url() {
    return url;
  }

  /** A kubeconfig of a member of {@code system:masters}. */
  public Path adminKubeconfig() {
    return adminKubeconfig;
  }

  /** A client of the administrator, shared, and closed with the control plane. */
  public KubernetesClient client() {
    return client;
  }

  /** What the API server was asked. */
  public AuditLog audit() {
    return audit;
  }

  /** The file of the audit log. */
  public Path auditLog() {
    return audit.file();
  }

  /** The kubectl of the same release. */
  public Path kubectl() {
    return binaries.path(Program.KUBECTL);
  }

  /** Where logs and kubeconfigs are. */
  public Path workDir() {
    return workDir;
  }

  /**
   * A kubeconfig that speaks as a ServiceAccount, with a token of it and no other rights.
   *
   * @throws KubernetesClientException when there is no such ServiceAccount
   */
  public Path kubeconfigFor(String namespace, String serviceAccount) {
    TokenRequest request =
        new TokenRequestBuilder()
            .withNewSpec()
            .withExpirationSeconds(TOKEN_LIFE.toSeconds())
            .endSpec()
            .build();
    TokenRequest answer =
        client
            .serviceAccounts()
            .inNamespace(namespace)
            .withName(serviceAccount)
            .tokenRequest(request);
    Path file = workDir.resolve("%s-%s.kubeconfig".formatted(namespace, serviceAccount));
    try {
      return kubeconfigs.write(file, serviceAccount, answer.getStatus().getToken());
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + file, e);
    }
  }

  /**
   * A kubeconfig of a user of its own, so that the audit log tells its requests from others'.
   *
   * @param user the user's name, which must serve as a file name too
   * @param group what gives it its rights, e.g. {@code system:masters}
   */
  public Path kubeconfigForUser(String user, String group) {
    try {
      return kubeconfigFor(user, group, user + ".kubeconfig");
    } catch (IOException e) {
      throw new UncheckedIOException("writing the kubeconfig of " + user, e);
    }
  }

  private Path kubeconfigFor(String user, String group, String file) throws IOException {
    return kubeconfigs.write(workDir.resolve(file), user, certificates.client(user, group));
  }

  /**
   * Makes a namespace in which Pods can be created at once.
   *
   * @param prefix of its name; a number follows
   * @return its name
   */
  public String createNamespace(String prefix) {
    String name = "%s-%d".formatted(prefix, namespaces.incrementAndGet());
    client
        .namespaces()
        .resource(new NamespaceBuilder().withNewMetadata().withName(name).endMetadata().build())
        .create();
    client
        .serviceAccounts()
        .inNamespace(name)
        .withName("default")
        .waitUntilCondition(
            account -> account != null, READY_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    return name;
  }

  /** Kills all servers and waits until they are gone. Their logs stay, etcd's data do not. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    if (client != null) {
      client.close();
    }
    servers.reversed().forEach(GuardedProcess::close);
    try {
      BinaryCache.delete(workDir.resolve("etcd"));
      hold.close();
    } catch (IOException e) {
      throw new UncheckedIOException("tidying up " + workDir, e);
    }
  }

  /** Ports that were free just now. All are held while they are chosen, so that they differ. */
  private static List<Integer> freePorts(int count) throws IOException {
    List<ServerSocket> sockets = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
      }
      return sockets.stream().map(ServerSocket::getLocalPort).toList();
    } finally {
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    }
  }

  /**
   * Runs a control plane until Ctrl-C.
   *
   * @param arguments the working directory (default {@code target/control-plane}), then manifests
   *     to apply before the controllers start
   */
  public static void main(String[] arguments) throws InterruptedException {
    Path workDir = Path.of(arguments.length > 0 ? arguments[0] : "target/control-plane");
    List<Path> manifests = Arrays.stream(arguments).skip(1).map(Path::of).toList();
    ControlPlane plane = start(workDir, manifests);
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  plane.close();
                  stopped.countDown();
                }));
    System.out.printf(
        """
        A Kubernetes control plane listens at %s. Until Ctrl-C:
          export KUBECONFIG=%s
          %s get namespaces
        """,
        plane.url(), plane.adminKubeconfig(), plane.kubectl());
    stopped.await();
  }
}
