package io.eniipamd.domain.node;

import java.util.Optional;

/** What is to be done about the taint that keeps Pods from a node without an ENI for them. */
public enum TaintStep {
  NOTHING,
  /** At once: Pods that come from now on would have to wait. */
  PUT,
  /** After the Node offers its slots: who finds the node open finds them, too. */
  TAKE_AWAY;

  /**
   * Decides by whether an ENI of the node can carry Pods. A Node on no instance can have none, and
   * the operator could never take the taint away again: what others have put there stays.
   *
   * @param enabled whether nodes are to be tainted; if not, the taint is taken from all of them
   * @param tainted whether the Node has the taint, whoever put it there
   * @param node the Node, which exists
   * @param nec its record, if there is one
   * @param next what else is done for the Node before the taint is taken away
   */
  public static TaintStep decide(
      boolean enabled,
      boolean tainted,
      NodeFacts node,
      Optional<RecordFacts> nec,
      NodeDecision next) {
    if (node.virtual()) {
      return NOTHING;
    }
    if (!enabled) {
      return tainted ? TAKE_AWAY : NOTHING;
    }
    if (node.instanceId().isEmpty() || nec.filter(RecordFacts::leaving).isPresent()) {
      // A record that is deleted while its Node exists is created again from the ENIs there.
      return NOTHING;
    }
    boolean serves =
        nec.filter(known -> known.instanceId().equals(node.instanceId()))
            .filter(RecordFacts::ready)
            .filter(known -> known.offer().isPresent())
            .isPresent();
    if (!serves) {
      return tainted ? NOTHING : PUT;
    }
    // The offer comes after what the record lacks.
    return tainted && !(next instanceof NodeDecision.Fill) ? TAKE_AWAY : NOTHING;
  }
}
