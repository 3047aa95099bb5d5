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
          facts.coming().stream().<Step>flatMap(EniPolicy::record).toList(),
          List.of(),
          blocked,
          true);
    }
    if (facts.instance().id().isEmpty()) {
      // The Node says it now; its record is about to.
      return new EniDecision.Work(List.of(), List.of(), none(), false);
    }
    if (!facts.unrecorded().isEmpty()) {
      return new EniDecision.RecreateRecord(facts.unrecorded());
    }
    var instance = facts.instance();
    boolean unknown =
        instance.limits().isEmpty() || (instance.zone().isEmpty() && !instance.asked());
    if (unknown || !instance.looked()) {
      return new EniDecision.Learn(unknown, !instance.looked(), instance.learning());
    }
    if (instance.zone().isEmpty()) {
      return new EniDecision.Work(
          List.of(), List.of(), Optional.of(NodeProblems.zoneMissing(facts.node())), true);
    }
    if (!instance.zone().equals(instance.recordedZone())) {
      return new EniDecision.Locate(instance.zone().get());
    }
    if (!facts.found().isEmpty()) {
      return new EniDecision.Adopt(facts.found());
    }
    return work(facts);
  }

  /** The machine and its place are known, and all ENIs that the cloud has are on record. */
  private static EniDecision work(EniFacts facts) {
    boolean allSeen = facts.subnets().unseen().isEmpty();
    var steps =
        Stream.<Step>concat(
                facts.coming().stream().flatMap(eni -> step(facts, eni)),
                facts.left().stream().flatMap(left -> left(facts.node(), left)))
            .toList();
    var closed =
        allSeen
            ? ClosedEnis.plan(needs(facts), closed(facts))
            : new ClosedEnis(List.of(), new EniGrowth(List.of(), none()), false);
    if (closed.look()) {
      return new EniDecision.Learn(false, true, facts.instance().learning());
    }
    var growth = closed.growth();
    var problem = steps.stream().flatMap(EniPolicy::problem).findFirst();
    var paused =
        facts.coming().stream()
            .map(PendingEni::standing)
            .flatMap(s -> s instanceof BindingState.Paused p ? Stream.of(p.problem()) : Stream.of())
            .findFirst();
    boolean calm = allSeen && facts.coming().isEmpty() && closed(facts).isEmpty();
    var surplus = calm ? EniShrink.plan(needs(facts), facts.leaving()) : List.<Step.Close>of();
    return new EniDecision.Work(
        Stream.of(steps, closed.steps(), surplus).<Step>flatMap(List::stream).toList(),
        growth.subnets(),
        problem
            .or(() -> paused)
            .or(growth::problem)
            .or(() -> allSeen ? none() : facts.subnets().unseenBecause()),
        allSeen && growth.subnets().isEmpty() && !underWay(facts),
        facts.left().stream().anyMatch(EniPolicy::waits) || takenByStrangers(facts, growth));
  }

  private static List<LeavingEni> closed(EniFacts facts) {
    return facts.leaving().stream().filter(LeavingEni::closed).toList();
  }

  private static Optional<Problem> none() {
    return Optional.empty();
  }

  private static Optional<Problem> blocked(EniFacts facts) {
    if (facts.nodeFacts().isEmpty()) {
      return Optional.of(NodeProblems.nodeGone(facts.node()));
    }
    var node = facts.nodeFacts().get();
    if (facts.instance().id().isEmpty()) {
      return node.problem();
    }
    return node.instanceId()
        .filter(now -> !now.equals(facts.instance().id().get()))
        .map(now -> NodeProblems.instanceChanged(facts.node(), facts.instance().id().get(), now))
        .or(node::subnetProblem);
  }

  private static Stream<Step.OfPending> record(PendingEni eni) {
    return eni.standing() instanceof BindingState.Bound bound
        ? Stream.of(new Step.RecordBound(eni, bound.eni()))
        : Stream.of();
  }

  private static Stream<Step.OfPending> step(EniFacts facts, PendingEni eni) {
    return switch (eni.standing()) {
      case BindingState.Open _ -> Stream.of(new Step.Begin(eni));
      case BindingState.UnderWay _ -> Stream.of();
      case BindingState.Paused _ -> Stream.of();
      case BindingState.Bound bound -> Stream.of(new Step.RecordBound(eni, bound.eni()));
      case BindingState.Refused refused -> Stream.of(refused(facts, eni, refused));
    };
  }

  private static Step.OfPending refused(
      EniFacts facts, PendingEni eni, BindingState.Refused refused) {
    var said = refused.said();
    int waiting = facts.wanted().waiting().size();
    return switch (refused.refusal()) {
      case QUOTA ->
          new Step.Pause(eni, said, NodeProblems.eniLimit(said, refused.quota(), waiting));
      case INSTANCE_FULL ->
          new Step.Pause(eni, said, NodeProblems.instanceFull(said, facts.instance(), waiting));
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
  public static Stream<Step.OfLeft> left(String node, LeftEni eni) {
    return switch (eni.where()) {
      case GONE, OTHERS -> eni.recorded() ? Stream.of(new Step.Forget(eni)) : Stream.of();
      case EMPTY -> eni.recorded() ? Stream.of(new Step.Remove(eni)) : Stream.of();
      case LOADED, ELSEWHERE -> Stream.of(new Step.Tell(NodeProblems.eniLeftBehind(node, eni)));
      case BUSY -> Stream.of();
    };
  }

  /** Whether the node is full, and would not be without the ENIs that are not this cluster's. */
  private static boolean takenByStrangers(EniFacts facts, EniGrowth growth) {
    return facts.instance().strangers() > 0
        && growth.problem().filter(t -> t.reason() == NodeReason.NODE_FULL).isPresent();
  }

  /** Whether another party has to act, of which there is no event. */
  private static boolean waits(LeftEni eni) {
    return switch (eni.where()) {
      case LOADED, ELSEWHERE, BUSY -> true;
      case GONE, OTHERS, EMPTY -> false;
    };
  }

  /** A given-up address is no problem of the node: the next one is chosen at once. */
  private static Stream<Problem> problem(Step step) {
    return switch (step) {
      case Step.Begin _, Step.RecordBound _, Step.GiveUp _, Step.OfLeft _, Step.OfLeaving _ ->
          Stream.of();
      case Step.Pause pause -> Stream.of(pause.problem());
    };
  }

  private static boolean underWay(EniFacts facts) {
    return facts.coming().stream().anyMatch(c -> !(c.standing() instanceof BindingState.Bound));
  }

  private static EniNeeds needs(EniFacts facts) {
    var limits = facts.instance().limits().orElseThrow();
    var present = new ArrayList<>(facts.attached());
    facts.coming().forEach(c -> present.add(new EniRoom(c.subnetId(), limits.slotsPerEni(), 0)));
    return new EniNeeds(
        facts.node(),
        facts.instance().zone().orElseThrow(),
        limits,
        facts.instance().strangers(),
        present,
        facts.subnets().rooms(),
        facts.wanted().desiredSlots(),
        facts.wanted().waiting());
  }
}
