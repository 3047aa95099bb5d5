package io.eniipamd.app;

import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.config.IpamdConfig;
import io.eniipamd.domain.node.WarmTargets;
import io.eniipamd.kube.claim.ClaimReconciler;
import io.eniipamd.kube.node.NodeEniReconciler;
import io.eniipamd.kube.node.NodeSettings;
import io.eniipamd.kube.node.NodeTaint;
import io.eniipamd.kube.release.ReleaseGate;
import io.eniipamd.kube.release.RetainedClaims;
import io.eniipamd.kube.support.SharedCache;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;

/** What nodes' ENIs are made with, and who hears of what. */
final class NodeWiring {

  @Produces
  @Singleton
  NodeSettings nodeSettings(IpamdConfig config) {
    return new NodeSettings(
        config.clusterId(),
        config.enableSecurityGroups() ? config.securityGroups().orElse(List.of()) : List.of(),
        config.nodeLeaveDelay());
  }

  @Produces
  @Singleton
  WarmTargets warmTargets(IpamdConfig config) {
    return new WarmTargets(config.ipMinWarmTarget(), config.ipMaxWarmTarget());
  }

  @Produces
  @Singleton
  NodeTaint.Settings nodeTaint(IpamdConfig config) {
    return new NodeTaint.Settings(config.enableNodeTaint());
  }

  void connect(@Observes StartupEvent event, NodeEniReconciler nodes, ClaimReconciler claims) {
    nodes.onRoom(claims::enqueueWaitingOn);
  }

  void follow(
      @Observes StartupEvent event,
      LiveSettings live,
      ReleaseGate gate,
      RetainedClaims retained,
      SharedCache<VpcIPClaim> known,
      SharedCache<VpcIP> addresses,
      ClaimReconciler claims) {
    live.onChange(
        () -> {
          gate.tick();
          retained.again(known.all().toList());
          claims.enqueueAll();
          // Those that are on no ENI may have to be reserved from now on.
          addresses
              .all()
              .filter(a -> a.statusOrEmpty().phase() == VpcIPPhase.HELD)
              .forEach(a -> addresses.enqueue(a.getMetadata().getName()));
        });
  }
}
