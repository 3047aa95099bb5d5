package io.eniipamd.domain.node;

import io.eniipamd.domain.address.Ip;
import java.util.List;

/**
 * What is known of the warm addresses of a node.
 *
 * @param targets how many the node should have
 * @param enis its attached ENIs
 * @param waiting how many Pods wait for a slot on the node; theirs go first
 */
public record WarmNeeds(WarmTargets targets, List<Eni> enis, int waiting) {
  public WarmNeeds {
    enis = List.copyOf(enis);
  }

  /** How many warm addresses there are. */
  public int warm() {
    return enis.stream().mapToInt(e -> e.warm().size()).sum();
  }

  /** Whether there are fewer than there should be. */
  public boolean isBelow() {
    return warm() < targets.min();
  }

  /**
   * An ENI of the node.
   *
   * @param slots how many Pod addresses it can carry; zero where it takes no further one for now
   * @param used how many of them were used a moment ago
   * @param warm its warm addresses, those on their way included; the last is released first
   * @param freeInSubnet how many addresses of its subnet are free
   */
  public record Eni(
      String eniId, String subnetId, int slots, int used, List<Ip> warm, long freeInSubnet) {
    public Eni {
      warm = List.copyOf(warm);
    }

    /** How many more addresses it can carry. */
    public int room() {
      return Math.max(0, slots - used);
    }
  }
}
