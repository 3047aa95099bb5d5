package io.eniipamd.app;

import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.metrics.IpamMetrics;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/** Counts the calls to the cloud, and tells of its outages. */
@Singleton
final class CloudCallMetrics implements CallObserver {
  private final IpamMetrics metrics;
  private final OutageEvents outages;

  CloudCallMetrics(IpamMetrics metrics, OutageEvents outages) {
    this.metrics = metrics;
    this.outages = outages;
    for (var family : CloudAction.Family.values()) {
      metrics.cloudAnswers(label(family), true);
    }
  }

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
    outages.unreadable(id, why);
  }

  @Override
  public void rateChanged(CloudAction.Family family, double perSecond, int cap) {
    metrics.cloudRateLimit(label(family), perSecond);
    outages.rateChanged(family, perSecond, cap);
  }

  @Override
  public void down(CloudAction.Family family, CloudException last) {
    metrics.cloudAnswers(label(family), false);
    outages.down(family, last);
  }

  @Override
  public void up(CloudAction.Family family, Duration after) {
    metrics.cloudAnswers(label(family), true);
    outages.up(family, after);
  }

  private static String label(CloudAction.Family family) {
    return family.name().toLowerCase(Locale.ROOT);
  }
}
