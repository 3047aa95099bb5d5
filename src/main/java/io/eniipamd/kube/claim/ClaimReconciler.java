package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.domain.claim.ClaimDecision;
import io.eniipamd.domain.claim.ClaimPolicy;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.release.OwnerReferences;
import io.eniipamd.kube.release.Workloads;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import io.eniipamd.kube.support.SlimPod;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;

/**
 * The way of a claim: gather, decide ({@link ClaimPolicy}), perform one step, and be enqueued when
 * something has changed. It never waits for the cloud.
 */
@Singleton
@ControllerConfiguration(
    name = "claim",
    generationAwareEventProcessing = false,
    triggerReconcilerOnAllEvents = true)
@GradualRetry(maxAttempts = -1, initialInterval = 1000, intervalMultiplier = 2, maxInterval = 60000)
public final class ClaimReconciler implements Reconciler<VpcIPClaim> {

  /** Index of the claims' cache: the StatefulSet that a claim's name points to. */
  static final String BY_STATEFUL_SET = "statefulSet";

  private final SharedCache<VpcIPClaim> claims;
  private final AddressBook book;
  private final Workloads workloads;
  private final OwnerReferences owners;
  private final ClaimGatherer gatherer;
  private final ClaimSteps steps;

  ClaimReconciler(
      SharedCache<VpcIPClaim> claims,
      SharedCache<SlimPod> pods,
      SharedCache<VpcIP> vips,
      SharedCache<SlimNode> nodes,
      SharedCache<NodeENIConfig> necs,
      AddressBook book,
      Workloads workloads,
      OwnerReferences owners,
      ClaimGatherer gatherer,
      ClaimSteps steps) {
    this.claims = claims;
    this.book = book;
    this.workloads = workloads;
    this.owners = owners;
    this.gatherer = gatherer;
    this.steps = steps;
    claims.listen(book.claims());
    pods.listen(SharedCache.Listener.onAny(pod -> claims.enqueue(namespace(pod), name(pod))));
    vips.listen(SharedCache.Listener.onAny(this::enqueueHolder));
    vips.listen(
        new SharedCache.Listener<>() {
          @Override
          public void changed(VpcIP vip) {
            // A slot of an ENI has become free.
            if (vip.statusOrEmpty().phase() == VpcIPPhase.QUARANTINED && vip.getSpec() != null) {
              enqueueWaitingOn(vip.getSpec().nodeName());
            }
            steps.left(vip).ifPresent(ClaimReconciler.this::enqueueWaitingOn);
          }

          @Override
          public void deleted(VpcIP vip) {
            steps
                .takeAwaiting(vip.getMetadata().getName())
                .forEach(id -> claims.enqueue(id.namespace(), id.name()));
          }
        });
    necs.listen(SharedCache.Listener.onAny(nec -> enqueueWaitingOn(name(nec))));
    nodes.listen(SharedCache.Listener.onDeleted(node -> enqueueHoldersOn(name(node))));
    pods.listen(
        SharedCache.Listener.onDeleted(
            pod -> {
              // The last Pod of a node that is gone: what is kept there may leave.
              if (pod.nodeName() != null && nodes.get(pod.nodeName()).isEmpty()) {
                enqueueHoldersOn(pod.nodeName());
              }
            }));
  }

  @Override
  public List<EventSource<?, VpcIPClaim>> prepareEventSources(
      EventSourceContext<VpcIPClaim> context) {
    claims.bind(context, Map.of(BY_STATEFUL_SET, Workloads.index()));
    return List.of(claims);
  }

  @Override
  public UpdateControl<VpcIPClaim> reconcile(VpcIPClaim claim, Context<VpcIPClaim> context) {
    if (context.isPrimaryResourceDeleted()) {
      steps.forget(claim);
      return UpdateControl.noUpdate();
    }
    var unreadable = claim.unreadable();
    if (unreadable.isPresent()) {
      steps.leaveAlone(claim, unreadable.get());
      return UpdateControl.noUpdate();
    }
    if (book.heldBy(claim.getMetadata().getUid()).stream()
        .anyMatch(vip -> vip.unreadable().isPresent())) {
      // The state of its address is not known; the record's own pass reports it.
      return UpdateControl.noUpdate();
    }
    if (!claim.isMarkedForDeletion() && !ClaimFinalizer.isOn(claim)) {
      return steps.guard(claim, context);
    }
    ClaimDecision decision = ClaimPolicy.decide(gatherer.gather(claim));
    if (decision instanceof ClaimDecision.Nothing && !claim.isMarkedForDeletion()) {
      return steps.tie(
          claim, owners.wanted(claim, gatherer.pod(claim), workloads.byName(claim)), context);
    }
    return steps.perform(claim, decision, context);
  }

  /** Enqueues all claims, because the settings in force have changed. */
  public void enqueueAll() {
    claims.enqueueAll();
  }

  /** Enqueues the claims whose addresses are on a node. */
  private void enqueueHoldersOn(String node) {
    book.onNode(node).forEach(this::enqueueHolder);
  }

  /** Enqueues the claims of a node's Pods that still wait. */
  public void enqueueWaitingOn(String node) {
    if (node == null) {
      return;
    }
    for (var pod : gatherer.podsOn(node)) {
      claims
          .get(namespace(pod), name(pod))
          .filter(c -> gatherer.waits(c, pod))
          .ifPresent(c -> claims.enqueue(namespace(c), name(c)));
    }
  }

  private void enqueueHolder(VpcIP vip) {
    var ref = vip.getSpec() == null ? null : vip.getSpec().claimRef();
    if (ref != null) {
      claims.enqueue(ref.namespace(), ref.name());
    }
  }

  private static String name(io.fabric8.kubernetes.api.model.HasMetadata object) {
    return object.getMetadata().getName();
  }

  private static String namespace(io.fabric8.kubernetes.api.model.HasMetadata object) {
    return object.getMetadata().getNamespace();
  }
}
