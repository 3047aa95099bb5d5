package io.eniipamd.kube.node;

import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.NodeENIConfigSpecBuilder;
import io.eniipamd.domain.node.NodeDecision;
import io.eniipamd.domain.node.NodePolicy;
import io.eniipamd.domain.node.TaintStep;
import io.eniipamd.kube.address.OwnEnis;
import io.eniipamd.kube.support.GuardedDelete;
import io.eniipamd.kube.support.Requeue;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/**
 * From a Node to its {@code NodeENIConfig}, and from this to what the Node offers to the scheduler.
 * It knows no cloud.
 */
@Singleton
@ControllerConfiguration(
    name = "node",
    generationAwareEventProcessing = false,
    triggerReconcilerOnAllEvents = true,
    informer = @Informer(onUpdateFilter = NodeChanges.class))
@GradualRetry(
    maxAttempts = -1,
    initialInterval = 1000,
    intervalMultiplier = 2,
    maxInterval = 60_000)
public final class NodeReconciler implements Reconciler<SlimNode> {

  private static final Logger LOG = Logger.getLogger(NodeReconciler.class);

  private final KubernetesClient client;
  private final SharedCache<SlimNode> nodes;
  private final SharedCache<NodeENIConfig> necs;
  private final OwnEnis own;
  private final NodeTaint taint;

  /** Records that were deleted because of another instance, until they are created again. */
  private final Map<String, NodeENIConfig> replaced = new ConcurrentHashMap<>();

  NodeReconciler(
      KubernetesClient client,
      SharedCache<SlimNode> nodes,
      SharedCache<NodeENIConfig> necs,
      OwnEnis own,
      NodeTaint taint) {
    this.client = client;
    this.nodes = nodes;
    this.necs = necs;
    this.own = own;
    this.taint = taint;
    necs.listen(SharedCache.Listener.onAny(nec -> nodes.enqueue(nec.getMetadata().getName())));
  }

  @Override
  public List<EventSource<?, SlimNode>> prepareEventSources(EventSourceContext<SlimNode> context) {
    nodes.bind(context, Map.of());
    return List.of(nodes);
  }

  @Override
  public UpdateControl<SlimNode> reconcile(SlimNode node, Context<SlimNode> context) {
    var name = node.getMetadata().getName();
    // The record's own way goes by the Node too.
    necs.enqueue(name);
    if (context.isPrimaryResourceDeleted()) {
      replaced.remove(name);
      return UpdateControl.noUpdate();
    }
    var nec = necs.get(name);
    if (nec.flatMap(NodeENIConfig::unreadable).isPresent()) {
      // It is reported where its ENIs are handled.
      return UpdateControl.noUpdate();
    }
    var facts = NodeGatherer.node(node);
    var known = nec.map(n -> NodeGatherer.record(n, own::isUsable));
    var decision = NodePolicy.decide(facts, known);
    var tainting = TaintStep.decide(taint.enabled(), NodeTaint.isOn(node), facts, known, decision);
    try {
      if (tainting == TaintStep.PUT) {
        taint.put(node);
      }
      switch (decision) {
        case NodeDecision.Nothing _ -> {}
        case NodeDecision.Create create -> create(name, create);
        case NodeDecision.Fill fill -> fill(nec.orElseThrow(), fill);
        case NodeDecision.Renew renew -> renew(node, nec.orElseThrow(), renew);
        case NodeDecision.Offer offer -> offer(node, offer);
      }
      if (tainting == TaintStep.TAKE_AWAY) {
        // Only now: who finds the node open finds its slots, too.
        taint.takeAway(node);
      }
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT
          && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
      // There is a newer one, whose event may not enqueue this Node.
      return Requeue.soon();
    }
    return UpdateControl.noUpdate();
  }

  private void create(String name, NodeDecision.Create create) {
    var before = Optional.ofNullable(replaced.get(name));
    var nec = new NodeENIConfig();
    nec.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withLabels(Map.of(Names.MANAGED_BY, Names.OPERATOR))
            .withAnnotations(before.map(b -> b.getMetadata().getAnnotations()).orElse(Map.of()))
            .withFinalizers(Names.NODE_FINALIZER)
            .build());
    nec.setSpec(
        before
            .map(b -> NodeENIConfigSpecBuilder.builder(b.getSpec()))
            .orElseGet(NodeENIConfigSpecBuilder::builder)
            .instanceId(create.instanceId().orElse(null))
            .zone(create.zone().orElse(null))
            .subnets(
                before
                    .map(b -> b.getSpec().subnets())
                    .filter(_ -> create.subnets().isEmpty())
                    .orElse(create.subnets()))
            .build());
    nec.setStatus(null);
    client.resource(nec).create();
    replaced.remove(name);
  }

  /**
   * The instance in a record never changes: it is deleted and created again, with what users have
   * set in it. A Node's instance never changes either, so that another one is another Node; which
   * one is there now is read afresh.
   */
  private void renew(SlimNode node, NodeENIConfig nec, NodeDecision.Renew renew) {
    var name = node.getMetadata().getName();
    var now = client.resources(SlimNode.class).withName(name).get();
    if (now == null || !NodeGatherer.node(now).instanceId().equals(Optional.of(renew.now()))) {
      // The cache is about to show another one, and enqueues this Node again.
      return;
    }
    LOG.infof(
        "node %s runs on %s now, but its NodeENIConfig is for %s: the operator creates it again",
        name, renew.now(), renew.recorded());
    replaced.put(name, nec);
    GuardedDelete.of(client, nec);
  }

  private void fill(NodeENIConfig seen, NodeDecision.Fill fill) {
    var nec = new NodeENIConfig();
    nec.setMetadata(new ObjectMetaBuilder(seen.getMetadata()).build());
    nec.setSpec(
        NodeENIConfigSpecBuilder.builder(seen.getSpec())
            .instanceId(fill.instanceId().orElse(null))
            .zone(fill.zone().orElse(null))
            .subnets(fill.subnets())
            .build());
    nec.setStatus(seen.getStatus());
    client.resource(nec).update();
  }

  /** All numbers at once, and only on the Node as it was read. */
  private void offer(SlimNode node, NodeDecision.Offer offer) {
    var amount = new HashMap<String, Quantity>();
    amount.put(Names.ENI_IP, new Quantity(Integer.toString(offer.addresses())));
    offer
        .directEnis()
        .ifPresent(n -> amount.put(Names.DIRECT_ENI, new Quantity(Integer.toString(n))));
    Node patch =
        new NodeBuilder()
            .withNewMetadata()
            .withName(node.getMetadata().getName())
            .withUid(node.getMetadata().getUid())
            .withResourceVersion(node.getMetadata().getResourceVersion())
            .endMetadata()
            .withNewStatus()
            .withCapacity(amount)
            .withAllocatable(amount)
            .endStatus()
            .build();
    client
        .nodes()
        .withName(node.getMetadata().getName())
        .subresource("status")
        .patch(
            PatchContext.of(PatchType.STRATEGIC_MERGE),
            client.getKubernetesSerialization().asJson(patch));
  }
}
