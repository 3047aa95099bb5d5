package io.eniipamd.app;

import io.eniipamd.config.IpamdConfig;
import io.eniipamd.domain.claim.DurationText;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.domain.condition.OperatorReason;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.kube.inventory.Inventory;
import io.eniipamd.kube.release.AvalancheStore.Avalanche;
import io.eniipamd.kube.release.ReleaseGate;
import io.eniipamd.kube.release.Sweeper;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.webhook.Webhook;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Reports what concerns the operator as a whole where its settings are: by events on the ConfigMap,
 * in which users also answer.
 */
@Singleton
final class OperatorEvents
    implements ReleaseGate.Listener, Sweeper.SkewListener, Inventory.OwnEvents, Webhook.OwnEvents {
  private static final Logger LOG = Logger.getLogger(OperatorEvents.class);

  private final KubernetesClient client;
  private final EventRecorder events;
  private final String namespace;
  private final AtomicBoolean skewed = new AtomicBoolean();

  OperatorEvents(KubernetesClient client, EventRecorder events, IpamdConfig config) {
    this.client = client;
    this.events = events;
    this.namespace = config.leaderElectionNamespace();
  }

  @Override
  public void paused(Avalanche avalanche) {
    warn(
        ClaimReason.AVALANCHE_PAUSED,
        "%s: all releases of fixed IPs were paused automatically at %s; look at what was deleted, then set resume-releases to the present time in this ConfigMap (such as \"%s\") to resume them"
            .formatted(avalanche.why(), avalanche.since(), avalanche.since()));
  }

  @Override
  public void resumed() {
    LOG.info("resume-releases ended the pause of releases");
    events.inform(
        map(),
        ClaimReason.RELEASES_RESUMED,
        "resume-releases ended the pause: the operator releases fixed IPs again");
  }

  @Override
  public void recordMissing(String message) {
    warn(ClaimReason.PAUSE_RECORD_MISSING, message);
  }

  @Override
  public void skew(Optional<Duration> skew) {
    if (skew.isEmpty()) {
      skewed.set(false);
    } else if (!skewed.getAndSet(true)) {
      warn(
          ClaimReason.EXPIRY_STOPPED,
          "no fixed IP expires: the operator's clock is %s %s the API server's; correct the clock of the operator's node"
              .formatted(
                  DurationText.format(skew.get().abs()),
                  skew.get().isNegative() ? "behind" : "ahead of"));
    }
  }

  @Override
  public void webhookTrouble(String message) {
    warn(OperatorReason.WEBHOOK_NOT_SERVED, message);
  }

  void warn(Reason reason, String message) {
    LOG.warnf("%s: %s", reason.word(), message);
    tell(reason, message);
  }

  @Override
  public void tell(Reason reason, String message) {
    events.warn(map(), reason, message);
  }

  /** With its UID where it is there, so that {@code kubectl describe} shows the event. */
  private ConfigMap map() {
    return Optional.ofNullable(
            client.configMaps().inNamespace(namespace).withName(LiveSettings.CONFIG_MAP).get())
        .orElseGet(
            () ->
                new ConfigMapBuilder()
                    .withNewMetadata()
                    .withNamespace(namespace)
                    .withName(LiveSettings.CONFIG_MAP)
                    .withUid("")
                    .endMetadata()
                    .build());
  }
}
