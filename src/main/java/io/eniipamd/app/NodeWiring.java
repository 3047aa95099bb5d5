package io.eniipamd.app;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.cloud.operate.CloudStack;
import io.eniipamd.config.IpamdConfig;
import io.eniipamd.domain.node.SecurityGroupSettings;
import io.eniipamd.domain.node.WarmTargets;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.claim.ClaimReconciler;
import io.eniipamd.kube.node.GroupTurns;
import io.eniipamd.kube.node.NodeEniReconciler;
import io.eniipamd.kube.node.NodeSettings;
import io.eniipamd.kube.node.NodeTaint;
import io.eniipamd.kube.node.SubnetTides;
import io.eniipamd.kube.release.ReleaseGate;
import io.eniipamd.kube.release.RetainedClaims;
import io.eniipamd.kube.support.SharedCache;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.function.Supplier;

/** What nodes' ENIs are made with, and who hears of what. */
final class NodeWiring {

  @Produces
  @Singleton
  NodeSettings nodeSettings(IpamdConfig config) {
    return new NodeSettings(config.clusterId(), config.nodeLeaveDelay(), config.eniShrinkDelay());
  }

  @Produces
  @Singleton
  Supplier<SecurityGroupSettings> securityGroups(LiveSettings live) {
    return live::securityGroups;
  }

  @Produces
  @Singleton
  GroupTurns.Settings groupTurns(IpamdConfig config) {
    return new GroupTurns.Settings(config.cloudRequestsPerSecond());
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

  void connect(
      @Observes StartupEvent event,
      NodeEniReconciler nodes,
      SubnetTides tides,
      CloudStack cloud,
      ClaimReconciler claims) {
    nodes.onRoom(claims::enqueueWaitingOn);
    tides.onTurn(nodes::enqueueAll);
    cloud.quota().onRoom(nodes::quotaHasRoom);
  }

  /** What waits for a higher quota goes on at once. */
  void followQuotas(
      @Observes StartupEvent event,
      LiveSettings live,
      AddressBook book,
      SharedCache<NodeENIConfig> nodes,
      ClaimReconciler claims) {
    book.quotas(live.subnetQuotas());
    live.onOtherQuotas(
        () -> {
          book.quotas(live.subnetQuotas());
          nodes.enqueueAll();
          claims.enqueueAll();
        });
  }

  void follow(
      @Observes StartupEvent event,
      LiveSettings live,
      ReleaseGate gate,
      RetainedClaims retained,
      SharedCache<VpcIPClaim> known,
      SharedCache<VpcIP> addresses,
      SharedCache<NodeENIConfig> nodes,
      ClaimReconciler claims) {
    live.onOtherGroups(nodes::enqueueAll);
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
