package io.eniipamd.kube.node;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.Listing;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.kube.node.NodeCloud.Look;
import io.eniipamd.kube.support.CloudReaders;
import io.eniipamd.kube.support.EniTags;
import io.eniipamd.kube.support.EnisById;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * What the cloud has for nodes that are gone, in looks that they share: nodes go by the hundred. A
 * look that began before a caller came is no answer to it.
 */
@Singleton
final class SharedLooks {
  /** For more nodes than these, one list of the cluster's ENIs costs less than a look for each. */
  private static final int FEW = 3;

  private final VpcCloud cloud;
  private final NodeCloud single;
  private final String cluster;
  private final Executor readers;
  private final List<Asked> waiting = new ArrayList<>();
  private boolean looking;

  /**
   * @param readers where the cloud is asked
   */
  SharedLooks(
      VpcCloud cloud, NodeCloud single, NodeSettings settings, @CloudReaders Executor readers) {
    this.cloud = cloud;
    this.single = single;
    this.cluster = settings.clusterId();
    this.readers = readers;
  }

  private record Asked(
      String node, String instanceId, Set<String> recorded, CompletableFuture<Look> answer) {}

  /**
   * Which ENIs there are of a node.
   *
   * @param recorded ENIs that are recorded for the node, wherever they are
   */
  CompletionStage<Look> look(String node, String instanceId, Set<String> recorded) {
    var asked = new Asked(node, instanceId, Set.copyOf(recorded), new CompletableFuture<>());
    boolean idle;
    synchronized (waiting) {
      waiting.add(asked);
      idle = !looking;
      looking = true;
    }
    if (idle) {
      readers.execute(this::lookWhileAnybodyWaits);
    }
    return asked.answer();
  }

  private void lookWhileAnybodyWaits() {
    while (true) {
      List<Asked> turn;
      synchronized (waiting) {
        turn = List.copyOf(waiting);
        waiting.clear();
        if (turn.isEmpty()) {
          looking = false;
          return;
        }
      }
      if (turn.size() <= FEW) {
        turn.forEach(this::lookForOne);
      } else {
        lookForAll(turn);
      }
    }
  }

  /** Waits for the end, so that those who come meanwhile share the next look. */
  private void lookForOne(Asked one) {
    try {
      var unused =
          single
              .look(one.node(), one.instanceId(), one.recorded())
              .whenComplete(
                  (look, failure) -> {
                    if (failure == null) {
                      one.answer().complete(look);
                    } else {
                      one.answer().completeExceptionally(failure);
                    }
                  })
              .toCompletableFuture()
              .handle((_, _) -> true)
              .join();
    } catch (RuntimeException e) {
      one.answer().completeExceptionally(e);
    }
  }

  private void lookForAll(List<Asked> turn) {
    try {
      var ofCluster =
          cloud.networkInterfaces(new EniQuery.ByTags(Map.of(EniTags.CLUSTER, cluster)));
      // Those that the list shows in a way that cannot be read are not asked for again.
      var unseen = new HashSet<String>();
      turn.forEach(one -> unseen.addAll(one.recorded()));
      unseen.removeAll(ofCluster.found().keySet());
      unseen.removeAll(ofCluster.unclear().keySet());
      var all = ofCluster.and(EnisById.read(cloud, List.copyOf(unseen)));
      turn.forEach(one -> answer(one, all));
    } catch (RuntimeException e) {
      turn.forEach(one -> one.answer().completeExceptionally(e));
    }
  }

  private void answer(Asked one, Listing<NetworkInterface> all) {
    try {
      var seen = new LinkedHashMap<String, NetworkInterface>();
      var gone = new HashSet<String>();
      for (var eniId : one.recorded()) {
        all.find(eniId).ifPresentOrElse(eni -> seen.put(eniId, eni), () -> gone.add(eniId));
      }
      all.found().values().stream()
          .filter(eni -> isOf(one, eni))
          .forEach(eni -> seen.putIfAbsent(eni.id(), eni));
      one.answer().complete(NodeCloud.look(cluster, one.instanceId(), seen.values(), gone));
    } catch (CloudException unclear) {
      one.answer().completeExceptionally(unclear);
    }
  }

  private boolean isOf(Asked one, NetworkInterface eni) {
    return cluster.equals(eni.tags().get(EniTags.CLUSTER))
        && (one.node().equals(eni.tags().get(EniTags.NODE))
            || eni.instanceId().filter(one.instanceId()::equals).isPresent());
  }
}
