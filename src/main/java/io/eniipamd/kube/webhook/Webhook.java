package io.eniipamd.kube.webhook;

import io.eniipamd.kube.support.Leadership;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.vertx.core.Vertx;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;

/**
 * Looks after the webhook: its server, which needs a certificate, and the certificate, which needs
 * to be renewed. While one of them is not there the API server creates Pods as they are.
 */
@Singleton
public final class Webhook {
  private final WebhookSettings settings;
  private final Caches caches;
  private final Leadership leadership;
  private final AdmissionServer server;
  private final ServingCertificate certificate;
  private final OwnEvents events;

  /** What was wrong at the last look; said once. */
  private String trouble = "";

  /** The pair that is still to be served; the port may be another's for a while. */
  private Optional<ServingPair> pending = Optional.empty();

  /** What the webhook tells of itself. */
  public interface OwnEvents {
    /**
     * The webhook is not served, or not with the certificate that it should have.
     *
     * @param message why, and what to do
     */
    void webhookTrouble(String message);
  }

  @Inject
  Webhook(
      KubernetesClient client,
      Vertx vertx,
      WebhookSettings settings,
      Caches caches,
      Leadership leadership,
      AdmissionServer server,
      OwnEvents events,
      Clock clock) {
    this.settings = settings;
    this.caches = caches;
    this.leadership = leadership;
    this.server = server;
    this.events = events;
    this.certificate =
        settings
            .certificateDirectory()
            .<ServingCertificate>map(directory -> new MountedCertificate(vertx, directory))
            .orElseGet(() -> new OwnCertificate(client, vertx, settings.namespace(), clock));
  }

  /** Does what is to be done for it; called from time to time, never twice at once. */
  public void tend() {
    if (!settings.enabled() || !caches.complete()) {
      return;
    }
    var now = "";
    try {
      pending = certificate.tend(leadership.leading()).or(() -> pending);
      if (pending.isPresent()) {
        server.serve(pending.get());
        pending = Optional.empty();
      }
    } catch (UnusablePairException | IllegalStateException e) {
      now = e.getMessage();
    } catch (KubernetesClientException e) {
      // Not its message: of a request that writes a Secret.
      now =
          "the API server refuses a request for its certificate, code %d; apply webhook/own-certificate.yml, or mount a certificate"
              .formatted(e.getCode());
    }
    if (!now.isEmpty() && !now.equals(trouble)) {
      events.webhookTrouble("the webhook: %s; the operator tries again".formatted(now));
    }
    trouble = now;
  }
}
