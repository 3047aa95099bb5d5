package io.eniipamd.kube.node;

import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.domain.node.ZoneLabel;
import io.eniipamd.domain.node.ZoneLabels;
import io.eniipamd.domain.node.ZoneLabels.Labelled;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How the nodes of each zone are labelled. Nodes change every few minutes and their labels hardly
 * ever, so that the answer for a zone is kept until a label or a zone changes.
 */
@Singleton
public final class ZoneIndex {
  private final SharedCache<SlimNode> nodes;
  private final Map<String, Labelled> byNode = new ConcurrentHashMap<>();
  private volatile Map<String, Optional<ZoneLabels>> known = new ConcurrentHashMap<>();

  public ZoneIndex(SharedCache<SlimNode> nodes, SharedCache<NodeENIConfig> necs) {
    this.nodes = nodes;
    nodes.listen(
        new SharedCache.Listener<>() {
          @Override
          public void changed(SlimNode node) {
            note(node, necs.get(node.getMetadata().getName()));
          }

          @Override
          public void deleted(SlimNode node) {
            if (byNode.remove(node.getMetadata().getName()) != null) {
              known = new ConcurrentHashMap<>();
            }
          }
        });
    necs.listen(SharedCache.Listener.onAny(this::located));
  }

  private void located(NodeENIConfig nec) {
    nodes.get(nec.getMetadata().getName()).ifPresent(node -> note(node, Optional.of(nec)));
  }

  private void note(SlimNode node, Optional<NodeENIConfig> nec) {
    var zone =
        nec.flatMap(NodeGatherer::zone).or(() -> NodeGatherer.zone(node).map(ZoneLabel::value));
    var name = node.getMetadata().getName();
    var now = zone.map(z -> new Labelled(z, labels(node)));
    var before = now.isPresent() ? byNode.put(name, now.get()) : byNode.remove(name);
    if (!now.equals(Optional.ofNullable(before))) {
      known = new ConcurrentHashMap<>();
    }
  }

  private static Map<String, String> labels(SlimNode node) {
    var labels = new HashMap<String, String>();
    Names.ZONE_LABELS.forEach(key -> node.label(key).ifPresent(value -> labels.put(key, value)));
    return labels;
  }

  /** How the nodes of a zone are labelled; empty where no node tells it. */
  public Optional<ZoneLabels> of(String zone) {
    // Of the map that is there now: what is computed from older nodes is not put into a newer one.
    return known.computeIfAbsent(
        zone, z -> ZoneLabels.of(z, Names.ZONE_LABELS, List.copyOf(byNode.values())));
  }
}
