package io.eniipamd.domain.node;

import java.util.List;
import java.util.Optional;

/**
 * A node as a Pod's claim sees it.
 *
 * @param name the node
 * @param zone its availability zone
 * @param enis its attached ENIs
 * @param trouble why it has no more of them
 * @param mayGrow whether further ENIs may come
 * @param zoneLabel its label that selects the nodes of its zone, where it has one with the name
 */
public record NodeView(
    String name,
    String zone,
    List<EniView> enis,
    Optional<Trouble> trouble,
    boolean mayGrow,
    Optional<ZoneLabel> zoneLabel) {
  public NodeView {
    enis = List.copyOf(enis);
  }

  /** A node that no label selects by its zone. */
  public NodeView(
      String name, String zone, List<EniView> enis, Optional<Trouble> trouble, boolean mayGrow) {
    this(name, zone, enis, trouble, mayGrow, Optional.empty());
  }
}
