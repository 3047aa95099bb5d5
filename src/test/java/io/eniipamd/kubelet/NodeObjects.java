package io.eniipamd.kubelet;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.NodeStatus;
import io.fabric8.kubernetes.api.model.NodeStatusBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.TaintBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Writes Node objects as kubelets and the node controller do: birth, readiness, loss. It never
 * writes the extended resources, which are the operator's.
 */
final class NodeObjects {

  private static final String NOT_READY = "node.kubernetes.io/not-ready";
  private static final String UNREACHABLE = "node.kubernetes.io/unreachable";
  private static final String MAX_PODS = "250";

  private final KubernetesClient client;
  private final Clock clock;

  NodeObjects(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** Creates a Node, or takes over the one of that name, and makes it ready. */
  void join(NodeSpec spec, String internalIp) {
    try {
      client.nodes().resource(node(spec)).create();
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        throw e;
      }
    }
    Map<String, Quantity> resources =
        Map.of(
            "cpu", new Quantity(Integer.toString(spec.cpus())),
            "memory", new Quantity(spec.cpus() * 4L + "Gi"),
            "ephemeral-storage", new Quantity("100Gi"),
            "pods", new Quantity(MAX_PODS));
    patchStatus(
        spec.name(),
        ready("True", "KubeletReady", "the stand-in of a kubelet is ready")
            .withCapacity(resources)
            .withAllocatable(resources)
            .addNewAddress()
            .withType("InternalIP")
            .withAddress(internalIp)
            .endAddress()
            .addNewAddress()
            .withType("Hostname")
            .withAddress(spec.name())
            .endAddress()
            .withNewNodeInfo()
            .withOperatingSystem("linux")
            .withArchitecture("amd64")
            .withKubeletVersion("stand-in")
            .withKernelVersion("stand-in")
            .withOsImage("stand-in")
            .withContainerRuntimeVersion("stand-in://")
            .withKubeProxyVersion("")
            .withMachineID(spec.instanceId())
            .withSystemUUID(spec.instanceId())
            .withBootID(spec.instanceId())
            .endNodeInfo()
            .build());
    withoutTaints(spec.name(), NOT_READY, UNREACHABLE);
  }

  /** What the node controller does when a kubelet has stopped answering. */
  void markLost(String name) {
    patchStatus(
        name,
        ready("Unknown", "NodeStatusUnknown", "Kubelet stopped posting node status.").build());
    changeTaints(
        name,
        taints -> {
          taints.put(UNREACHABLE + "NoSchedule", taint(UNREACHABLE, "NoSchedule"));
          taints.put(UNREACHABLE + "NoExecute", taint(UNREACHABLE, "NoExecute"));
          return taints;
        });
  }

  /** The kubelet answers again. */
  void markRecovered(String name) {
    patchStatus(name, ready("True", "KubeletReady", "the stand-in of a kubelet is ready").build());
    withoutTaints(name, NOT_READY, UNREACHABLE);
  }

  /** Deletes a Node; nothing happens where there is none. */
  void delete(String name) {
    client.nodes().withName(name).delete();
  }

  private static Node node(NodeSpec spec) {
    Map<String, String> labels = new LinkedHashMap<>(spec.labels());
    labels.put("kubernetes.io/hostname", spec.name());
    labels.put("kubernetes.io/os", "linux");
    labels.put("kubernetes.io/arch", "amd64");
    labels.put("cloud.tencent.com/node-instance-id", spec.instanceId());
    labels.put("node.kubernetes.io/instance-type", spec.instanceType());
    if (!spec.zone().isEmpty()) {
      // As TKE labels its nodes: numbers and short names where others have the API's names.
      labels.put("topology.kubernetes.io/zone", NodeSpec.number(spec.zone()));
      labels.put("topology.kubernetes.io/region", "cd");
      labels.put("topology.com.tencent.cloud.csi.cbs/zone", spec.zone());
    }
    return new NodeBuilder()
        .withNewMetadata()
        .withName(spec.name())
        .withLabels(labels)
        .endMetadata()
        .withNewSpec()
        .withProviderID(spec.providerId())
        .withTaints(
            spec.taints().stream()
                .map(text -> text.split(":", 2))
                .map(parts -> taint(parts[0], parts[1]))
                .toList())
        .endSpec()
        .build();
  }

  private NodeStatusBuilder ready(String status, String reason, String message) {
    String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    return new NodeStatusBuilder()
        .addNewCondition()
        .withType("Ready")
        .withStatus(status)
        .withReason(reason)
        .withMessage(message)
        .withLastHeartbeatTime(now)
        .withLastTransitionTime(now)
        .endCondition();
  }

  private void patchStatus(String name, NodeStatus status) {
    Node patch =
        new NodeBuilder().withNewMetadata().withName(name).endMetadata().withStatus(status).build();
    client
        .nodes()
        .withName(name)
        .subresource("status")
        .patch(PatchContext.of(PatchType.STRATEGIC_MERGE), Serialization.asJson(patch));
  }

  private void withoutTaints(String name, String... keys) {
    changeTaints(
        name,
        taints -> {
          taints.values().removeIf(taint -> List.of(keys).contains(taint.getKey()));
          return taints;
        });
  }

  /**
   * Others write taints as well, so each try goes from what is there and is refused if it moved.
   */
  private void changeTaints(String name, UnaryOperator<Map<String, Taint>> change) {
    while (true) {
      Node node = Objects.requireNonNull(client.nodes().withName(name).get(), name);
      Map<String, Taint> taints = new LinkedHashMap<>();
      node.getSpec().getTaints().forEach(it -> taints.put(it.getKey() + it.getEffect(), it));
      List<Taint> changed = List.copyOf(change.apply(taints).values());
      if (changed.equals(node.getSpec().getTaints())) {
        return;
      }
      node.getSpec().setTaints(changed);
      try {
        client.nodes().resource(node).lockResourceVersion().update();
        return;
      } catch (KubernetesClientException e) {
        if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
          throw e;
        }
      }
    }
  }

  private static Taint taint(String key, String effect) {
    return new TaintBuilder().withKey(key).withEffect(effect).build();
  }
}
