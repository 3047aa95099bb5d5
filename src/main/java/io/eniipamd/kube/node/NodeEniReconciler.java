package io.eniipamd.kube.node;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.node.EniPolicy;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.Subnets;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.EniDemand;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.SharedCache;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import jakarta.inject.Singleton;
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
  private final AddressBook book;
  private final Subnets subnets;
  private final CloudTasks tasks;
  private final EventRecorder events;
  private final EniCache memory;
  private final EniGatherer gatherer;
  private final EniSteps steps;
  private final NodeDeparture departure;

  NodeEniReconciler(
      SharedCache<NodeENIConfig> necs,
      SharedCache<VpcIP> vips,
      AddressBook book,
      Subnets subnets,
      EniDemand demand,
      CloudTasks tasks,
      EventRecorder events,
      EniCache memory,
      EniGatherer gatherer,
      EniSteps steps,
      NodeDeparture departure) {
    this.necs = necs;
    this.book = book;
    this.subnets = subnets;
    this.tasks = tasks;
    this.events = events;
    this.memory = memory;
    this.gatherer = gatherer;
    this.steps = steps;
    this.departure = departure;
    demand.onGrowth(necs::enqueue);
    subnets.onChange(this::enqueueAll);
    necs.listen(book.nodes());
    vips.listen(wakeOnOwnAddresses());
    vips.listen(SharedCache.Listener.onAny(departure::addressChanged));
  }

  /** Who is told the name of a node that has got room for Pods. */
  public void onRoom(Consumer<String> node) {
    steps.onRoom(node);
  }

  /** The VPC can have ENIs again: who waits for one goes on at once. */
  public void quotaHasRoom() {
    memory.resumeAll(NodeReason.ENI_LIMIT);
    enqueueAll();
  }

  /** Has the ENIs of all nodes looked at. */
  public void enqueueAll() {
    necs.enqueueAll();
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
      departure.isBack(nec);
      return UpdateControl.noUpdate();
    }
    if (nec.unreadable().isPresent()) {
      events.leftAlone(nec, nec.unreadable().get());
      return UpdateControl.noUpdate();
    }
    seeSubnets(nec);
    var gathered = gatherer.gather(nec);
    if (gathered.facts().nodeFacts().isEmpty()) {
      return departure.leave(nec, gathered, context.resourceOperations()::updatePrimaryStatus);
    }
    departure.isBack(nec);
    if (nec.isMarkedForDeletion()) {
      // It is created again, from the ENIs that are there.
      return departure.letGo(nec);
    }
    return steps.perform(
        nec,
        gathered,
        EniPolicy.decide(gathered.facts()),
        context.resourceOperations()::updatePrimaryStatus);
  }

  /** Subnets that only this node names are looked at with the others from now on, and at once. */
  private void seeSubnets(NodeENIConfig nec) {
    var named = new HashSet<>(nec.getSpec().subnets());
    nec.statusOrEmpty().eniInfos().forEach(eni -> named.add(eni.subnetId()));
    book.onNode(nec.getMetadata().getName()).forEach(vip -> named.add(vip.getSpec().subnetId()));
    subnets.want(named, Thread::startVirtualThread);
  }

  private SharedCache.Listener<VpcIP> wakeOnOwnAddresses() {
    return SharedCache.Listener.onAny(
        vip -> {
          // Another owner's record of a listed ENI's address may go, and its own be due again.
          book.nodeOfPrimary(vip.ip()).ifPresent(necs::enqueue);
          if (vip.getSpec() == null || vip.getSpec().nodeName() == null) {
            return;
          }
          var node = vip.getSpec().nodeName();
          if (vip.getSpec().type() == VpcIPType.ENI
              || necs.get(node).filter(this::usesMoreThanItOffers).isPresent()) {
            necs.enqueue(node);
          }
        });
  }

  /** A Pod that the scheduler had placed before the offer was lowered has an address by now. */
  private boolean usesMoreThanItOffers(NodeENIConfig nec) {
    var status = nec.statusOrEmpty();
    return status.slotsOffered() != null
        && status.eniInfos().stream().mapToInt(eni -> book.used(eni.eniId())).sum()
            > status.slotsOffered();
  }
}
