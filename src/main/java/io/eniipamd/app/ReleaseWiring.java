package io.eniipamd.app;

import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.config.IpamdConfig;
import io.eniipamd.domain.release.ReleaseSettings;
import io.eniipamd.kube.address.HeldWatch;
import io.eniipamd.kube.address.StrayWatch;
import io.eniipamd.kube.claim.Expiry;
import io.eniipamd.kube.reclaim.AvalancheNote;
import io.eniipamd.kube.reclaim.ConfigMapNote;
import io.eniipamd.kube.reclaim.Owners;
import io.eniipamd.kube.reclaim.ReleaseGate;
import io.eniipamd.kube.reclaim.Releases;
import io.eniipamd.kube.reclaim.RetainedClaims;
import io.eniipamd.kube.reclaim.Sweeper;
import io.eniipamd.kube.reclaim.Ties;
import io.eniipamd.kube.reclaim.WorkloadKind;
import io.eniipamd.kube.support.FreshReads;
import io.eniipamd.kube.support.Leadership;
import io.eniipamd.kube.support.People;
import io.eniipamd.kube.support.SlimPod;
import io.eniipamd.kube.support.Watched;
import io.eniipamd.metrics.IpamMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** When and why fixed IPs are given back. */
final class ReleaseWiring {

  @Produces
  @Singleton
  Supplier<ReleaseSettings> settings(LiveSettings live) {
    return live::current;
  }

  /** Only the leader knows; the others show none. */
  void show(
      @Observes StartupEvent event,
      IpamMetrics metrics,
      RetainedClaims retained,
      ReleaseGate gate,
      HeldWatch held,
      StrayWatch strays,
      LiveSettings live,
      Clock clock) {
    metrics.strays(strays::strays);
    metrics.fixedIps(
        new IpamMetrics.FixedIps() {
          @Override
          public int retained() {
            return retained.retained();
          }

          @Override
          public int overdue() {
            return retained.countDueBy(clock.instant());
          }

          @Override
          public int taken() {
            return held.taken();
          }

          @Override
          public boolean paused() {
            return live.current().paused();
          }

          @Override
          public boolean avalanche() {
            return gate.pausedItself();
          }
        });
  }

  @Produces
  @Singleton
  Owners owners(KubernetesClient client, IpamdConfig config) {
    return new Owners(
        client,
        config.ownerKinds().orElse(List.of()).stream()
            .map(WorkloadKind::parse)
            .collect(Collectors.toSet()));
  }

  @Produces
  @Singleton
  Ties ties(Owners owners, Supplier<ReleaseSettings> settings) {
    return new Ties(owners, settings);
  }

  @Produces
  @Singleton
  RetainedClaims retained(Expiry expiry, Watched<SlimPod> pods) {
    var retained = new RetainedClaims(expiry::due, RetainedClaims.byPods(pods));
    pods.listen(
        Watched.Listener.onAny(
            pod ->
                retained.podChanged(
                    pod.getMetadata().getNamespace(), pod.getMetadata().getName())));
    return retained;
  }

  @Produces
  @Singleton
  AvalancheNote note(KubernetesClient client, IpamdConfig config) {
    return new ConfigMapNote(client, config.leaderElectionNamespace(), LiveSettings.RECORD);
  }

  @Produces
  @Singleton
  ReleaseGate gate(
      Supplier<ReleaseSettings> settings,
      RetainedClaims retained,
      AvalancheNote note,
      Announcements announcements,
      IpamdConfig config,
      Clock clock) {
    return new ReleaseGate(settings, config.sweepInterval(), retained, note, announcements, clock);
  }

  @Produces
  @Singleton
  Releases releases(KubernetesClient client, Owners owners, Clock clock) {
    return new Releases(client, owners, clock);
  }

  @Produces
  @Singleton
  Sweeper sweeper(
      Watched<VpcIPClaim> claims,
      RetainedClaims retained,
      Expiry expiry,
      ReleaseGate gate,
      Releases releases,
      FreshReads fresh,
      Leadership leadership,
      People people,
      Announcements announcements,
      Clock clock) {
    return new Sweeper(
        claims,
        retained,
        expiry::due,
        gate,
        releases,
        fresh,
        leadership,
        people,
        announcements,
        Sweeper.SIDE_BY_SIDE,
        clock);
  }
}
