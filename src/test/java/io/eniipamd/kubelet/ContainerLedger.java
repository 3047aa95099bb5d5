package io.eniipamd.kubelet;

import io.eniipamd.kubelet.PodStep.Containers;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What the nodes know of the containers on them, by the UID of their Pod. Thread-safe. */
final class ContainerLedger {

  /**
   * The containers of a Pod.
   *
   * @param address what they use
   * @param claimed whether the address is of a claim
   */
  record Entry(
      String namespace,
      String name,
      String uid,
      String node,
      String address,
      boolean claimed,
      Containers state) {}

  private final ConcurrentHashMap<String, Entry> entries = new ConcurrentHashMap<>();

  void started(Pod pod, String address) {
    entries.put(
        pod.getMetadata().getUid(),
        new Entry(
            pod.getMetadata().getNamespace(),
            pod.getMetadata().getName(),
            pod.getMetadata().getUid(),
            pod.getSpec().getNodeName(),
            address,
            PodNetwork.of(pod) == PodNetwork.VPC_CNI,
            Containers.LIVING));
  }

  void ended(String uid) {
    entries.computeIfPresent(
        uid,
        (key, it) ->
            new Entry(
                it.namespace(),
                it.name(),
                it.uid(),
                it.node(),
                it.address(),
                it.claimed(),
                Containers.ENDED));
  }

  void forget(String uid) {
    entries.remove(uid);
  }

  Containers state(String uid) {
    Entry entry = entries.get(uid);
    return entry == null ? Containers.UNKNOWN : entry.state();
  }

  /** The Pod of a name whose containers live with a claim's address. */
  Optional<Entry> livingWithClaim(String namespace, String name) {
    return livingWithClaim().stream()
        .filter(it -> it.namespace().equals(namespace) && it.name().equals(name))
        .findFirst();
  }

  /** All Pods whose containers live with a claim's address. */
  List<Entry> livingWithClaim() {
    return entries.values().stream()
        .filter(it -> it.claimed() && it.state() == Containers.LIVING)
        .toList();
  }
}
