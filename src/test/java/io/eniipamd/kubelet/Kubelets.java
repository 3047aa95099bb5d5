package io.eniipamd.kubelet;

import io.eniipamd.kubelet.PodStep.Containers;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import java.net.HttpURLConnection;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * Plays nodes, their kubelets and the CNI's part for the Pods that the scheduler binds to them. A
 * Pod that uses VPC-CNI runs only once the claim of its name is bound to its UID on its node, with
 * the claim's address; any other Pod runs at once; a deleted Pod goes away after its grace period.
 *
 * <p>It looks on as well: what breaks the node's contract is in {@link #violations}.
 */
public final class Kubelets implements AutoCloseable {

  /** How long containers take to end unless told otherwise, so that no test waits for an actor. */
  public static final Duration DEFAULT_GRACE_CAP = Duration.ofSeconds(1);

  private static final ResourceDefinitionContext CLAIMS =
      new ResourceDefinitionContext.Builder()
          .withGroup("networking.tke.cloud.tencent.com")
          .withVersion("v1")
          .withKind("VpcIPClaim")
          .withPlural("vpcipclaims")
          .withNamespaced(true)
          .build();

  // A refused or failed write is tried again from what the API server says by then.
  private static final Duration RETRY_AFTER = Duration.ofMillis(250);

  private final KubernetesClient client;
  private final Clock clock;
  private final Duration graceCap;
  private final NodeObjects nodeObjects;
  private final Map<String, PlayedNode> nodes = new ConcurrentHashMap<>();
  private final ContainerLedger ledger = new ContainerLedger();
  private final Map<String, Instant> terminatingSince = new ConcurrentHashMap<>();
  private final Set<Violation> violations = ConcurrentHashMap.newKeySet();
  private final AtomicInteger machines = new AtomicInteger();
  private final AtomicInteger otherAddresses = new AtomicInteger();
  private final KeyedWork<String> work = new KeyedWork<>(this::work);
  private final SharedIndexInformer<Pod> pods;
  private final SharedIndexInformer<GenericKubernetesResource> claims;

  private Kubelets(KubernetesClient client, Clock clock, Duration graceCap) {
    this.client = client;
    this.clock = clock;
    this.graceCap = graceCap;
    this.nodeObjects = new NodeObjects(client, clock);
    this.pods = client.pods().inAnyNamespace().runnableInformer(0);
    this.claims = client.genericKubernetesResources(CLAIMS).inAnyNamespace().runnableInformer(0);
  }

  /**
   * Starts without nodes. Containers end within {@link #DEFAULT_GRACE_CAP} of their Pod's deletion.
   */
  public static Kubelets start(Path kubeconfig) {
    return start(kubeconfig, DEFAULT_GRACE_CAP);
  }

  /**
   * Starts without nodes.
   *
   * @param kubeconfig of a user that may write Nodes and Pods
   * @param graceCap containers end after their Pod's grace period, but never take longer than this
   */
  public static Kubelets start(Path kubeconfig, Duration graceCap) {
    Config config = Config.fromKubeconfig(kubeconfig.toFile());
    KubernetesClient client =
        new KubernetesClientBuilder().withConfig(new ConfigBuilder(config).build()).build();
    Kubelets kubelets = new Kubelets(client, Clock.systemUTC(), graceCap);
    kubelets.watch();
    return kubelets;
  }

  private void watch() {
    pods.addEventHandler(handler(this::podChanged, this::podGone));
    claims.addEventHandler(handler(this::claimChanged, this::claimGone));
    // The CRD may come later, so a list that fails is tried again.
    claims.exceptionHandler((started, failure) -> true);
    pods.start().toCompletableFuture().join();
    var unused = claims.start();
  }

  private static <T extends HasMetadata> ResourceEventHandler<T> handler(
      BiConsumer<Optional<T>, T> changed, Consumer<T> gone) {
    return new ResourceEventHandler<>() {
      @Override
      public void onAdd(T object) {
        changed.accept(Optional.empty(), object);
      }

      @Override
      public void onUpdate(T before, T object) {
        changed.accept(Optional.of(before), object);
      }

      @Override
      public void onDelete(T object, boolean finalStateUnknown) {
        gone.accept(object);
      }
    };
  }

  // ---------------------------------------------------------------------------------- the nodes

  /**
   * Makes a Node, or takes over the one of that name, and plays its kubelet. Returns once it is
   * ready and open for Pods.
   */
  public void addNode(NodeSpec spec) {
    int number = machines.incrementAndGet();
    String internalIp = "172.31.%d.%d".formatted(number / 250, number % 250 + 1);
    nodes.put(spec.name(), new PlayedNode(internalIp));
    nodeObjects.join(spec, internalIp);
    notifyPodsOf(spec.name());
  }

  /**
   * The machine is cut off: its kubelet does nothing any more, the node controller says so, Pods
   * being deleted stay. As far as the API server knows their containers run on.
   */
  public void loseNode(String name) {
    played(name).lost = true;
    nodeObjects.markLost(name);
  }

  /** The machine is back, its containers still run. */
  public void recoverNode(String name) {
    played(name).lost = false;
    nodeObjects.markRecovered(name);
    notifyPodsOf(name);
  }

