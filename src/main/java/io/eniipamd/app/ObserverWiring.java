package io.eniipamd.app;

import io.eniipamd.config.IpamdConfig;
import io.eniipamd.kube.support.Leadership;
import io.eniipamd.metrics.IpamMetrics;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Who counts what happens. */
final class ObserverWiring {

  void show(@Observes StartupEvent event, IpamMetrics metrics, Leadership leadership) {
    metrics.leading(leadership::leading);
  }

  @Produces
  @Singleton
  OutageEvents.Place place(IpamdConfig config) {
    return new OutageEvents.Place(
        config.leaderElectionNamespace(),
        config.leaderElectionLeaseName(),
        PodName.ofThisProcess());
  }
}
