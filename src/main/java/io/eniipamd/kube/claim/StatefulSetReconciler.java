package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.domain.release.Retention;
import io.eniipamd.kube.release.OwnerReferences;
import io.eniipamd.kube.release.Workloads;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimStatefulSet;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;

/**
 * A StatefulSet that is new, was scaled or was annotated enqueues the claims of its name: they may
 * belong to it, or it may have left them behind.
 */
@Singleton
@ControllerConfiguration(
    name = "stateful-set",
    generationAwareEventProcessing = false,
    informer = @Informer(onUpdateFilter = StatefulSetReconciler.Changes.class))
@GradualRetry(maxAttempts = -1, initialInterval = 1000, intervalMultiplier = 2, maxInterval = 60000)
public final class StatefulSetReconciler implements Reconciler<SlimStatefulSet> {
  private final SharedCache<SlimStatefulSet> sets;
  private final SharedCache<VpcIPClaim> claims;
  private final OwnerReferences owners;
  private final EventRecorder events;

  /** Lets through what bears on claims; a set's status moves with each of its Pods. */
  public static final class Changes implements OnUpdateFilter<SlimStatefulSet> {
    @Override
    public boolean accept(SlimStatefulSet now, SlimStatefulSet before) {
      return now.replicas() != before.replicas()
          || now.start() != before.start()
          || !now.annotations().equals(before.annotations())
          || !now.getMetadata().getUid().equals(before.getMetadata().getUid());
    }
  }

  StatefulSetReconciler(
      SharedCache<SlimStatefulSet> sets,
      SharedCache<VpcIPClaim> claims,
      OwnerReferences owners,
      EventRecorder events) {
    this.sets = sets;
    this.claims = claims;
    this.owners = owners;
    this.events = events;
  }

  @Override
  public List<EventSource<?, SlimStatefulSet>> prepareEventSources(
      EventSourceContext<SlimStatefulSet> context) {
    sets.bind(context, Map.of());
    return List.of(sets);
  }

  @Override
  public UpdateControl<SlimStatefulSet> reconcile(
      SlimStatefulSet set, Context<SlimStatefulSet> context) {
    complain(set, Names.WHEN_SCALED);
    complain(set, Names.WHEN_DELETED);
    PodRequestReader.word(set)
        .filter(word -> !word.equals("true") && !word.equals("false"))
        .ifPresent(
            word ->
                events.warn(
                    set,
                    ClaimReason.UNKNOWN_STATIC_IP,
                    "annotation %s is \"%s\" and counts as false; use true or false"
                        .formatted(Names.ENABLE_STATIC_IP, word)));
    var meta = set.getMetadata();
    for (var claim :
        claims.byIndex(
            ClaimReconciler.BY_STATEFUL_SET, Workloads.key(meta.getNamespace(), meta.getName()))) {
      owners.forget(claim.getMetadata().getUid());
      claims.enqueue(claim.getMetadata().getNamespace(), claim.getMetadata().getName());
    }
    return UpdateControl.noUpdate();
  }

  private void complain(SlimStatefulSet set, String annotation) {
    var word = set.annotations().get(annotation);
    if (word != null && Retention.parse(word).isEmpty()) {
      events.warn(
          set,
          ClaimReason.UNKNOWN_RETENTION,
          "annotation %s is \"%s\" and counts as Retain; use Retain or Delete"
              .formatted(annotation, word));
    }
  }
}
