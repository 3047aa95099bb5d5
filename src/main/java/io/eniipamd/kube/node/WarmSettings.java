package io.eniipamd.kube.node;

import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.node.WarmTargets;
import io.eniipamd.kube.support.EventRecorder;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;

/** How many unused addresses each node keeps ready: its record's annotations, or the flags. */
@Singleton
final class WarmSettings {
  private final WarmTargets flags;
  private final EventRecorder events;

  /**
   * @param flags what counts for nodes whose records say nothing
   */
  WarmSettings(WarmTargets flags, EventRecorder events) {
    this.flags = flags;
    this.events = events;
  }

  /** The targets in force; an invalid pair of annotations does not count. */
  WarmTargets of(NodeENIConfig nec) {
    return read(nec).targets().orElse(flags);
  }

  /** The same, and tells of an invalid pair. */
  WarmTargets checked(NodeENIConfig nec) {
    read(nec)
        .problem()
        .ifPresent(
            problem ->
                events.warn(
                    nec,
                    NodeReason.WARM_TARGET_INVALID,
                    "%s; the flags of the operator (%d and %d) count"
                        .formatted(problem, flags.min(), flags.max())));
    return of(nec);
  }

  private static WarmTargets.Read read(NodeENIConfig nec) {
    var annotations =
        Optional.ofNullable(nec.getMetadata().getAnnotations()).orElse(Map.<String, String>of());
    return WarmTargets.read(
        Names.WARM_TARGET_MIN,
        annotations.get(Names.WARM_TARGET_MIN),
        Names.WARM_TARGET_MAX,
        annotations.get(Names.WARM_TARGET_MAX));
  }
}