  /** The machine is gone, and its Node object with it. Its Pods are the cluster's to clean up. */
  public void removeNode(String name) {
    nodes.remove(name);
    nodeObjects.delete(name);
  }

  /** From now on a node's kubelet reacts to everything that much later. */
  public void delay(String node, Duration delay) {
    played(node).delay = delay;
  }

  private PlayedNode played(String name) {
    PlayedNode node = nodes.get(name);
    if (node == null) {
      throw new IllegalArgumentException("not a node of this stand-in: " + name);
    }
    return node;
  }

  // ----------------------------------------------------------------------------------- the Pods

  /**
   * The containers of a Pod end by themselves, as a Job's do.
   *
   * @throws IllegalStateException when they do not run
   */
  public void finish(String namespace, String name, PodOutcome outcome) {
    Pod pod = client.pods().inNamespace(namespace).withName(name).get();
    if (pod == null || ledger.state(pod.getMetadata().getUid()) != Containers.LIVING) {
      throw new IllegalStateException("no running Pod %s/%s".formatted(namespace, name));
    }
    end(pod, outcome);
  }

  /**
   * The addresses in use by living containers of Pods that use VPC-CNI, by {@code namespace/pod}.
   */
  public Map<String, String> addressesInUse() {
    Map<String, String> addresses = new TreeMap<>();
    ledger
        .livingWithClaim()
        .forEach(it -> addresses.put(it.namespace() + "/" + it.name(), it.address()));
    return addresses;
  }

  /** What broke the node's contract so far; empty when all is well. */
  public List<Violation> violations() {
    return List.copyOf(violations);
  }

  private void podChanged(Optional<Pod> before, Pod pod) {
    if (pod.getMetadata().getDeletionTimestamp() != null) {
      terminatingSince.putIfAbsent(pod.getMetadata().getUid(), clock.instant());
    }
    enqueue(pod);
  }

  private void podGone(Pod pod) {
    ledger.forget(pod.getMetadata().getUid());
    terminatingSince.remove(pod.getMetadata().getUid());
  }

  private void claimChanged(
      Optional<GenericKubernetesResource> before, GenericKubernetesResource claim) {
    Pod pod = pods.getStore().getByKey(Cache.metaNamespaceKeyFunc(claim));
    if (pod != null) {
      enqueue(pod);
    }
    Claim now = Claim.of(claim);
    ledger
        .livingWithClaim(claim.getMetadata().getNamespace(), claim.getMetadata().getName())
        .ifPresent(containers -> compare(containers, now));
  }

  private void claimGone(GenericKubernetesResource claim) {
    ledger
        .livingWithClaim(claim.getMetadata().getNamespace(), claim.getMetadata().getName())
        .ifPresent(
            containers ->
                report(Violation.Kind.ADDRESS_TAKEN_AWAY, containers, "its claim is gone"));
  }

  private void compare(ContainerLedger.Entry containers, Claim claim) {
    if (!claim.isBoundTo(containers.uid(), containers.node())) {
      report(
          Violation.Kind.ADDRESS_TAKEN_AWAY,
          containers,
          "its claim is %s, for the Pod %s on %s"
              .formatted(claim.phase(), claim.podUid(), claim.nodeName()));
    } else if (!claim.address().equals(containers.address())) {
      report(Violation.Kind.ADDRESS_CHANGED, containers, "its claim says " + claim.address());
    }
  }

  private void notifyPodsOf(String node) {
    pods.getStore().list().stream()
        .filter(pod -> node.equals(pod.getSpec().getNodeName()))
        .forEach(this::enqueue);
  }

  private void enqueue(Pod pod) {
    PlayedNode node = nodeOf(pod);
    if (node != null) {
      work.submit(Cache.metaNamespaceKeyFunc(pod), node.delay);
    }
  }

  private PlayedNode nodeOf(Pod pod) {
    String name = pod.getSpec().getNodeName();
    return name == null ? null : nodes.get(name);
  }

  private void work(String key) {
    try {
      Pod pod = pods.getStore().getByKey(key);
      if (pod == null) {
        return;
      }
      PlayedNode node = nodeOf(pod);
      if (node != null && !node.lost) {
        perform(decide(pod), pod, node);
      }
    } catch (KubernetesClientException e) {
      work.submit(key, RETRY_AFTER);
    }
  }

  private PodStep decide(Pod pod) {
    String uid = pod.getMetadata().getUid();
    Optional<Claim> claim =
        Optional.ofNullable(claims.getStore().getByKey(Cache.metaNamespaceKeyFunc(pod)))
            .map(Claim::of);
    return PodStep.decide(
        pod,
        claim,
        ledger.state(uid),
        Optional.ofNullable(terminatingSince.get(uid)),
        graceCap,
        clock.instant());
  }

