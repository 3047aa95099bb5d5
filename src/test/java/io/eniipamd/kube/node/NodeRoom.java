package io.eniipamd.kube.node;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.app.RecreatedResources;
import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.Fence;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.cloud.operate.CloudStack;
import io.eniipamd.cloud.tencent.CredentialSource;
import io.eniipamd.cloud.tencent.TencentSettings;
import io.eniipamd.cloud.tencent.TencentVpcCloud;
import io.eniipamd.controlplane.ControlPlane;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.AddressesOfOthers;
import io.eniipamd.kube.address.FullPlaces;
import io.eniipamd.kube.address.OwnEnis;
import io.eniipamd.kube.address.PlainAddresses;
import io.eniipamd.kube.address.StrayCollector;
import io.eniipamd.kube.address.Subnets;
import io.eniipamd.kube.address.VpcIpStore;
import io.eniipamd.kube.journal.Journals;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.EniDemand;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.ReleaseHold;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import io.eniipamd.simulator.SimulatedVpc;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.http.AsyncBody;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An operator that has the node room only, in this process, with the real SDKs on both sides. It
 * can be cut off from the cloud and from the API server in one moment, as a killed one is.
 */
final class NodeRoom implements AutoCloseable {
  static final String CLUSTER = "cls-nodes";

  /** Longer than any test. */
  private static final Duration LONG = Duration.ofHours(1);

  private final KubernetesClient client;
  private final CloudStack stack;
  private final Operator operator;
  private final EniDemand demand = new EniDemand();
  private final NodeViews views;
  private final Subnets subnets;
  private final StrayCollector strays;
  private final IdleEnis idle;
  private final Optional<Death> death;
  private final AtomicInteger writes = new AtomicInteger();
  private volatile boolean dead;

  private NodeRoom(
      ControlPlane plane,
      SimulatedVpc vpc,
      Duration leaveDelay,
      Duration shrinkDelay,
      List<String> subnetIds,
      Optional<Death> death) {
    this.death = death;
    client =
        new KubernetesClientBuilder()
            .withConfig(Config.fromKubeconfig(plane.adminKubeconfig().toFile()))
            .withHttpClientBuilderConsumer(
                http -> http.addOrReplaceInterceptor("killing", killer()))
            .build();
    stack =
        CloudStack.build(
            new TencentVpcCloud(
                TencentSettings.of(
                    Optional.of(URI.create(vpc.endpoint())), vpc.region(), vpc.vpcId()),
                CredentialSource.environment(
                    Map.of(
                        "TENCENTCLOUD_SECRET_ID", vpc.secretId(),
                        "TENCENTCLOUD_SECRET_KEY", vpc.secretKey()))),
            CloudStack.Settings.DEFAULTS,
            fence(),
            CallObserver.NONE);
    var clock = Clock.systemUTC();
    var necs = new SharedCache<>(NodeENIConfig.class);
    var nodes = new SharedCache<>(SlimNode.class);
    var vips = new SharedCache<>(VpcIP.class);
    var book = new AddressBook(clock);
    vips.listen(book);
    subnets =
        new Subnets(
            stack.cloud(),
            book,
            new AddressesOfOthers(
                stack.cloud(), book, Thread::startVirtualThread, System::nanoTime),
            PlainAddresses.in(subnetIds));
    subnets.refresh();
    var own =
        new OwnEnis(stack.cloud(), necs, nodes, PlainAddresses.of(CLUSTER), Runnable::run, clock);
    var full = new FullPlaces(System::nanoTime);
    views = new NodeViews(necs, nodes, own, full, book);
    var records = new VpcIpStore(client, book, Journals.none(), clock);
    strays =
        new StrayCollector(
            stack.cloud(),
            necs,
            own,
            book,
            records,
            new EventRecorder(client, clock),
            PlainAddresses.reporting(CLUSTER),
            ReleaseHold.NONE,
            clock);
    var settings = new NodeSettings(CLUSTER, leaveDelay, shrinkDelay);
    idle = new IdleEnis(necs, book, settings, clock);
    operator =
        new Operator(
            overrider ->
                overrider
                    .withKubernetesClient(client)
                    .withCloseClientOnStop(false)
                    // Nodes and their records are created again under their names.
                    .withMetrics(new RecreatedResources().metrics(new SimpleMeterRegistry()))
                    // A machine that is busy with other tests takes its time.
                    .withCacheSyncTimeout(Duration.ofMinutes(2))
                    .withLeaderElectionConfiguration(
                        LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(
                                "node-room-" + UUID.randomUUID())
                            .withLeaseNamespace("default")
                            .build()));
    operator.register(new AddressesSeen(vips));
    operator.register(
        new NodeReconciler(
            client, nodes, necs, own, new NodeTaint(client, new NodeTaint.Settings(true))));
    var parts =
        NodeParts.of(
            client,
            necs,
            nodes,
            book,
            new CloudTasks(new Random(1)),
            stack.cloud(),
            stack.operations(),
            settings,
            clock);
    var nodeSubnets = parts.subnets(subnets, full);
    var tides = new SubnetTides(nodeSubnets, book, clock);
    var enis =
        parts.reconciler(
            vips,
            own,
            full,
            nodeSubnets,
            tides,
            subnets,
            demand,
            new DirectDemand(new SharedCache<>(VpcIPClaim.class), necs));
    tides.onTurn(enis::enqueueAll);
    stack.quota().onRoom(enis::quotaHasRoom);
    operator.register(enis);
    operator.start();
  }

