package io.eniipamd.kube.node;

import io.eniipamd.kube.support.SlimNode;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;

/** Lets pass what our decisions about a Node go by, so that heartbeats wake nobody. */
public final class NodeChanges implements OnUpdateFilter<SlimNode> {

  @Override
  public boolean accept(SlimNode now, SlimNode before) {
    return now.isMarkedForDeletion() != before.isMarkedForDeletion()
        || !now.getMetadata().getUid().equals(before.getMetadata().getUid())
        || !NodeGatherer.node(now).equals(NodeGatherer.node(before));
  }
}
