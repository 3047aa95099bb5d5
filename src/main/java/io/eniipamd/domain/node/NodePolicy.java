package io.eniipamd.domain.node;

import java.util.Optional;

/** From a Node to its record, and from the record to what the Node offers. */
public final class NodePolicy {
  private NodePolicy() {}

  /**
   * Decides what a node's record has to become.
   *
   * @param node the Node, which exists
   * @param nec its record, if there is one
   */
  public static NodeDecision decide(NodeFacts node, Optional<RecordFacts> nec) {
    if (node.virtual()) {
      return new NodeDecision.Nothing();
    }
    if (nec.isEmpty()) {
      return new NodeDecision.Create(node.instanceId(), node.zone(), node.subnets());
    }
    var known = nec.get();
    if (known.leaving()) {
      return new NodeDecision.Nothing();
    }
    var replaced =
        known
            .instanceId()
            .flatMap(
                recorded ->
                    node.instanceId()
                        .filter(now -> !now.equals(recorded))
                        .map(now -> new NodeDecision.Renew(recorded, now)));
    if (replaced.isPresent()) {
      return replaced.get();
    }
    var filled =
        new NodeDecision.Fill(
            known.instanceId().or(node::instanceId),
            known.zone().filter(ProviderIds::isZone).or(node::zone),
            known.subnets().isEmpty() ? node.subnets() : known.subnets());
    if (!filled.equals(new NodeDecision.Fill(known.instanceId(), known.zone(), known.subnets()))) {
      return filled;
    }
    return known
        .offer()
        .filter(_ -> known.ready())
        .filter(
            n ->
                !node.offered().equals(Optional.of(Integer.toString(n)))
                    || isDirectNews(node, known))
        .<NodeDecision>map(n -> new NodeDecision.Offer(n, known.directEnis()))
        .orElseGet(NodeDecision.Nothing::new);
  }

  /** A Node that offers none and can have none says enough. */
  private static boolean isDirectNews(NodeFacts node, RecordFacts known) {
    return known
        .directEnis()
        .filter(n -> n > 0 || node.offeredDirect().isPresent())
        .filter(n -> !node.offeredDirect().equals(Optional.of(Integer.toString(n))))
        .isPresent();
  }
}
