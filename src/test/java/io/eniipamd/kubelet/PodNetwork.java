package io.eniipamd.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Which network a Pod uses, and so where its address is from. */
enum PodNetwork {
  /** The address of its claim. */
  VPC_CNI,
  /** The address of its node. */
  HOST,
  /** An address that the node picks, of no concern to other tests. */
  OTHER;

  private static final String NETWORKS = "tke.cloud.tencent.com/networks";
  private static final List<String> OURS = List.of("tke-route-eni", "tke-direct-eni");
  private static final List<String> EXTENDED_RESOURCES =
      List.of("tke.cloud.tencent.com/eni-ip", "tke.cloud.tencent.com/direct-eni");

  static PodNetwork of(Pod pod) {
    if (Boolean.TRUE.equals(pod.getSpec().getHostNetwork())) {
      return HOST;
    }
    return annotated(pod) || containers(pod).anyMatch(PodNetwork::asksForAddress) ? VPC_CNI : OTHER;
  }

  /** The annotation is a list; an interface may stand behind each name. */
  private static boolean annotated(Pod pod) {
    Map<String, String> annotations = pod.getMetadata().getAnnotations();
    return annotations != null
        && Stream.of(annotations.getOrDefault(NETWORKS, "").split(","))
            .map(network -> network.replaceFirst("@.*", "").strip())
            .anyMatch(OURS::contains);
  }

  private static Stream<Container> containers(Pod pod) {
    return Stream.concat(
        pod.getSpec().getContainers().stream(), pod.getSpec().getInitContainers().stream());
  }

  private static boolean asksForAddress(Container container) {
    ResourceRequirements resources = container.getResources();
    return resources != null
        && EXTENDED_RESOURCES.stream()
            .anyMatch(
                name -> has(resources.getRequests(), name) || has(resources.getLimits(), name));
  }

  private static boolean has(Map<String, Quantity> quantities, String name) {
    return quantities != null && quantities.containsKey(name);
  }
}
