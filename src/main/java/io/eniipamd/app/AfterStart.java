package io.eniipamd.app;

import io.eniipamd.kube.support.Leadership;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import java.util.List;

/**
 * A reconciler that begins when the start of the leader is done. The framework lets it begin as
 * soon as the lease is there; its threads have nothing else to do, so they wait.
 */
record AfterStart<P extends HasMetadata>(
    Reconciler<P> reconciler, Refusals refusals, Leadership leadership) implements Reconciler<P> {

  @Override
  public UpdateControl<P> reconcile(P resource, Context<P> context) throws Exception {
    leadership.awaitStart();
    if (leadership.over()) {
      return UpdateControl.noUpdate();
    }
    try {
      return reconciler.reconcile(resource, context);
    } catch (AssertionError | LinkageError | StackOverflowError e) {
      // The framework catches exceptions only: an error would end its thread, and the object would
      // count as being worked on for good. This way it is reported, and tried again.
      throw new IllegalStateException(
          "%s %s: %s".formatted(resource.getKind(), resource.getMetadata().getName(), e), e);
    }
  }

  @Override
  public List<EventSource<?, P>> prepareEventSources(EventSourceContext<P> context) {
    return reconciler.prepareEventSources(context);
  }

  @Override
  public ErrorStatusUpdateControl<P> updateErrorStatus(
      P resource, Context<P> context, Exception e) {
    refusals.tell(resource, e);
    return reconciler.updateErrorStatus(resource, context, e);
  }
}
