package io.eniipamd.app;

import io.eniipamd.config.IpamdConfig;
import io.eniipamd.domain.inventory.DriftKind;
import io.eniipamd.domain.release.ReleaseSettings;
import io.eniipamd.kube.address.StrayCollector;
import io.eniipamd.kube.address.TakenAddressCheck;
import io.eniipamd.kube.inventory.Inventory;
import io.eniipamd.kube.release.ConfigMapAvalancheStore;
import io.eniipamd.kube.release.GroupKind;
import io.eniipamd.kube.release.ReleaseGate;
import io.eniipamd.kube.release.RetainedClaims;
import io.eniipamd.kube.release.SweepSettings;
import io.eniipamd.metrics.IpamMetrics;
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
      Inventory inventory,
      LiveSettings live,
      Clock clock) {
    metrics.strays(strays::strays);
    for (var kind : DriftKind.values()) {
      metrics.inventory(kind.word(), () -> inventory.count(kind));
    }
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
  SweepSettings sweepSettings(IpamdConfig config) {
    return new SweepSettings(config.sweepInterval(), SweepSettings.SIDE_BY_SIDE);
  }

  @Produces
  @Singleton
  ConfigMapAvalancheStore.Place recordPlace(IpamdConfig config) {
    return new ConfigMapAvalancheStore.Place(config.leaderElectionNamespace(), LiveSettings.RECORD);
  }
}
