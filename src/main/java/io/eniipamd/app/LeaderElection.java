package io.eniipamd.app;

import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.config.IpamdConfig;
import io.eniipamd.config.LiveConfig;
import io.eniipamd.domain.claim.DurationText;
import io.eniipamd.domain.condition.OperatorReason;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.release.ReleaseGate;
import io.eniipamd.kube.support.Leadership;
import io.eniipamd.kube.support.Paged;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.Clock;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Leader election, which is always on: with it all caches are complete before the first reconcile.
 * A new leader lists the addresses afresh before it allocates one, because its cache may lag behind
 * what its predecessor wrote last.
 *
 * <p>The elector's thread only elects: while it runs a callback the lease is not renewed, and it
 * takes an exception of a callback for a lease that it did not get, renews it all the same and
 * never calls again. So the start has a thread of its own, the reconcilers wait for its end ({@link
 * Leadership#awaitStart}), and whatever goes wrong in it ends the process.
 *
 * <p>A process that has lost its lease ends at once as well: some of its reconciles may still run,
 * and the framework's elector takes part in one election only. Nothing has to be put in order for
 * that, since a leader may be killed at any moment. One that is told to stop gives the lease back
 * ({@link HandOver}).
 */
@Singleton
final class LeaderElection {
  private static final Logger LOG = Logger.getLogger(LeaderElection.class);

  private final KubernetesClient client;
  private final IpamdConfig config;
  private final Leadership leadership;
  private final AddressBook book;
  private final ScheduledJobs cloudWatch;
  private final LiveSettings live;
  private final ReleaseGate gate;
  private final OperatorEvents operatorEvents;
  private final HandOver handOver;
  private final Clock clock;

  /** Never the same twice: a process that was killed and its successor are two. */
  private final String identity = PodName.ofThisProcess().orElse("ipamd") + "_" + UUID.randomUUID();

  /** Whether the process is being ended by a signal, and gives the lease back. */
  private final AtomicBoolean ending = new AtomicBoolean();

  private volatile SharedIndexInformer<Lease> lease;

  /** The last renewal that the watch has shown; on the informer's thread only. */
  private ZonedDateTime noted;

  LeaderElection(
      KubernetesClient client,
      IpamdConfig config,
      Leadership leadership,
      AddressBook book,
      ScheduledJobs cloudWatch,
      LiveSettings live,
      ReleaseGate gate,
      OperatorEvents operatorEvents,
      HandOver handOver,
      Clock clock) {
    this.client = client;
    this.config = config;
    this.leadership = leadership;
    this.book = book;
    this.cloudWatch = cloudWatch;
    this.live = live;
    this.gate = gate;
    this.operatorEvents = operatorEvents;
    this.handOver = handOver;
    this.clock = clock;
  }

  @Produces
  @Singleton
  LeaderElectionConfiguration election() {
    return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(
            config.leaderElectionLeaseName())
        .withLeaseNamespace(config.leaderElectionNamespace())
        .withIdentity(identity)
        .withLeaseDuration(config.leaderElectionLeaseDuration())
        .withRenewDeadline(config.leaderElectionRenewDeadline())
        .withRetryPeriod(config.leaderElectionRetryPeriod())
        .withLeaderCallbacks(new LeaderCallbacks(this::elected, this::lost, _ -> {}))
        .build();
  }

  private void elected() {
    leadership.elected();
    Thread.ofPlatform().name("start-leading").daemon().start(this::startOrEnd);
  }

  private void lost() {
    leadership.stopped();
    if (!ending.get()) {
      ProcessEnd.LEASE_LOST.now(
          "the lease %s/%s was lost: it could not be renewed within %s, or another process took it"
              .formatted(
                  config.leaderElectionNamespace(),
                  config.leaderElectionLeaseName(),
                  DurationText.format(config.leaderElectionRenewDeadline())),
          null);
    }
  }

  private void startOrEnd() {
    try {
      start();
    } catch (Throwable e) {
      if (!ending.get()) {
        ProcessEnd.START_FAILED.now("the process got the lease, but its start failed: " + e, e);
      }
    }
  }

  private void start() {
    watchLease();
    // Before anything is released: the settings of users, and the record of an earlier leader.
    live.follow(this::tell);
    gate.start();
    var listed = Paged.list(client.resources(VpcIP.class));
    book.replaceBy(listed.items(), listed.resourceVersion());
    cloudWatch.start();
    leadership.started();
    LOG.infof("leading as %s", identity);
  }

  private void tell(LiveConfig.Remark remark) {
    var reason =
        switch (remark) {
          case LiveConfig.Remark.Bad _ -> OperatorReason.BAD_SETTING;
          case LiveConfig.Remark.Overrides _ -> OperatorReason.ARGUMENT_OVERRIDDEN;
        };
    operatorEvents.warn(reason, remark.message());
  }

  /** Every renewal that the API server shows is a proof that no other process leads yet. */
  private void watchLease() {
    lease =
        client
            .leases()
            .inNamespace(config.leaderElectionNamespace())
            .withName(config.leaderElectionLeaseName())
            .inform(
                new ResourceEventHandler<>() {
                  @Override
                  public void onAdd(Lease seen) {
                    note(seen);
                  }

                  @Override
                  public void onUpdate(Lease before, Lease seen) {
                    note(seen);
                  }

                  @Override
                  public void onDelete(Lease seen, boolean unknown) {}
                });
  }

  private void note(Lease seen) {
    var spec = seen.getSpec();
    // A watch that begins again shows a renewal for a second time, perhaps to a clock that was set.
    if (identity.equals(spec.getHolderIdentity()) && !spec.getRenewTime().equals(noted)) {
      noted = spec.getRenewTime();
      // The elector reads this clock right before it asks for the renewal.
      leadership.renewed(Duration.between(noted.toInstant(), clock.instant()));
    }
  }

  /**
   * Before the framework stops, which ends the election: the framework's elector is built without
   * the release of the lease, and would do it before the reconciles have ended.
   */
  void stop(@Observes @Priority(Interceptor.Priority.LIBRARY_BEFORE) ShutdownEvent event) {
    ending.set(true);
    handOver.stop(
        new HandOver.Held(
            config.leaderElectionNamespace(), config.leaderElectionLeaseName(), identity));
    if (lease != null) {
      lease.close();
    }
  }
}