  static NodeRoom open(ControlPlane plane, SimulatedVpc vpc, String... subnetIds) {
    return new NodeRoom(plane, vpc, LONG, LONG, List.of(subnetIds), Optional.empty());
  }

  /** One that gives the ENIs of a node back so long after it is gone. */
  static NodeRoom openLeaving(
      ControlPlane plane, SimulatedVpc vpc, Duration leaveDelay, String... subnetIds) {
    return new NodeRoom(plane, vpc, leaveDelay, LONG, List.of(subnetIds), Optional.empty());
  }

  /** One in which a node gives back at once what it can do without. */
  static NodeRoom openShrinking(ControlPlane plane, SimulatedVpc vpc, String... subnetIds) {
    return new NodeRoom(plane, vpc, LONG, Duration.ZERO, List.of(subnetIds), Optional.empty());
  }

  /** The same, killed at a write to the API server. */
  static NodeRoom openShrinking(
      ControlPlane plane, SimulatedVpc vpc, Death death, String... subnetIds) {
    return new NodeRoom(plane, vpc, LONG, Duration.ZERO, List.of(subnetIds), Optional.of(death));
  }

  /** The same as {@link #openLeaving}, killed at a write to the API server. */
  static NodeRoom openLeaving(
      ControlPlane plane, SimulatedVpc vpc, Duration leaveDelay, Death death, String... subnetIds) {
    return new NodeRoom(plane, vpc, leaveDelay, LONG, List.of(subnetIds), Optional.of(death));
  }

  /** One that is killed at a write to the API server. */
  static NodeRoom openDoomed(
      ControlPlane plane, SimulatedVpc vpc, Death death, String... subnetIds) {
    return new NodeRoom(plane, vpc, LONG, LONG, List.of(subnetIds), Optional.of(death));
  }

  /**
   * @param write which of its writes, from 1; leases and events do not count
   * @param after whether the API server gets to see it
   */
  record Death(int write, boolean after) {}

  /** Whether it was killed. */
  boolean isDead() {
    return dead;
  }

  private Interceptor killer() {
    return new Interceptor() {
      @Override
      public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
        boolean due = isWrite(request) && writes.incrementAndGet() == deadly();
        if (due && !death.orElseThrow().after()) {
          dead = true;
        }
        if (dead) {
          throw new IllegalStateException("this operator was killed");
        }
      }

      @Override
      public void after(
          HttpRequest request,
          HttpResponse<?> response,
          AsyncBody.Consumer<List<ByteBuffer>> body) {
        if (isWrite(request) && writes.get() >= deadly()) {
          dead = true;
        }
      }
    };
  }

  private int deadly() {
    return death.map(Death::write).orElse(Integer.MAX_VALUE);
  }

  private static boolean isWrite(HttpRequest request) {
    var path = request.uri().getPath();
    return !request.method().equals("GET")
        && !path.contains("/leases")
        && !path.contains("/events")
        && !path.contains("selfsubject");
  }

  private Fence fence() {
    return step -> {
      if (dead) {
        throw new CloudException(
            CloudException.Kind.TRANSIENT, step, null, "this operator was killed", null, null);
      }
    };
  }

  EniDemand demand() {
    return demand;
  }

  NodeViews views() {
    return views;
  }

  /** The cloud, for what others do there. */
  VpcCloud cloud() {
    return stack.cloud();
  }

  /** Looks at the subnets again, as the operator does from time to time. */
  void lookAtSubnets() {
    subnets.refresh();
  }

  /** Looks for ENIs that carry nothing, as the operator does from time to time. */
  void lookForIdle() {
    idle.look();
  }

  /** Compares the cloud with the records, as the operator does from time to time, and is sure. */
  void compare() {
    strays.look();
    strays.look();
  }

  /** From this moment nothing reaches the cloud or the API server any more. */
  void kill() {
    dead = true;
    client.close();
  }

  @Override
  public void close() {
    dead = true;
    operator.stop();
    client.close();
    stack.close();
  }

  /** Fills the book from the informer; the life of the addresses is another room's. */
  @ControllerConfiguration(
      name = "addresses-seen",
      generationAwareEventProcessing = false,
      triggerReconcilerOnAllEvents = true)
  static final class AddressesSeen implements Reconciler<VpcIP> {
    private final SharedCache<VpcIP> vips;

    AddressesSeen(SharedCache<VpcIP> vips) {
      this.vips = vips;
    }

    @Override
    public List<EventSource<?, VpcIP>> prepareEventSources(EventSourceContext<VpcIP> context) {
      vips.bind(context, Map.of());
      return List.of(vips);
    }

    @Override
    public UpdateControl<VpcIP> reconcile(VpcIP vip, Context<VpcIP> context) {
      return UpdateControl.noUpdate();
    }
  }
}
