package io.eniipamd.app;

import io.eniipamd.config.IpamdConfig;
import io.eniipamd.health.OperatorState;
import io.eniipamd.kube.webhook.Caches;
import io.eniipamd.kube.webhook.Webhook;
import io.eniipamd.kube.webhook.WebhookSettings;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** The webhook for new Pods: how it is set, what it may believe, and when it is looked after. */
@Singleton
final class WebhookWiring implements Caches {
  private final OperatorState state;

  WebhookWiring(OperatorState state) {
    this.state = state;
  }

  /** It listens where the probes do. */
  @Produces
  @Singleton
  WebhookSettings settings(
      IpamdConfig config,
      @ConfigProperty(name = "quarkus.management.host", defaultValue = "0.0.0.0") String host) {
    return new WebhookSettings(
        config.webhook(),
        host,
        config.webhookListen(),
        config.webhookCertificateDirectory(),
        config.leaderElectionNamespace());
  }

  @Override
  public boolean complete() {
    return state.started();
  }

  @Override
  public boolean current() {
    return state.started() && state.laggingCaches().isEmpty();
  }

  /** A certificate that is replaced is served this soon. */
  @Singleton
  static final class Rounds {
    private final Webhook webhook;

    Rounds(Webhook webhook) {
      this.webhook = webhook;
    }

    @Scheduled(
        every = "5s",
        delayed = "1s",
        concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void tend() {
      webhook.tend();
    }
  }
}
