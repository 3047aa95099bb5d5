package io.eniipamd.app;

import io.eniipamd.kube.support.Leadership;
import io.eniipamd.kube.support.Paged;
import io.eniipamd.kube.support.Resync;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.informer.InformerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.quarkiverse.operatorsdk.runtime.QuarkusConfigurationService;
import io.quarkiverse.operatorsdk.runtime.QuarkusControllerConfiguration;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;

/**
 * Registers the reconcilers. The extension's own producer loses {@code
 * triggerReconcilerOnAllEvents} between the annotation and the controller (its configuration class
 * does not hand it on, as of 7.7.3), and without it no reconciler here would see an object that is
 * being deleted.
 */
@Singleton
final class OperatorWiring {

  // A singleton and no proxied scope: the proxy's constructor is the operator's own, which builds a
  // Kubernetes client.
  @Produces
  @Singleton
  Operator operator(
      QuarkusConfigurationService configuration,
      Instance<Reconciler<? extends HasMetadata>> reconcilers,
      Refusals refusals,
      Leadership leadership) {
    var operator = new Operator(configuration);
    for (var reconciler : reconcilers) {
      register(operator, configuration, reconciler, refusals, leadership);
    }
    return operator;
  }

  private static <P extends HasMetadata> void register(
      Operator operator,
      QuarkusConfigurationService configuration,
      Reconciler<P> reconciler,
      Refusals refusals,
      Leadership leadership) {
    var known = configuration.getConfigurationFor(reconciler);
    if (known == null) {
      throw new IllegalStateException("no configuration for " + reconciler.getClass().getName());
    }
    var annotated = reconciler.getClass().getAnnotation(ControllerConfiguration.class);
    var complete =
        new Complete<>(known, annotated != null && annotated.triggerReconcilerOnAllEvents());
    complete.setParent(configuration);
    operator.register(new AfterStart<>(reconciler, refusals, leadership), complete);
  }

  /** A controller's configuration with what the extension lost on the way. */
  private static final class Complete<P extends HasMetadata>
      extends QuarkusControllerConfiguration<P> {
    private final boolean onAllEvents;

    Complete(QuarkusControllerConfiguration<P> known, boolean onAllEvents) {
      super(
          paged(known.getInformerConfig()),
          known.getName(),
          known.isGenerationAware(),
          known.getAssociatedReconcilerClassName(),
          known.getRetry(),
          known.getRateLimiter(),
          known.maxReconciliationInterval().orElseThrow(),
          known.getFinalizerName(),
          known.fieldManager(),
          known.getWorkflow(),
          known.getResourceTypeName(),
          known.getResourceClass());
      this.onAllEvents = onAllEvents;
    }

    private static <P extends HasMetadata> InformerConfiguration<P> paged(
        InformerConfiguration<P> known) {
      return InformerConfiguration.builder(known)
          .withInformerListLimit(Paged.LIMIT)
          .buildForController();
    }

    @Override
    public boolean triggerReconcilerOnAllEvents() {
      return onAllEvents;
    }

    /**
     * The extension says ten hours; {@link Resync} enqueues it again, and leaves no timers behind.
     */
    @Override
    public Optional<Duration> maxReconciliationInterval() {
      return Optional.empty();
    }
  }
}
