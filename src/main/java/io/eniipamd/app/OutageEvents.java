package io.eniipamd.app;

import io.eniipamd.cloud.CloudAction.Family;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.Refusal;
import io.eniipamd.domain.condition.OperatorReason;
import io.eniipamd.kube.support.EventRecorder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import org.jboss.logging.Logger;

/**
 * Reports once that the cloud is down, and once that it is back: on this operator's own Pod, or
 * where it runs outside of the cluster on its lease. The thread that reports an outage is in the
 * middle of a request to the cloud, so another thread writes to the API server.
 */
@Singleton
final class OutageEvents {
  private static final Logger LOG = Logger.getLogger(OutageEvents.class);

  private static final int MOST_UNREADABLE = 1_000;

  private final KubernetesClient client;
  private final EventRecorder events;
  private final Place place;
  private final Clock clock;
  private final Executor writers;
  private final Set<String> unreadable = ConcurrentHashMap.newKeySet();
  private final Set<Family> slowed = ConcurrentHashMap.newKeySet();

  /**
   * Where the operator is.
   *
   * @param namespace of the lease and of the Pod
   * @param podName what may be the name of its Pod
   */
  record Place(String namespace, String leaseName, Optional<String> podName) {}

  @Inject
  OutageEvents(KubernetesClient client, EventRecorder events, Place place, Clock clock) {
    this(client, events, place, clock, Executors.newVirtualThreadPerTaskExecutor());
  }

  OutageEvents(
      KubernetesClient client, EventRecorder events, Place place, Clock clock, Executor writers) {
    this.client = client;
    this.events = events;
    this.place = place;
    this.clock = clock;
    this.writers = writers;
  }

  /** Said when the family slows down, and when it is back at its cap; not at each step between. */
  void rateChanged(Family family, double perSecond, int cap) {
    boolean slow = perSecond < cap;
    if (slow && slowed.add(family)) {
      LOG.warn(
          "the cloud's %s API throttles the operator, which sends %.1f requests per second instead of %d until the API accepts more"
              .formatted(family, perSecond, cap));
    } else if (!slow && slowed.remove(family)) {
      LOG.info("the cloud's %s API accepts %d requests per second again".formatted(family, cap));
    }
  }

  /** Said once for each thing, until it is forgotten for the many that came after it. */
  void unreadable(String id, CloudException why) {
    if (unreadable.size() >= MOST_UNREADABLE) {
      unreadable.clear();
    }
    if (unreadable.add(id)) {
      LOG.warnf("%s; the operator keeps what it knew", why.getMessage());
    }
  }

  /** The moment is part of the message: the next outage is another event. */
  void down(Family family, CloudException last) {
    boolean refused = last.kind() == Kind.DENIED;
    boolean clockIsOff = refused && Refusal.of(last.code()) == Refusal.CLOCK;
    var reason =
        clockIsOff
            ? OperatorReason.CLOCK_IS_OFF
            : refused ? OperatorReason.CLOUD_KEY_REFUSED : OperatorReason.CLOUD_UNAVAILABLE;
    var what =
        clockIsOff
            ? "refuses the time of the operator's requests"
            : refused ? "refuses the key" : "does not answer";
    var message =
        "the cloud's %s API %s since %s: %s. Claims that need it wait; the operator asks again with single requests"
            .formatted(
                family, what, clock.instant().truncatedTo(ChronoUnit.SECONDS), last.getMessage());
    LOG.warn(message);
    writers.execute(() -> self().ifPresent(self -> events.warn(self, reason, message)));
  }

  void up(Family family, Duration after) {
    var message =
        "the cloud's %s API answers again since %s, after %d s"
            .formatted(family, clock.instant().truncatedTo(ChronoUnit.SECONDS), after.toSeconds());
    LOG.info(message);
    writers.execute(
        () ->
            self().ifPresent(self -> events.inform(self, OperatorReason.CLOUD_AVAILABLE, message)));
  }

  private Optional<HasMetadata> self() {
    try {
      return place
          .podName()
          .<HasMetadata>map(
              name -> client.pods().inNamespace(place.namespace()).withName(name).get())
          .or(
              () ->
                  Optional.ofNullable(
                      client
                          .leases()
                          .inNamespace(place.namespace())
                          .withName(place.leaseName())
                          .get()));
    } catch (KubernetesClientException e) {
      LOG.warnf("cannot write the event about the cloud's state: %s", e.getMessage());
      return Optional.empty();
    }
  }
}
