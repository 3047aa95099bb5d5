package io.eniipamd.kube.inventory;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.domain.condition.AddressReason;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.domain.inventory.Drift;
import io.eniipamd.domain.inventory.DriftKind;
import io.eniipamd.domain.inventory.InventoryComparison;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.metrics.IpamMetrics;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * The slow comparison of the cloud with the records. Reconcilers look at what an object of theirs
 * names; what no object names any more is found here alone.
 */
@Singleton
public final class Inventory {
  private static final Logger LOG = Logger.getLogger(Inventory.class);

  /** Of each kind, in one look: if a repair is a mistake, a user can stop it. */
  static final int MOST_REPAIRS = 10;

  private final InventoryReads reads;
  private final InventoryRepairs repairs;
  private final SharedCache<NodeENIConfig> necs;
  private final SharedCache<VpcIP> vips;
  private final EventRecorder events;
  private final OwnEvents ownEvents;
  private final IpamMetrics metrics;
  private final Clock clock;
  private final DriftHistory history;
  private volatile Map<DriftKind, Integer> counts = Map.of();

  /** Tells of what has no object of its own, where the settings of the operator are. */
  public interface OwnEvents {
    /** Something that a user should know; it is logged already. */
    void tell(Reason reason, String message);
  }

  public Inventory(
      InventoryReads reads,
      InventoryRepairs repairs,
      SharedCache<NodeENIConfig> necs,
      SharedCache<VpcIP> vips,
      EventRecorder events,
      OwnEvents ownEvents,
      IpamMetrics metrics,
      InventorySettings settings,
      Clock clock) {
    this.reads = reads;
    this.repairs = repairs;
    this.necs = necs;
    this.vips = vips;
    this.events = events;
    this.ownEvents = ownEvents;
    this.metrics = metrics;
    this.clock = clock;
    this.history = new DriftHistory(settings.grace());
  }

  /** How many differences of a kind the last look has confirmed. */
  public int count(DriftKind kind) {
    return counts.getOrDefault(kind, 0);
  }

  /**
   * Looks, reports and repairs. It reads a list of the cluster's ENIs and one of its reservations,
   * each of them with one request for a hundred.
   *
   * @throws CloudException where a read failed; what was known stays
   */
  public synchronized void look() {
    var found = InventoryComparison.compare(reads.facts());
    var confirmed = history.confirmed(found, clock.instant());
    var now = new EnumMap<DriftKind, Integer>(DriftKind.class);
    for (var drift : confirmed) {
      int before = now.merge(drift.kind(), 1, Integer::sum);
      var plan = repairs.plan(drift);
      if (history.isNews(drift)) {
        tell(drift, plan);
      }
      if (before <= MOST_REPAIRS) {
        plan.start(drift);
      }
    }
    counts = Map.copyOf(now);
    metrics.inventoryLooked(clock.instant());
  }

  private void tell(Drift drift, InventoryRepairs.Plan plan) {
    var message = "%s; %s".formatted(drift.evidence(), plan.says());
    LOG.infof("inventory: %s %s: %s", drift.kind().word(), drift.subject(), message);
    switch (drift.kind()) {
      case UNOWNED_ENI ->
          drift
              .node()
              .flatMap(necs::get)
              .ifPresentOrElse(
                  nec -> events.warn(nec, NodeReason.UNOWNED_ENI, message),
                  () -> ownEvents.tell(NodeReason.UNOWNED_ENI, message));
      case ENI_GONE -> tellOfRecord(drift, AddressReason.ENI_RECORD_STALE, message);
      case ADDRESS_ELSEWHERE -> tellOfRecord(drift, AddressReason.ADDRESS_ELSEWHERE, message);
      case UNWANTED_RESERVATION -> ownEvents.tell(AddressReason.UNWANTED_RESERVATION, message);
      // The reconcilers that mend these tell of them.
      case STRAY_ADDRESS, ADDRESS_MISSING, ADDRESS_TAKEN -> {}
    }
  }

  private void tellOfRecord(Drift drift, Reason reason, String message) {
    drift
        .address()
        .flatMap(ip -> vips.get(ip.toString()))
        .ifPresent(vip -> events.warn(vip, reason, message));
  }
}
