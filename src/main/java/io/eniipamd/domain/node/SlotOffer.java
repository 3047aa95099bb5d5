package io.eniipamd.domain.node;

import java.util.List;
import java.util.function.Predicate;

/** How many Pods a node can carry, with addresses to be had for them. */
public final class SlotOffer {
  private SlotOffer() {}

  /**
   * The slots of the ENIs whose subnets have addresses, those in use on the others, and the slots
   * of the ENIs that the node may still get. Never fewer than are in use and waited for: a kubelet
   * that starts again refuses the Pods beyond its offer, whether they run or wait, the youngest
   * first.
   *
   * @param limits of the node, with the caps applied
   * @param strangers ENIs on the instance that are not this cluster's and count against its limit
   * @param attached the node's ENIs that addresses can be put on
   * @param aside the slots in use on its other ENIs
   * @param waiting Pods of the node that wait for a slot or an address
   * @param takesPods whether a Pod can have an address of a subnet
   * @param takesEni whether there is a subnet for a further ENI, and an address beside its own
   */
  public static int of(
      RouteLimits limits,
      int strangers,
      List<EniRoom> attached,
      int aside,
      int waiting,
      Predicate<String> takesPods,
      boolean takesEni) {
    int inUse = aside + attached.stream().mapToInt(EniRoom::used).sum();
    int unused =
        attached.stream()
            .filter(eni -> takesPods.test(eni.subnetId()))
            .mapToInt(EniRoom::free)
            .sum();
    int further = Math.max(0, limits.enis() - strangers - attached.size());
    int offer = inUse + unused + (takesEni ? further * limits.slotsPerEni() : 0);
    return Math.max(offer, Math.min(limits.offer(), inUse + waiting));
  }
}
