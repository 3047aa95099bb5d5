package io.eniipamd.app;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.kube.address.HeldWatch;
import io.eniipamd.kube.address.StrayWatch;
import io.eniipamd.kube.address.Subnets;
import io.eniipamd.kube.reclaim.Sweeper;
import io.eniipamd.kube.support.Leadership;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** What is done from time to time, on the leader only: looks at the subnets, and sweeps. */
@Singleton
public class CloudWatch {
  private static final Logger LOG = Logger.getLogger(CloudWatch.class);

  private final Subnets subnets;
  private final Sweeper sweeper;
  private final HeldWatch held;
  private final StrayWatch strays;
  private final Leadership leadership;

  CloudWatch(
      Subnets subnets, Sweeper sweeper, HeldWatch held, StrayWatch strays, Leadership leadership) {
    this.subnets = subnets;
    this.sweeper = sweeper;
    this.held = held;
    this.strays = strays;
    this.leadership = leadership;
  }

  /**
   * The first look, before anything is allocated; a cloud that is down is looked at again later.
   */
  void start() {
    look();
  }

  @Scheduled(
      every = "${eni-ipamd.subnet-refresh:60s}",
      delayed = "5s",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void lookAtSubnets() {
    if (leadership.leading()) {
      look();
    }
  }

  @Scheduled(
      every = "${eni-ipamd.sweep-interval:30s}",
      delayed = "5s",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void sweep() {
    sweeper.sweep();
  }

  @Scheduled(
      every = "${eni-ipamd.held-watch-interval:5m}",
      delayed = "10s",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void lookAtHeldAddresses() {
    if (!leadership.leading()) {
      return;
    }
    try {
      held.look();
    } catch (CloudException e) {
      LOG.warnf("the held addresses could not be looked at: %s", e.getMessage());
    }
  }

  @Scheduled(
      every = "${eni-ipamd.stray-watch-interval:5m}",
      delayed = "${eni-ipamd.stray-watch-interval:5m}",
      concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void lookForStrays() {
    lookForStrays(strays::look);
  }

  // A Pod waits where there is reason to look.
  @Scheduled(every = "5s", delayed = "5s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void lookForSuspectedStrays() {
    lookForStrays(strays::lookIfSuspected);
  }

  private void lookForStrays(Runnable look) {
    if (!leadership.leading()) {
      return;
    }
    try {
      look.run();
    } catch (CloudException e) {
      LOG.warnf("no look for stray addresses: %s", e.getMessage());
    }
  }

  // Where the clock is set back nothing falls due, and no sweep would notice.
  @Scheduled(every = "5m", delayed = "1m", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void compareClocks() {
    sweeper.compareClocks();
  }

  private void look() {
    try {
      subnets.refresh();
    } catch (CloudException e) {
      LOG.warnf("the subnets could not be looked at: %s", e.getMessage());
    }
  }
}
