package io.eniipamd.app;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.kube.address.StrayCollector;
import io.eniipamd.kube.address.Subnets;
import io.eniipamd.kube.address.TakenAddressCheck;
import io.eniipamd.kube.inventory.Inventory;
import io.eniipamd.kube.node.IdleEnis;
import io.eniipamd.kube.node.SubnetTides;
import io.eniipamd.kube.release.Sweeper;
import io.eniipamd.kube.support.Leadership;
import io.eniipamd.kube.support.Resync;
import io.eniipamd.metrics.WorkMetrics;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** What is done from time to time, on the leader only: reads of the cloud, sweeps, the resync. */
@Singleton
public class ScheduledJobs {
  private static final Logger LOG = Logger.getLogger(ScheduledJobs.class);

  private static final String NO_LOOK_AT_SUBNETS = "cannot read the subnets";
  private static final String NO_LOOK_FOR_STRAYS = "cannot look for stray addresses";

  private final Subnets subnets;
  private final Sweeper sweeper;
  private final TakenAddressCheck held;
  private final StrayCollector strays;
  private final Inventory inventory;
  private final IdleEnis idle;
  private final SubnetTides tides;
  private final Resync resync;
  private final Leadership leadership;
  private final WorkMetrics metrics;

  ScheduledJobs(
      Subnets subnets,
      Sweeper sweeper,
      TakenAddressCheck held,
      StrayCollector strays,
      Inventory inventory,
      IdleEnis idle,
      SubnetTides tides,
      Resync resync,
      Leadership leadership,
      WorkMetrics metrics) {
    this.subnets = subnets;
    this.sweeper = sweeper;
    this.held = held;
    this.strays = strays;
    this.inventory = inventory;
    this.idle = idle;
    this.tides = tides;
    this.resync = resync;
    this.leadership = leadership;
    this.metrics = metrics;
  }

  /** The first look, before anything is allocated; a cloud that is down is read again later. */
  void start() {
    attempt(NO_LOOK_AT_SUBNETS, this::refreshSubnets);
  }

  @Scheduled(
      every = "${eni-ipamd.subnet-refresh:60s}",
      delayed = "5s",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void lookAtSubnets() {
    ifLeading(NO_LOOK_AT_SUBNETS, this::refreshSubnets);
  }

  private void refreshSubnets() {
    subnets.refresh();
    metrics.looked("subnets");
  }

  @Scheduled(
      every = "${eni-ipamd.sweep-interval:30s}",
      delayed = "5s",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void sweep() {
    metrics.sweep(sweeper::sweep);
  }

  @Scheduled(
      every = "${eni-ipamd.held-watch-interval:5m}",
      delayed = "10s",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void lookAtHeldAddresses() {
    ifLeading(
        "cannot check the retained addresses that are on no ENI",
        () -> {
          held.look();
          metrics.looked("retained");
        });
  }

  @Scheduled(
      every = "${eni-ipamd.stray-watch-interval:5m}",
      delayed = "${eni-ipamd.stray-watch-interval:5m}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void lookForStrays() {
    ifLeading(
        NO_LOOK_FOR_STRAYS,
        () -> {
          strays.look();
          metrics.looked("strays");
        });
  }

  @Scheduled(
      every = "${eni-ipamd.inventory-interval:10m}",
      delayed = "${eni-ipamd.inventory-interval:10m}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void takeInventory() {
    ifLeading("cannot take the inventory", inventory::look);
  }

  // A Pod waits where there is reason to look.
  @Scheduled(every = "5s", delayed = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void lookForSuspectedStrays() {
    ifLeading(NO_LOOK_FOR_STRAYS, strays::lookIfSuspected);
  }

  // In memory alone: an ENI becomes empty without an event of its node.
  @Scheduled(every = "5s", delayed = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void lookForIdleEnis() {
    if (leadership.leading()) {
      idle.look();
    }
  }

  // Of what is known already, without a call.
  @Scheduled(every = "5s", delayed = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void lookWhichSubnetsAreFull() {
    if (leadership.leading()) {
      tides.look();
    }
  }

  // Where the clock is set back nothing falls due, and no sweep would notice.
  @Scheduled(every = "5m", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void compareClocks() {
    sweeper.compareClocks();
  }

  // A share of the objects each time; all have had their turn after six hours.
  @Scheduled(every = "5m", delayed = "5m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void lookAgain() {
    if (leadership.leading()) {
      resync.next();
    }
  }

  private void ifLeading(String error, Runnable look) {
    if (leadership.leading()) {
      attempt(error, look);
    }
  }

  /** A read that the cloud does not answer is repeated at its next time. */
  private static void attempt(String error, Runnable look) {
    try {
      look.run();
    } catch (CloudException e) {
      LOG.warnf("%s: %s", error, e.getMessage());
    }
  }
}
