package io.eniipamd.domain.node;

import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.node.EniDecision.Step;
import io.eniipamd.domain.node.PendingEni.BindingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which ENIs a node gets, and what becomes of those on their way. */
public final class EniPolicy {
  private EniPolicy() {}

  public static EniDecision decide(EniFacts facts) {
    var blocked = blocked(facts);
    if (blocked.isPresent()) {
      // What was begun before is written down all the same.
      return new EniDecision.Work(
          facts.coming().stream().flatMap(EniPolicy::record).toList(), List.of(), blocked, true);
    }
    if (facts.instanceId().isEmpty()) {
      // The Node says it now; its record is about to.
      return new EniDecision.Work(List.of(), List.of(), none(), false);
    }
    if (!facts.unrecorded().isEmpty()) {
      return new EniDecision.RecreateRecord(facts.unrecorded());
    }
    boolean unknown = facts.limits().isEmpty() || (facts.zone().isEmpty() && !facts.asked());
    if (unknown || !facts.looked()) {
      return new EniDecision.Learn(unknown, !facts.looked(), facts.learning());
    }
    if (facts.zone().isEmpty()) {
      return new EniDecision.Work(
          List.of(), List.of(), Optional.of(NodeProblems.zoneMissing(facts.node())), true);
    }
    if (!facts.zone().equals(facts.recordedZone())) {
      return new EniDecision.Locate(facts.zone().get());
    }
    if (!facts.found().isEmpty()) {
      return new EniDecision.Adopt(facts.found());
    }
    var steps =
        Stream.concat(
                facts.coming().stream().flatMap(EniPolicy::step),
                facts.left().stream().flatMap(left -> left(facts.node(), left)))
            .toList();
    var growth =
        facts.unseen().isEmpty() ? EniGrowth.plan(needs(facts)) : new EniGrowth(List.of(), none());
    var problem = steps.stream().flatMap(EniPolicy::problem).findFirst();
    var paused =
        facts.coming().stream()
            .map(PendingEni::standing)
            .flatMap(s -> s instanceof BindingState.Paused p ? Stream.of(p.problem()) : Stream.of())
            .findFirst();
    return new EniDecision.Work(
        steps,
        growth.subnets(),
        problem
            .or(() -> paused)
            .or(growth::problem)
            .or(() -> facts.unseen().isEmpty() ? none() : facts.unseenBecause()),
        facts.unseen().isEmpty() && growth.subnets().isEmpty() && !underWay(facts),
        facts.left().stream().anyMatch(EniPolicy::waits) || takenByStrangers(facts, growth));
  }

  private static Optional<Problem> none() {
    return Optional.empty();
  }

  private static Optional<Problem> blocked(EniFacts facts) {
    if (facts.nodeFacts().isEmpty()) {
      return Optional.of(NodeProblems.nodeGone(facts.node()));
    }
    var node = facts.nodeFacts().get();
    if (facts.instanceId().isEmpty()) {
      return node.problem();
    }
    return node.instanceId()
        .filter(now -> !now.equals(facts.instanceId().get()))
        .map(now -> NodeProblems.instanceChanged(facts.node(), facts.instanceId().get(), now))
        .or(node::subnetTrouble);
  }

  private static Stream<Step> record(PendingEni eni) {
    return eni.standing() instanceof BindingState.Bound bound
        ? Stream.of(new Step.RecordBound(eni, bound.eni()))
        : Stream.of();
  }

  private static Stream<Step> step(PendingEni eni) {
    return switch (eni.standing()) {
      case BindingState.Open open -> Stream.of(new Step.Begin(eni));
      case BindingState.UnderWay underWay -> Stream.of();
      case BindingState.Paused paused -> Stream.of();
      case BindingState.Bound bound -> Stream.of(new Step.RecordBound(eni, bound.eni()));
      case BindingState.Refused refused -> Stream.of(refused(eni, refused));
    };
  }

  private static Step refused(PendingEni eni, BindingState.Refused refused) {
    var said = refused.said();
    return switch (refused.refusal()) {
      case QUOTA -> new Step.Pause(eni, said, NodeProblems.eniLimit(said));
      case DENIED -> new Step.Pause(eni, said, NodeProblems.denied(said));
      case OTHER -> new Step.Pause(eni, said, NodeProblems.eniFailed(said));
      case ADDRESS_TAKEN -> new Step.GiveUp(eni, true, NodeProblems.addressTaken(said));
      case SUBNET_FULL -> new Step.GiveUp(eni, false, new Problem(NodeReason.SUBNET_FULL, said));
    };
  }

  /**
   * What becomes of an ENI that is not on the node's instance. It is never put onto this one: what
   * is on it is of the machine before.
   */
  public static Stream<Step> left(String node, LeftEni eni) {
    return switch (eni.where()) {
      case GONE, OTHERS -> eni.recorded() ? Stream.of(new Step.Forget(eni)) : Stream.of();
      case EMPTY -> eni.recorded() ? Stream.of(new Step.Remove(eni)) : Stream.of();
      case LOADED, ELSEWHERE ->
          Stream.of(new Step.Tell(eni, NodeProblems.eniLeftBehind(node, eni)));
      case BUSY -> Stream.of();
    };
  }

  /** Whether the node is full, and would not be if ENIs that are not ours went away. */
  private static boolean takenByStrangers(EniFacts facts, EniGrowth growth) {
    return facts.strangers() > 0
        && growth.problem().filter(t -> t.reason() == NodeReason.NODE_FULL).isPresent();
  }

  /** Whether others have to do something, which nobody tells of. */
  private static boolean waits(LeftEni eni) {
    return switch (eni.where()) {
      case LOADED, ELSEWHERE, BUSY -> true;
      case GONE, OTHERS, EMPTY -> false;
    };
  }

  /** A given-up address is no trouble of the node: the next one is chosen at once. */
  private static Stream<Problem> problem(Step step) {
    return switch (step) {
      case Step.Begin begin -> Stream.of();
      case Step.RecordBound written -> Stream.of();
      case Step.GiveUp giveUp -> Stream.of();
      case Step.Forget forget -> Stream.of();
      case Step.Remove remove -> Stream.of();
      case Step.Tell tell -> Stream.of();
      case Step.Pause pause -> Stream.of(pause.problem());
    };
  }

  private static boolean underWay(EniFacts facts) {
    return facts.coming().stream().anyMatch(c -> !(c.standing() instanceof BindingState.Bound));
  }

  private static EniNeeds needs(EniFacts facts) {
    var limits = facts.limits().orElseThrow();
    var present = new ArrayList<>(facts.attached());
    facts.coming().forEach(c -> present.add(new EniRoom(c.subnetId(), limits.slotsPerEni(), 0)));
    return new EniNeeds(
        facts.node(),
        facts.zone().orElseThrow(),
        limits,
        facts.strangers(),
        present,
        facts.subnets(),
        facts.desiredSlots(),
        facts.waiting());
  }
}
