package io.eniipamd.app;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.monitoring.AggregatedMetrics;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.monitoring.micrometer.MicrometerMetricsV2;
import io.javaoperatorsdk.operator.processing.Controller;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.ResourceAction;
import io.javaoperatorsdk.operator.processing.event.source.controller.ResourceEvent;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Makes sure that an object is reconciled that was created again while the framework still worked
 * on its predecessor of the same name.
 *
 * <p>The framework (as of 5.3.2, with {@code triggerReconcilerOnAllEvents}) keeps its state by
 * name: it adds the event of the new object to the deletion of the old one, and discards both when
 * that is done. From then on it drops every event about the name, for want of a state, until
 * another client writes the object. The one moment to notice it is right after the framework has
 * discarded the state. It reports that to the metrics, under the lock under which events come in:
 * what comes later makes a new state by itself.
 *
 * <p>It is heard as the framework's {@link Metrics}, a bean of which takes the place of the
 * extension's own. A {@code ConfigurationServiceCustomizer} must not be used for it: with one, the
 * extension (as of 7.7.3) wraps its configuration in a class that hands on neither the client nor
 * the cloner, and the framework then builds a new {@code KubernetesClient} for every reconcile.
 */
@Singleton
public final class RecreatedResources {

  private final Map<String, Controller<?>> controllers = new ConcurrentHashMap<>();

  /**
   * What the framework reports of its work.
   *
   * @param registry where the framework counts, as the extension has it do by itself
   */
  @Produces
  @Singleton
  public Metrics metrics(MeterRegistry registry) {
    return new AggregatedMetrics(
        List.of(MicrometerMetricsV2.newBuilder(registry).build(), new Deletions()));
  }

  /** Hears of each controller, and of each deletion that it is done with. */
  private final class Deletions implements Metrics {
    @Override
    public void controllerRegistered(Controller<? extends HasMetadata> controller) {
      controllers.put(controller.getConfiguration().getName(), controller);
    }

    @Override
    public void cleanupDone(ResourceID id, Map<String, Object> metadata) {
      if (metadata.get(Constants.CONTROLLER_NAME) instanceof String name) {
        tell(controllers.get(name), id);
      }
    }

    private static <P extends HasMetadata> void tell(Controller<P> controller, ResourceID id) {
      controller
          .getEventSourceManager()
          .getControllerEventSource()
          .get(id)
          .ifPresent(
              recreated ->
                  controller
                      .getEventProcessor()
                      .handleEvent(new ResourceEvent(ResourceAction.ADDED, id, recreated)));
    }
  }
}
