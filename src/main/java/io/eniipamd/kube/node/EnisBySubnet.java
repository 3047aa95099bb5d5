package io.eniipamd.kube.node;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.kube.support.SharedCache;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Which nodes have ENIs of which subnet, by their records. The addresses retained on a node that
 * goes all need another place at once, and must not walk all ENIs of the cluster for each of them.
 */
final class EnisBySubnet implements SharedCache.Listener<NodeENIConfig> {
  @GuardedBy("this")
  private final Map<String, Set<String>> nodes = new HashMap<>();

  @GuardedBy("this")
  private final Map<String, Set<String>> subnets = new HashMap<>();

  @Override
  public void changed(NodeENIConfig nec) {
    note(
        nec.getMetadata().getName(),
        nec.statusOrEmpty().eniInfos().stream()
            .map(EniInfo::subnetId)
            .collect(Collectors.toUnmodifiableSet()));
  }

  @Override
  public void deleted(NodeENIConfig nec) {
    note(nec.getMetadata().getName(), Set.of());
  }

  private synchronized void note(String node, Set<String> now) {
    var before = now.isEmpty() ? subnets.remove(node) : subnets.put(node, now);
    if (now.equals(before)) {
      return;
    }
    if (before != null) {
      before.forEach(
          subnet ->
              nodes.computeIfPresent(
                  subnet,
                  (_, names) -> {
                    names.remove(node);
                    return names.isEmpty() ? null : names;
                  }));
    }
    now.forEach(subnet -> nodes.computeIfAbsent(subnet, _ -> new TreeSet<>()).add(node));
  }

  /** The nodes that have ENIs of a subnet. */
  synchronized Set<String> nodesOf(String subnetId) {
    return Set.copyOf(nodes.getOrDefault(subnetId, Set.of()));
  }
}
