package io.eniipamd.app;

import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.config.IpamdConfig;
import io.eniipamd.kube.claim.ClaimObserver;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.Leadership;
import io.eniipamd.metrics.IpamMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Executors;

/** Who counts what happens. */
final class ObserverWiring {

  @Produces
  @Singleton
  IpamMetrics metrics(MeterRegistry registry, Leadership leadership) {
    var metrics = new IpamMetrics(registry);
    metrics.leading(leadership::leading);
    return metrics;
  }

  @Produces
  @Singleton
  OutageEvents news(
      KubernetesClient client, EventRecorder events, IpamdConfig config, Clock clock) {
    var place =
        new OutageEvents.Place(
            config.leaderElectionNamespace(),
            config.leaderElectionLeaseName(),
            PodName.ofThisProcess());
    return new OutageEvents(
        client, events, place, clock, Executors.newVirtualThreadPerTaskExecutor());
  }

  @Produces
  @Singleton
  CallObserver calls(IpamMetrics metrics, OutageEvents news) {
    for (var family : CloudAction.Family.values()) {
      metrics.cloudAnswers(label(family), true);
    }
    return new CallObserver() {
      @Override
      public void called(CloudAction action, Optional<CloudException.Kind> failure, Duration took) {
        String result = failure.map(kind -> kind.name().toLowerCase(Locale.ROOT)).orElse("success");
        metrics.cloudRequest(action.apiName(), result, took);
      }

      @Override
      public void waited(CloudAction action, Duration waited) {
        metrics.cloudRequestWaited(action.apiName(), waited);
      }

      @Override
      public void carried(CloudAction action, int addresses) {
        metrics.cloudRequestCarried(action.apiName(), addresses);
      }

      @Override
      public void unreadable(CloudAction action, String id, CloudException why) {
        metrics.cloudRowUnreadable(action.apiName());
        news.unreadable(id, why);
      }

      @Override
      public void rateChanged(CloudAction.Family family, double perSecond, int cap) {
        metrics.cloudRateLimit(label(family), perSecond);
        news.rateChanged(family, perSecond, cap);
      }

      @Override
      public void down(CloudAction.Family family, CloudException last) {
        metrics.cloudAnswers(label(family), false);
        news.down(family, last);
      }

      @Override
      public void up(CloudAction.Family family, Duration after) {
        metrics.cloudAnswers(label(family), true);
        news.up(family, after);
      }
    };
  }

  @Produces
  @Singleton
  ClaimObserver claims(IpamMetrics metrics) {
    return new ClaimObserver() {
      @Override
      public void bound(Duration sincePodCreation) {
        metrics.claimBound(sincePodCreation);
      }

      @Override
      public void released(ReleaseReason reason) {
        metrics.claimReleased(reasonText(reason));
      }
    };
  }

  private static String label(CloudAction.Family family) {
    return family.name().toLowerCase(Locale.ROOT);
  }

  private static String reasonText(ReleaseReason reason) {
    return switch (reason) {
      case EXPIRED -> "Expired";
      case MANUAL -> "Manual";
      case CASCADE -> "Cascade";
      case POD_ENDED -> "PodEnded";
      case SCALED_DOWN -> "ScaledDown";
      case SURPLUS -> "Surplus";
      case STRAY -> "Stray";
      case UNKNOWN -> "Unknown";
    };
  }
}
