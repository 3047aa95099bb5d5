package io.eniipamd.domain.claim;

import io.eniipamd.domain.condition.Reason;
import io.eniipamd.domain.node.EniView;
import java.util.Optional;

/**
 * What bears on a retained claim beside its address: whether it may be released, whether it may
 * stay where it is, and whether its status is still true.
 *
 * @param stale whether the status says something else of policy or expiry than what is in force
 * @param scaledAway whether its StatefulSet was scaled away from it and its address is to go then
 * @param hold what keeps it from being released although it should be
 * @param relocation set where its address has to leave the ENI it is on
 */
public record RetentionView(
    boolean stale, boolean scaledAway, Optional<Pause> hold, Optional<Relocation> relocation) {

  /** Nothing bears on it. */
  public static final RetentionView QUIETLY =
      new RetentionView(false, false, Optional.empty(), Optional.empty());

  /**
   * A pause.
   *
   * @param reason the reason of the condition
   * @param message who holds it up, and what ends that
   * @param told whether the status already says so
   */
  public record Pause(Reason reason, String message, boolean told) {}

  /**
   * The address has to make room, or has not got any, or its node is gone.
   *
   * @param from the node that it has to leave
   * @param nodeGone whether that is because the node is gone
   */
  public record Relocation(String from, boolean nodeGone) {}

  /** An ENI on a node. */
  public record Place(String node, EniView eni) {}
}
