package io.eniipamd.app;

import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.config.IpamdConfig;
import io.eniipamd.config.LiveConfig;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.reclaim.ReleaseGate;
import io.eniipamd.kube.support.Leadership;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Leader election, which is always on: with it all caches are complete before the first object is
 * looked at. A new leader lists the addresses afresh before it allocates one, because its cache may
 * lag behind what its predecessor wrote last.
 */
@Singleton
final class Leading {
  private static final Logger LOG = Logger.getLogger(Leading.class);

  private final KubernetesClient client;
  private final IpamdConfig config;
  private final Leadership leadership;
  private final AddressBook book;
  private final CloudWatch cloudWatch;
  private final LiveSettings live;
  private final ReleaseGate gate;
  private final Announcements announcements;

  /** Never the same twice: a process that was killed and its successor are two. */
  private final String identity =
      Optional.ofNullable(System.getenv("HOSTNAME")).orElse("ipamd") + "_" + UUID.randomUUID();

  private SharedIndexInformer<Lease> lease;

  Leading(
      KubernetesClient client,
      IpamdConfig config,
      Leadership leadership,
      AddressBook book,
      CloudWatch cloudWatch,
      LiveSettings live,
      ReleaseGate gate,
      Announcements announcements) {
    this.client = client;
    this.config = config;
    this.leadership = leadership;
    this.book = book;
    this.cloudWatch = cloudWatch;
    this.live = live;
    this.gate = gate;
    this.announcements = announcements;
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
        .withLeaderCallbacks(new LeaderCallbacks(this::start, leadership::stopped, leader -> {}))
        .build();
  }

  private void start() {
    watchLease();
    // Before anything is released: what people set, and what an earlier leader has left on record.
    live.follow(this::tell);
    gate.start();
    var listed = client.resources(VpcIP.class).list();
    book.replaceBy(listed.getItems(), listed.getMetadata().getResourceVersion());
    cloudWatch.start();
    leadership.started();
    LOG.infof("leading as %s", identity);
  }

  private void tell(LiveConfig.Remark remark) {
    var reason =
        switch (remark) {
          case LiveConfig.Remark.Bad bad -> "BadSetting";
          case LiveConfig.Remark.Overrides overrides -> "ArgumentOverridden";
        };
    announcements.warn(reason, remark.message());
  }

  /** Every renewal that the API server shows is a proof that nobody else leads yet. */
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
    if (identity.equals(seen.getSpec().getHolderIdentity())) {
      leadership.renewed();
    }
  }

  void stop(@Observes ShutdownEvent event) {
    if (lease != null) {
      lease.close();
    }
  }
}
