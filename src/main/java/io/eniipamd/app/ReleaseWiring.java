package io.eniipamd.app;

import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.config.IpamdConfig;
import io.eniipamd.domain.release.ReleaseSettings;
import io.eniipamd.kube.address.StrayCollector;
import io.eniipamd.kube.address.TakenAddressCheck;
import io.eniipamd.kube.release.AvalancheStore;
import io.eniipamd.kube.release.ConfigMapAvalancheStore;
import io.eniipamd.kube.release.Expiry;
import io.eniipamd.kube.release.GroupKind;
import io.eniipamd.kube.release.ReleaseGate;
import io.eniipamd.kube.release.ReleasePath;
import io.eniipamd.kube.release.RetainedClaims;
import io.eniipamd.kube.release.Sweeper;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.FreshReads;
import io.eniipamd.kube.support.Leadership;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimPod;
import io.eniipamd.metrics.IpamMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** When and why fixed IPs are released. */
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
      TakenAddressCheck held,
      StrayCollector strays,
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

  /** Custom workloads that count as owners. */
  @Produces
  @Singleton
  Set<GroupKind> ownerKinds(IpamdConfig config) {
    return config.ownerKinds().orElse(List.of()).stream()
        .map(GroupKind::parse)
        .collect(Collectors.toSet());
  }

  @Produces
  @Singleton
  RetainedClaims retained(Expiry expiry, SharedCache<SlimPod> pods) {
    var retained = new RetainedClaims(expiry::due, RetainedClaims.byPods(pods));
    pods.listen(
        SharedCache.Listener.onAny(
            pod ->
                retained.podChanged(
                    pod.getMetadata().getNamespace(), pod.getMetadata().getName())));
    return retained;
  }

  @Produces
  @Singleton
  AvalancheStore note(KubernetesClient client, IpamdConfig config) {
    return new ConfigMapAvalancheStore(
        client, config.leaderElectionNamespace(), LiveSettings.RECORD);
  }

  @Produces
  @Singleton
  ReleaseGate gate(
      Supplier<ReleaseSettings> settings,
      RetainedClaims retained,
      AvalancheStore note,
      OperatorEvents operatorEvents,
      IpamdConfig config,
      Clock clock) {
    return new ReleaseGate(settings, config.sweepInterval(), retained, note, operatorEvents, clock);
  }

  @Produces
  @Singleton
  Sweeper sweeper(
      SharedCache<VpcIPClaim> claims,
      RetainedClaims retained,
      Expiry expiry,
      ReleaseGate gate,
      ReleasePath path,
      FreshReads fresh,
      Leadership leadership,
      EventRecorder events,
      OperatorEvents operatorEvents,
      Clock clock) {
    return new Sweeper(
        claims,
        retained,
        expiry::due,
        gate,
        path,
        fresh,
        leadership,
        events,
        operatorEvents,
        Sweeper.SIDE_BY_SIDE,
        clock);
  }
}
