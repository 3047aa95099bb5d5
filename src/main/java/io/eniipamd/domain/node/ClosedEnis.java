package io.eniipamd.domain.node;

import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.node.EniDecision.Step;
import io.eniipamd.domain.node.LeavingEni.Where;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What becomes of the ENIs that a node has closed and that is there: one that is needed again, and
 * whose removal has not begun, is opened again instead of adding another; the others are given
 * back.
 *
 * @param steps what to do for them
 * @param growth the ENIs to add beside those that are opened again
 * @param look whether the cloud has to be asked first where an ENI is that is to be opened again
 */
record ClosedEnis(List<Step.OfLeaving> steps, EniGrowth growth, boolean look) {
  ClosedEnis {
    steps = List.copyOf(steps);
  }

  /** Decides that, with what the node needs if it had no other ENIs than those not closed. */
  static ClosedEnis plan(EniNeeds needs, List<LeavingEni> closed) {
    return new Planner(needs, closed).plan();
  }

  private static final class Planner {
    private final EniNeeds needs;
    private final List<LeavingEni> closed;
    private final List<Step.OfLeaving> steps = new ArrayList<>();
    private final List<EniRoom> reopened = new ArrayList<>();
    private boolean look;

    Planner(EniNeeds needs, List<LeavingEni> closed) {
      this.needs = needs;
      this.closed = closed;
    }

    ClosedEnis plan() {
      var growth = growth();
      for (var eni : closed) {
        switch (eni.where()) {
          case COMING, NEVER_MADE, BUSY -> {}
          case GONE, OTHERS -> steps.add(new Step.StrikeOff(eni));
          case ELSEWHERE ->
              steps.add(
                  new Step.Mention(
                      eni, NodeProblems.eniElsewhere(needs.node(), eni.eniId().orElse(""))));
          case LOOSE -> LeavePolicy.giveBack(eni).forEach(steps::add);
          case ATTACHED -> {
            var with = growth(eni);
            if (eni.used() > 0 || isLess(with, growth)) {
              reopen(eni);
              growth = with;
            } else {
              steps.add(new Step.GiveBack(eni));
            }
          }
        }
      }
      return new ClosedEnis(steps, withoutFull(growth), look);
    }

    /** A removal may have begun in an earlier process: where the ENI is has to be seen first. */
    private void reopen(LeavingEni eni) {
      reopened.add(room(eni));
      if (eni.seen()) {
        steps.add(new Step.Reopen(eni));
      } else {
        look = true;
      }
    }

    private static boolean isLess(EniGrowth with, EniGrowth without) {
      return with.subnets().size() < without.subnets().size()
          || (with.problem().isEmpty() && without.problem().isPresent());
    }

    private EniGrowth growth(LeavingEni... more) {
      var present = new ArrayList<>(needs.present());
      present.addAll(reopened);
      for (var eni : more) {
        present.add(room(eni));
      }
      long taking = closed.stream().filter(Planner::takesAPlace).count();
      return EniGrowth.plan(
          new EniNeeds(
              needs.node(),
              needs.zone(),
              needs.limits(),
              needs.strangers() + (int) taking - reopened.size() - more.length,
              present,
              needs.subnets(),
              needs.desiredSlots(),
              needs.waiting()));
    }

    private static boolean takesAPlace(LeavingEni eni) {
      return eni.where() == Where.ATTACHED || eni.where() == Where.BUSY;
    }

    private EniRoom room(LeavingEni eni) {
      return new EniRoom(eni.subnetId(), needs.limits().slotsPerEni(), eni.used());
    }

    /** A place on the instance is about to be free: that the node is full is not told. */
    private EniGrowth withoutFull(EniGrowth growth) {
      boolean full = growth.problem().filter(p -> p.reason() == NodeReason.NODE_FULL).isPresent();
      return full && closed.stream().anyMatch(Planner::takesAPlace)
          ? new EniGrowth(growth.subnets(), Optional.empty())
          : growth;
    }
  }
}
