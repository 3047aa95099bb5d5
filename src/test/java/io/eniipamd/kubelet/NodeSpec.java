package io.eniipamd.kubelet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A node to play.
 *
 * @param name its name in the cluster
 * @param zone the API's name of its availability zone; empty for a node without labels of it
 * @param instanceId the cloud's id of the machine, {@code ins-…}
 * @param instanceType the cloud's type of the machine
 * @param providerId what {@code spec.providerID} says
 * @param cpus cores offered to Pods
 * @param labels labels beyond those that every node has
 * @param taints taints at birth, {@code key:Effect}, e.g. {@code
 *     tke.cloud.tencent.com/eni-ip-unavailable:NoSchedule}
 */
public record NodeSpec(
    String name,
    String zone,
    String instanceId,
    String instanceType,
    String providerId,
    int cpus,
    Map<String, String> labels,
    List<String> taints) {

  private static final int DEFAULT_CPUS = 32;

  public NodeSpec {
    labels = Map.copyOf(labels);
    taints = List.copyOf(taints);
  }

  /** An ordinary node, as the cloud makes them. */
  public NodeSpec(String name, String zone, String instanceId, String instanceType) {
    this(
        name,
        zone,
        instanceId,
        instanceType,
        "qcloud:///" + number(zone) + "/" + instanceId,
        DEFAULT_CPUS,
        Map.of(),
        List.of());
  }

  /** The same with another {@code spec.providerID}, to try what is none. */
  public NodeSpec withProviderId(String other) {
    return new NodeSpec(name, zone, instanceId, instanceType, other, cpus, labels, taints);
  }

  /** The same with as many cores. */
  public NodeSpec withCpus(int count) {
    return new NodeSpec(name, zone, instanceId, instanceType, providerId, count, labels, taints);
  }

  /** The same with one more label. */
  public NodeSpec withLabel(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(labels);
    more.put(key, value);
    return new NodeSpec(name, zone, instanceId, instanceType, providerId, cpus, more, taints);
  }

  /** The same with these taints at birth. */
  public NodeSpec withTaints(String... keysAndEffects) {
    return new NodeSpec(
        name, zone, instanceId, instanceType, providerId, cpus, labels, List.of(keysAndEffects));
  }

  /** The number that TKE has for a zone in the labels and the provider's id of its nodes. */
  static String number(String zone) {
    return zone.isEmpty() ? "0" : Integer.toString(160_000 + Math.floorMod(zone.hashCode(), 9_999));
  }

  /** The same without the labels of its zone. */
  public NodeSpec withoutZone() {
    return new NodeSpec(name, "", instanceId, instanceType, providerId, cpus, labels, taints);
  }
}
