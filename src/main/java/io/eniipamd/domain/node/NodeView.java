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
 */
public record NodeView(
    String name, String zone, List<EniView> enis, Optional<Trouble> trouble, boolean mayGrow) {
  public NodeView {
    enis = List.copyOf(enis);
  }
}
