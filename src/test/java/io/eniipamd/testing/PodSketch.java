package io.eniipamd.testing;

import io.eniipamd.api.v1.Names;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.Map;
import java.util.TreeMap;

/**
 * A Pod to be made. It goes to its node without the scheduler, so that a test decides where it is.
 *
 * @param name its name
 * @param node where it runs
 * @param annotations all of them
 * @param resources the extended resources that it requests one of each
 * @param hostNetwork whether it uses its node's network
 */
public record PodSketch(
    String name,
    String node,
    Map<String, String> annotations,
    Map<String, Quantity> resources,
    boolean hostNetwork) {

  /** A Pod that asks for no address. */
  public static PodSketch plain(String name, String node) {
    return new PodSketch(name, node, Map.of(), Map.of(), false);
  }

  /** A Pod that asks for an address by the annotation, and whose address is released at its end. */
  public static PodSketch immediate(String name, String node) {
    return plain(name, node).with(Names.NETWORKS, "tke-route-eni");
  }

  /** A Pod whose address is kept. */
  public static PodSketch fixed(String name, String node) {
    return immediate(name, node).with(Names.DELETE_POLICY, "Never");
  }

  /** A Pod that asks for an ENI of its own, which is released at its end. */
  public static PodSketch direct(String name, String node) {
    return plain(name, node).with(Names.NETWORKS, "tke-direct-eni").requesting(Names.DIRECT_ENI);
  }

  /** A Pod that asks for an ENI of its own, which is kept. */
  public static PodSketch fixedDirect(String name, String node) {
    return direct(name, node).with(Names.DELETE_POLICY, "Never");
  }

  /** The same with one more annotation. */
  public PodSketch with(String key, String value) {
    var more = new TreeMap<>(annotations);
    more.put(key, value);
    return new PodSketch(name, node, more, resources, hostNetwork);
  }

  /** The same with a request for one of an extended resource. */
  public PodSketch requesting(String resource) {
    var more = new TreeMap<>(resources);
    more.put(resource, new Quantity("1"));
    return new PodSketch(name, node, annotations, more, hostNetwork);
  }

  /** The same in its node's network. */
  public PodSketch onHostNetwork() {
    return new PodSketch(name, node, annotations, resources, true);
  }

  /** The same on another node. */
  public PodSketch on(String other) {
    return new PodSketch(name, other, annotations, resources, hostNetwork);
  }

  /** The same by another name. */
  public PodSketch named(String other) {
    return new PodSketch(other, node, annotations, resources, hostNetwork);
  }

  /** The Pod, for tests that change more of it. */
  public Pod build(String namespace) {
    return new PodBuilder()
        .withNewMetadata()
        .withNamespace(namespace)
        .withName(name)
        .withAnnotations(annotations)
        .endMetadata()
        .withNewSpec()
        .withNodeName(node)
        .withHostNetwork(hostNetwork ? true : null)
        .withTerminationGracePeriodSeconds(1L)
        .addNewContainer()
        .withName("main")
        .withImage("registry.example/main:1")
        .withNewResources()
        .withRequests(resources)
        .withLimits(resources)
        .endResources()
        .endContainer()
        .endSpec()
        .build();
  }
}