  private void perform(PodStep step, Pod pod, PlayedNode node) {
    switch (step) {
      case PodStep.Idle() -> {}
      case PodStep.StartWith(Claim claim) -> plugIn(pod, claim, node);
      case PodStep.Start(PodNetwork network) ->
          run(pod, network == PodNetwork.HOST ? node.internalIp : otherAddress(), node);
      case PodStep.Adopt(String address) -> ledger.started(pod, address);
      case PodStep.WaitUntil(Instant end) ->
          work.submit(Cache.metaNamespaceKeyFunc(pod), Duration.between(clock.instant(), end));
      case PodStep.Stop() -> {
        end(pod, outcomeOfBeingStopped(pod));
        remove(pod);
      }
      case PodStep.Remove() -> remove(pod);
    }
  }

  private void plugIn(Pod pod, Claim claim, PlayedNode node) {
    String uid = pod.getMetadata().getUid();
    // Of two that start at once the second to be entered sees the first.
    ledger.started(pod, claim.address());
    List<ContainerLedger.Entry> others =
        ledger.livingWithClaim().stream()
            .filter(it -> it.address().equals(claim.address()) && !it.uid().equals(uid))
            .toList();
    run(pod, claim.address(), node);
    others.forEach(
        other ->
            report(
                Violation.Kind.DUPLICATE_ADDRESS,
                other,
                "Pod %s/%s got it too"
                    .formatted(pod.getMetadata().getNamespace(), pod.getMetadata().getName())));
    if (!claim.missing().isEmpty()) {
      violations.add(
          new Violation(
              Violation.Kind.INCOMPLETE_CLAIM,
              pod.getMetadata().getNamespace(),
              pod.getMetadata().getName(),
              uid,
              claim.address(),
              "its claim lacks " + String.join(", ", claim.missing())));
    }
  }

  private void run(Pod pod, String address, PlayedNode node) {
    ledger.started(pod, address);
    try {
      patchStatus(pod, PodStatusPatch.running(pod, address, node.internalIp, clock.instant()));
    } catch (KubernetesClientException e) {
      ledger.forget(pod.getMetadata().getUid());
      throw e;
    }
  }

  /** The containers are dead before any client can read that they are. */
  private void end(Pod pod, PodOutcome outcome) {
    ledger.ended(pod.getMetadata().getUid());
    patchStatus(pod, PodStatusPatch.ended(pod, outcome, clock.instant()));
  }

  /** A service ends well when it is told to; what should have run to its end has failed. */
  private static PodOutcome outcomeOfBeingStopped(Pod pod) {
    return "Always".equals(pod.getSpec().getRestartPolicy())
        ? PodOutcome.SUCCEEDED
        : PodOutcome.FAILED;
  }

  private void patchStatus(Pod pod, String patch) {
    client
        .pods()
        .inNamespace(pod.getMetadata().getNamespace())
        .withName(pod.getMetadata().getName())
        .subresource("status")
        .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), patch);
  }

  private void remove(Pod pod) {
    String path =
        "/api/v1/namespaces/%s/pods/%s"
            .formatted(pod.getMetadata().getNamespace(), pod.getMetadata().getName());
    var options =
        new DeleteOptionsBuilder()
            .withGracePeriodSeconds(0L)
            .withNewPreconditions()
            .withUid(pod.getMetadata().getUid())
            .endPreconditions()
            .build();
    try {
      client.raw(path, "DELETE", options);
    } catch (KubernetesClientException e) {
      // Gone already, or another Pod of the same name is there: either way this one is not.
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND
          && e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
  }

  private String otherAddress() {
    int number = otherAddresses.incrementAndGet() % (250 * 250);
    return "172.30.%d.%d".formatted(number / 250, number % 250 + 1);
  }

  // -------------------------------------------------------------------------------- the witness

  /**
   * Puts a breach on record, unless the Pod that suffers is gone: another actor may have taken it
   * out of the API server by force, and the watch of claims may be ahead of the watch of Pods.
   */
  private void report(Violation.Kind kind, ContainerLedger.Entry containers, String detail) {
    Thread.ofVirtual()
        .start(
            () -> {
              if (stillLives(containers)) {
                violations.add(
                    new Violation(
                        kind,
                        containers.namespace(),
                        containers.name(),
                        containers.uid(),
                        containers.address(),
                        detail));
              }
            });
  }

  private boolean stillLives(ContainerLedger.Entry containers) {
    if (ledger.state(containers.uid()) != Containers.LIVING) {
      return false;
    }
    Pod pod = client.pods().inNamespace(containers.namespace()).withName(containers.name()).get();
    return pod != null
        && pod.getMetadata().getUid().equals(containers.uid())
        && !PodStep.ENDED_PHASES.contains(pod.getStatus().getPhase());
  }

  /** Stops playing. The nodes it played go, since no kubelet answers for them any more. */
  @Override
  public void close() {
    work.close();
    pods.stop();
    claims.stop();
    try {
      nodes.keySet().forEach(nodeObjects::delete);
    } catch (KubernetesClientException e) {
      // The control plane is gone before its nodes: there is nothing left to delete.
    }
    client.close();
  }

  /** A node and what its kubelet is told to be. */
  private static final class PlayedNode {
    final String internalIp;
    volatile boolean lost;
    volatile Duration delay = Duration.ZERO;

    PlayedNode(String internalIp) {
      this.internalIp = internalIp;
    }
  }
}
