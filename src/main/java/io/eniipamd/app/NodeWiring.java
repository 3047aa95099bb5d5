package io.eniipamd.app;

import io.eniipamd.config.IpamdConfig;
import io.eniipamd.kube.claim.ClaimReconciler;
import io.eniipamd.kube.node.NodeEniReconciler;
import io.eniipamd.kube.node.NodeSettings;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.List;

/** What nodes' ENIs are made with, and who hears that a node has got room. */
final class NodeWiring {

  @Produces
  @Singleton
  NodeSettings nodeSettings(IpamdConfig config) {
    return new NodeSettings(
        config.clusterId(),
        config.enableSecurityGroups() ? config.securityGroups().orElse(List.of()) : List.of());
  }

  void connect(@Observes StartupEvent event, NodeEniReconciler nodes, ClaimReconciler claims) {
    nodes.onRoom(claims::wakeNode);
  }
}
