package io.eniipamd.kube.support;

import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Room that Pods wait for on nodes: what claims ask of the room that binds ENIs, without either
 * knowing the other. It lives in memory only; after a restart the waiting claims ask again.
 */
@Singleton
public final class EniDemand {

  private final Map<String, Map<String, Set<String>>> byNode = new HashMap<>();

  /** The nodes on which a claim waits, by its UID: claims that never waited are withdrawn too. */
  private final Map<String, Set<String>> nodesOf = new HashMap<>();

  private volatile Consumer<String> bell = _ -> {};

  /** Called when a node's demand has grown. */
  public void onGrowth(Consumer<String> node) {
    bell = node;
  }

  /**
   * A claim waits for a slot on a node.
   *
   * @param subnets that the slot's ENI may be from; empty for any
   */
  public void ask(String node, String claimUid, Set<String> subnets) {
    boolean grown;
    synchronized (this) {
      var before =
          byNode.computeIfAbsent(node, _ -> new HashMap<>()).put(claimUid, Set.copyOf(subnets));
      nodesOf.computeIfAbsent(claimUid, _ -> new HashSet<>()).add(node);
      grown = !Set.copyOf(subnets).equals(before);
    }
    if (grown) {
      bell.accept(node);
    }
  }

  /** A claim waits no longer, on whichever node. */
  public synchronized void withdraw(String claimUid) {
    var nodes = nodesOf.remove(claimUid);
    if (nodes == null) {
      return;
    }
    for (var node : nodes) {
      byNode.computeIfPresent(
          node,
          (_, asked) -> {
            asked.remove(claimUid);
            return asked.isEmpty() ? null : asked;
          });
    }
  }

  /** The claims that wait on a node: UID to the subnets that they accept (empty: any). */
  public synchronized Map<String, Set<String>> on(String node) {
    return Map.copyOf(byNode.getOrDefault(node, Map.of()));
  }
}
