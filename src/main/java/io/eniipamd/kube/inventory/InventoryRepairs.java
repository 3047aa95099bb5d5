package io.eniipamd.kube.inventory;

import io.eniipamd.cloud.AddressReservations;
import io.eniipamd.domain.inventory.Drift;
import io.eniipamd.domain.inventory.DriftKind;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.StrayCollector;
import io.eniipamd.kube.node.UnownedEnis;
import io.eniipamd.kube.support.ReleaseHold;
import io.eniipamd.metrics.IpamMetrics;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * What is done about each kind of difference. Where a reconciler can mend it, it is asked to look
 * again; only what nothing else would ever touch is removed from here, after fresh checks of its
 * own.
 */
@Singleton
public final class InventoryRepairs {
  private static final Logger LOG = Logger.getLogger(InventoryRepairs.class);

  private final UnownedEnis enis;
  private final StrayCollector strays;
  private final AddressReservations reservations;
  private final AddressBook book;
  private final ReleaseHold releases;
  private final IpamMetrics metrics;
  private final InventorySettings settings;

  /** What was begun and has not ended. */
  private final Set<Drift.Key> running = ConcurrentHashMap.newKeySet();

  public InventoryRepairs(
      UnownedEnis enis,
      StrayCollector strays,
      AddressReservations reservations,
      AddressBook book,
      ReleaseHold releases,
      IpamMetrics metrics,
      InventorySettings settings) {
    this.enis = enis;
    this.strays = strays;
    this.reservations = reservations;
    this.book = book;
    this.releases = releases;
    this.metrics = metrics;
    this.settings = settings;
  }

  /**
   * What will be done.
   *
   * @param says it, for users
   */
  record Plan(String says, Consumer<Drift> action) {
    void start(Drift drift) {
      action.accept(drift);
    }

    static Plan nothing(String says) {
      return new Plan(says, _ -> {});
    }
  }

  /** What to do about a difference that counts. */
  Plan plan(Drift drift) {
    if (!settings.repairs() && drift.kind() != DriftKind.ADDRESS_TAKEN) {
      return Plan.nothing("the operator leaves it, because of --inventory=report");
    }
    return switch (drift.kind()) {
      case UNOWNED_ENI -> planForEni(drift);
      case ENI_GONE -> planForRecord(drift);
      case STRAY_ADDRESS, ADDRESS_MISSING, ADDRESS_ELSEWHERE -> askStrays();
      case UNWANTED_RESERVATION ->
          removal(
              "the operator ends the reservation",
              d ->
                  reservations.unreserve(
                      d.address().orElseThrow(), () -> book.isUnknown(d.address().orElseThrow())));
      case ADDRESS_TAKEN -> Plan.nothing("its Pod cannot start until that user frees the address");
    };
  }

  private Plan planForRecord(Drift drift) {
    if (drift.ofPodsOwn()) {
      return Plan.nothing(
          "the operator makes another ENI with this address when the next Pod of the name comes: delete the Pod if it runs");
    }
    return drift.node().filter(enis::hasRecord).isPresent()
        ? askNode(drift)
        : removal(
            "the operator deletes the VpcIP unless the node comes back",
            d -> enis.dropRecord(d.address().orElseThrow(), d.eniId(), d.node()));
  }

  private Plan planForEni(Drift drift) {
    if (drift.node().isEmpty()) {
      return drift.ofPodsOwn()
          ? removal(
              "it was made for one Pod: the operator deletes it where it is on no instance; detach it in the console if no Pod runs with it",
              d -> enis.removeDirect(d.eniId().orElseThrow()))
          : Plan.nothing(
              "the operator leaves it, because it has no tag of a node: delete it in the console if nothing needs it");
    }
    var node = drift.node().get();
    if (enis.hasRecord(node)) {
      return askNode(drift);
    }
    return removal(
        "the operator deletes it, unless it carries addresses or its node comes back",
        d -> enis.remove(d.eniId().orElseThrow(), node));
  }

  private Plan askNode(Drift drift) {
    var node = drift.node().orElseThrow();
    return new Plan(
        "the operator looks at the ENIs of node %s again".formatted(node),
        d -> {
          enis.lookAgain(node);
          metrics.inventoryRepaired(d.kind().word());
        });
  }

  private Plan askStrays() {
    return new Plan(
        "the operator reads the ENI again and puts it right",
        d -> {
          d.eniId().ifPresent(strays::suspect);
          metrics.inventoryRepaired(d.kind().word());
        });
  }

  private Plan removal(String says, Function<Drift, CompletionStage<?>> removal) {
    if (!releases.open()) {
      return Plan.nothing("the operator leaves it while releases are paused");
    }
    return new Plan(says, drift -> start(drift, () -> removal.apply(drift)));
  }

  private void start(Drift drift, Supplier<CompletionStage<?>> removal) {
    if (!running.add(drift.key())) {
      return;
    }
    var unused =
        removal
            .get()
            .whenComplete(
                (_, failure) -> {
                  running.remove(drift.key());
                  if (failure == null) {
                    metrics.inventoryRepaired(drift.kind().word());
                    LOG.infof("inventory: %s %s: repaired", drift.kind().word(), drift.subject());
                  } else {
                    LOG.warnf(
                        "inventory: %s %s stays: %s; the next look tries again",
                        drift.kind().word(), drift.subject(), message(failure));
                  }
                });
  }

  private static String message(Throwable failure) {
    var cause = failure.getCause() == null ? failure : failure.getCause();
    return cause.getMessage();
  }
}
