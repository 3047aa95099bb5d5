package io.eniipamd.domain.node;

import io.eniipamd.domain.node.EniDecision.Step;
import java.util.ArrayList;
import java.util.List;

/** Which ENIs a node that lives can do without. */
final class EniShrink {
  private EniShrink() {}

  /**
   * The ENIs to close: those that have been empty for long, as long as the node would not add
   * another one in their place. What a node needs is said by {@link EniGrowth} alone: one ENI at
   * least, room for the desired number of addresses, and a slot for each Pod that waits. Whoever
   * wants more addresses at hand adds them there.
   *
   * @param needs what the node needs, with all its ENIs
   * @param idle those of them that have been empty for long
   */
  static List<Step.Close> plan(EniNeeds needs, List<LeavingEni> idle) {
    if (!needs.waiting().isEmpty() || !isEnough(needs, needs.present())) {
      return List.of();
    }
    var closed = new ArrayList<Step.Close>();
    var left = new ArrayList<>(needs.present());
    for (var eni : idle) {
      var room = new EniRoom(eni.subnetId(), needs.limits().slotsPerEni(), 0);
      var without = new ArrayList<>(left);
      if (without.remove(room) && isEnough(needs, without)) {
        left = without;
        closed.add(new Step.Close(eni));
      }
    }
    return closed;
  }

  private static boolean isEnough(EniNeeds needs, List<EniRoom> present) {
    var growth =
        EniGrowth.plan(
            new EniNeeds(
                needs.node(),
                needs.zone(),
                needs.limits(),
                needs.strangers(),
                present,
                needs.subnets(),
                needs.desiredSlots(),
                needs.waiting()));
    return growth.subnets().isEmpty() && growth.problem().isEmpty();
  }
}
