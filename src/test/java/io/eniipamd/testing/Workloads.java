package io.eniipamd.testing;

import io.eniipamd.api.v1.Names;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.Map;

/** Workloads whose Pods keep their addresses. */
public final class Workloads {
  private Workloads() {}

  /** A StatefulSet with fixed IPs in one zone, which they could not leave. */
  public static StatefulSet statefulSet(String name, String namespace, int replicas, String zone) {
    var labels = Map.of("app", name);
    return new StatefulSetBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .endMetadata()
        .withNewSpec()
        .withServiceName(name)
        .withReplicas(replicas)
        .withPodManagementPolicy("Parallel")
        .withNewSelector()
        .withMatchLabels(labels)
        .endSelector()
        .withNewTemplate()
        .withNewMetadata()
        .withLabels(labels)
        .withAnnotations(Map.of(Names.NETWORKS, "tke-route-eni", Names.DELETE_POLICY, "Never"))
        .endMetadata()
        .withNewSpec()
        .withNodeSelector(Map.of(Names.CSI_ZONE_LABEL, zone))
        .withTerminationGracePeriodSeconds(1L)
        .addNewContainer()
        .withName("main")
        .withImage("registry.example/main:1")
        // By the request the scheduler knows how many a node has room for.
        .withNewResources()
        .withRequests(Map.of(Names.ENI_IP, new Quantity("1")))
        .withLimits(Map.of(Names.ENI_IP, new Quantity("1")))
        .endResources()
        .endContainer()
        .endSpec()
        .endTemplate()
        .endSpec()
        .build();
  }
}
