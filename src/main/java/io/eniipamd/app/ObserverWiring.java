package io.eniipamd.app;

import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.kube.claim.ClaimObserver;
import io.eniipamd.metrics.IpamMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Who counts what happens. */
final class ObserverWiring {

  @Produces
  @Singleton
  IpamMetrics metrics(MeterRegistry registry) {
    return new IpamMetrics(registry);
  }

  @Produces
  @Singleton
  CallObserver calls(IpamMetrics metrics) {
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

  private static String reasonText(ReleaseReason reason) {
    return switch (reason) {
      case EXPIRED -> "Expired";
      case MANUAL -> "Manual";
      case CASCADE -> "Cascade";
      case POD_ENDED -> "PodEnded";
      case SCALED_DOWN -> "ScaledDown";
      case SURPLUS -> "Surplus";
    };
  }
}
