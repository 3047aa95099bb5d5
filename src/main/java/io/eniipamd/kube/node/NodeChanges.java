package io.eniipamd.kube.node;

import io.eniipamd.kube.support.SlimNode;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;

/**
 * Passes only changes that decisions about a Node depend on, so that heartbeats enqueue nothing.
 */
public final class NodeChanges implements OnUpdateFilter<SlimNode> {

  @Override
  public boolean accept(SlimNode now, SlimNode before) {
    return now.isMarkedForDeletion() != before.isMarkedForDeletion()
        || !now.getMetadata().getUid().equals(before.getMetadata().getUid())
        || NodeTaint.isOn(now) != NodeTaint.isOn(before)
        || !NodeGatherer.node(now).equals(NodeGatherer.node(before));
  }
}
