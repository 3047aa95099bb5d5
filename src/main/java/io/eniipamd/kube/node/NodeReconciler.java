package io.eniipamd.kube.node;

import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.NodeENIConfigSpecBuilder;
import io.eniipamd.domain.node.NodeDecision;
import io.eniipamd.domain.node.NodePolicy;
import io.eniipamd.kube.support.SlimNode;
import io.eniipamd.kube.support.Watched;
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
import java.time.Duration;
import java.util.List;
import java.util.Map;

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

  /** Long enough for the cache to hear of what was in the way. */
  private static final Duration AFTER_CONFLICT = Duration.ofMillis(500);

  private final KubernetesClient client;
  private final Watched<SlimNode> nodes;
  private final Watched<NodeENIConfig> necs;
  private final NodeSettings settings;

  NodeReconciler(
      KubernetesClient client,
      Watched<SlimNode> nodes,
      Watched<NodeENIConfig> necs,
      NodeSettings settings) {
    this.client = client;
    this.nodes = nodes;
    this.necs = necs;
    this.settings = settings;
    necs.listen(
        new Watched.Listener<>() {
          @Override
          public void changed(NodeENIConfig nec) {
            nodes.wake(nec.getMetadata().getName());
          }

          @Override
          public void deleted(NodeENIConfig nec) {
            nodes.wake(nec.getMetadata().getName());
          }
        });
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
    necs.wake(name);
    if (context.isPrimaryResourceDeleted()) {
      return UpdateControl.noUpdate();
    }
    var nec = necs.get(name);
    var decision = NodePolicy.decide(NodeGatherer.node(node), nec.map(NodeGatherer::record));
    try {
      switch (decision) {
        case NodeDecision.Nothing nothing -> {}
        case NodeDecision.Create create -> create(name, create);
        case NodeDecision.Fill fill -> fill(nec.orElseThrow(), fill);
        case NodeDecision.Offer offer -> offer(node, offer.addresses());
      }
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
      // There is a newer one, which may be none that wakes us.
      return UpdateControl.<SlimNode>noUpdate().rescheduleAfter(AFTER_CONFLICT);
    }
    return UpdateControl.noUpdate();
  }

  private void create(String name, NodeDecision.Create create) {
    var nec = new NodeENIConfig();
    nec.setMetadata(
        new ObjectMetaBuilder()
            .withName(name)
            .withLabels(Map.of(Names.MANAGED_BY, Names.OPERATOR))
            .withFinalizers(Names.NODE_FINALIZER)
            .build());
    nec.setSpec(
        NodeENIConfigSpecBuilder.builder()
            .instanceId(create.instanceId().orElse(null))
            .zone(create.zone().orElse(null))
            .subnets(create.subnets())
            .securityGroups(settings.securityGroups())
            .build());
    nec.setStatus(null);
    client.resource(nec).create();
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

  /** Both numbers at once, and only on the Node as it was read. */
  private void offer(SlimNode node, int addresses) {
    var amount = Map.of(Names.ENI_IP, new Quantity(Integer.toString(addresses)));
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
