package io.eniipamd.kube.node;

import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.domain.node.EniPolicy;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.FullPlaces;
import io.eniipamd.kube.address.OwnEnis;
import io.eniipamd.kube.address.Subnets;
import io.eniipamd.kube.address.VpcIpStore;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.EniDemand;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The way of a node's ENIs: gather, decide ({@link EniPolicy}), perform, report. The address of an
 * ENI is recorded before the ENI is asked for, and the ENI is in the status once the cloud was seen
 * to have it on the instance.
 */
@Singleton
@ControllerConfiguration(
    name = "node-enis",
    generationAwareEventProcessing = false,
    triggerReconcilerOnAllEvents = true)
@GradualRetry(
    maxAttempts = -1,
    initialInterval = 1000,
    intervalMultiplier = 2,
    maxInterval = 60_000)
public final class NodeEniReconciler implements Reconciler<NodeENIConfig> {
  private final SharedCache<NodeENIConfig> necs;
  private final SharedCache<SlimNode> nodes;
  private final AddressBook book;
  private final Subnets subnets;
  private final CloudTasks tasks;
  private final EventRecorder events;
  private final EniCache memory;
  private final EniGatherer gatherer;
  private final EniSteps steps;

  NodeEniReconciler(
      KubernetesClient client,
      SharedCache<NodeENIConfig> necs,
      SharedCache<SlimNode> nodes,
      SharedCache<VpcIP> vips,
      AddressBook book,
      VpcIpStore records,
      OwnEnis own,
      FullPlaces full,
      Subnets subnets,
      EniDemand demand,
      CloudTasks tasks,
      VpcCloud cloud,
      EniOperations operations,
      EventRecorder events,
      NodeSettings settings,
      Clock clock) {
    this.necs = necs;
    this.nodes = nodes;
    this.book = book;
    this.subnets = subnets;
    this.tasks = tasks;
    this.events = events;
    this.memory = new EniCache(clock);
    this.gatherer = new EniGatherer(nodes, book, own, full, subnets, demand, tasks, memory);
    this.steps =
        new EniSteps(
            necs,
            nodes,
            book,
            new EniAddressStore(client, book, records, clock),
            new NodeCloud(cloud, operations, settings.clusterId()),
            settings,
            tasks,
            memory,
            events,
            clock);
    demand.onGrowth(necs::enqueue);
    subnets.onChange(() -> necs.all().forEach(nec -> necs.enqueue(nec.getMetadata().getName())));
    vips.listen(wakeOnOwnAddresses());
  }

  /** Who is told the name of a node that has got room for Pods. */
  public void onRoom(Consumer<String> node) {
    steps.onRoom(node);
  }

  @Override
  public List<EventSource<?, NodeENIConfig>> prepareEventSources(
      EventSourceContext<NodeENIConfig> context) {
    necs.bind(context, Map.of());
    return List.of(necs);
  }

  @Override
  public UpdateControl<NodeENIConfig> reconcile(NodeENIConfig nec, Context<NodeENIConfig> context) {
    if (context.isPrimaryResourceDeleted()) {
      tasks.forget(nec.getMetadata().getUid());
      memory.forgetNode(nec.getMetadata().getUid());
      return UpdateControl.noUpdate();
    }
    if (nec.unreadable().isPresent()) {
      events.leftAlone(nec, nec.unreadable().get());
      return UpdateControl.noUpdate();
    }
    seeSubnets(nec);
    var gathered = gatherer.gather(nec);
    if (nec.isMarkedForDeletion()) {
      return leave(nec, gathered, context);
    }
    return steps.perform(nec, gathered, EniPolicy.decide(gathered.facts()), context);
  }

  /** Subnets that only this node names are looked at with the others from now on, and at once. */
  private void seeSubnets(NodeENIConfig nec) {
    var named = new HashSet<>(nec.getSpec().subnets());
    nec.statusOrEmpty().eniInfos().forEach(eni -> named.add(eni.subnetId()));
    book.onNode(nec.getMetadata().getName()).forEach(vip -> named.add(vip.getSpec().subnetId()));
    subnets.want(named, Thread::startVirtualThread);
  }

  /**
   * A record that is deleted while its Node exists is made anew, from the ENIs that are there.
   * While ENIs of a node that is gone are on its instance, or carry addresses, their record stays.
   */
  private UpdateControl<NodeENIConfig> leave(
      NodeENIConfig nec, EniGatherer.Gathered gathered, Context<NodeENIConfig> context) {
    var facts = gathered.facts();
    if (!nec.hasFinalizer(Names.NODE_FINALIZER)) {
      return UpdateControl.noUpdate();
    }
    boolean nothingToLeave =
        facts.coming().isEmpty()
            && facts.left().isEmpty()
            && nec.statusOrEmpty().eniInfos().isEmpty();
    boolean comesBack = nodes.get(nec.getMetadata().getName()).isPresent();
    if (!comesBack && !nothingToLeave && nec.getSpec().instanceId() != null) {
      var waits = steps.leave(nec, gathered);
      if (waits.isPresent()) {
        return waits.get();
      }
    }
    nec.removeFinalizer(Names.NODE_FINALIZER);
    try {
      var unused = context.resourceOperations().updatePrimary(nec);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
      // Gone already, by an earlier pass that this one has not seen.
    }
    return UpdateControl.noUpdate();
  }

  private SharedCache.Listener<VpcIP> wakeOnOwnAddresses() {
    return SharedCache.Listener.onAny(
        vip -> {
          if (vip.getSpec() != null && vip.getSpec().type() == VpcIPType.ENI) {
            necs.enqueue(vip.getSpec().nodeName());
          }
        });
  }
}
