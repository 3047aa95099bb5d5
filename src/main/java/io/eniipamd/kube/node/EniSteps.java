package io.eniipamd.kube.node;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.NodeENIConfigSpecBuilder;
import io.eniipamd.domain.node.EniDecision;
import io.eniipamd.domain.node.EniDecision.Step;
import io.eniipamd.kube.node.EniGatherer.Gathered;
import io.eniipamd.kube.support.Requeue;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Carries out what was decided for a node's ENIs: each family of steps has its performer. */
@Singleton
final class EniSteps {
  private final EniLearning learning;
  private final PendingEniSteps pending;
  private final LeftEniSteps left;
  private final LeavingEniSteps leaving;
  private final EniAddressStore records;
  private final EniReport report;
  private final NextPass next;
  private final WarmSteps warm;
  private final SecurityGroupSteps groups;

  EniSteps(
      EniLearning learning,
      PendingEniSteps pending,
      LeftEniSteps left,
      LeavingEniSteps leaving,
      EniAddressStore records,
      EniReport report,
      NextPass next,
      WarmSteps warm,
      SecurityGroupSteps groups) {
    this.learning = learning;
    this.pending = pending;
    this.left = left;
    this.leaving = leaving;
    this.records = records;
    this.report = report;
    this.next = next;
    this.warm = warm;
    this.groups = groups;
  }

  /** Who is told the name of a node that has got room for Pods. */
  void onRoom(Consumer<String> node) {
    report.onRoom(node);
  }

  /**
   * Takes the steps of a pass.
   *
   * @param writeStatus writes the record's status through the context of its reconciler
   */
  UpdateControl<NodeENIConfig> perform(
      NodeENIConfig nec,
      Gathered known,
      EniDecision decision,
      UnaryOperator<NodeENIConfig> writeStatus) {
    return switch (decision) {
      case EniDecision.Learn learn -> {
        learning.learn(nec, known.confirmed(), learn);
        if (learn.problem().isPresent()) {
          report.write(nec, known, new EniChanges(), learn.problem(), true, writeStatus);
        }
        yield next.of(nec, known, learn.problem(), false);
      }
      case EniDecision.Locate located -> {
        locate(nec, located.zone());
        yield next.of(nec, known, Optional.empty(), false);
      }
      case EniDecision.RecreateRecord lost -> {
        lost.enis().forEach(eni -> pending.recordAgain(nec, known, eni));
        yield Requeue.after(NextPass.LOOK_AGAIN);
      }
      case EniDecision.Adopt found -> {
        found.enis().forEach(eni -> pending.adopt(nec, eni));
        yield Requeue.again();
      }
      case EniDecision.Work work -> work(nec, known, work, writeStatus);
    };
  }

  /** No Pod comes to the node any more. */
  void releaseWarm(NodeENIConfig nec) {
    warm.releaseAll(nec);
  }

  private UpdateControl<NodeENIConfig> work(
      NodeENIConfig nec,
      Gathered known,
      EniDecision.Work work,
      UnaryOperator<NodeENIConfig> writeStatus) {
    var changes = new EniChanges();
    boolean more = false;
    for (var step : work.steps()) {
      more |= step(nec, known, step, changes);
    }
    for (var subnet : work.growth()) {
      more |= pending.grow(nec, known, subnet);
    }
    left.tellOfRefusedRemovals(nec, known);
    warm.perform(nec, known.facts());
    groups.perform(nec, known.facts(), changes);
    report.write(nec, known, changes, work.problem(), work.settled(), writeStatus);
    if (work.lookAgain()) {
      learning.lookAgain(nec, known.confirmed());
    }
    return more ? Requeue.again() : next.of(nec, known, work.problem(), work.lookAgain());
  }

  /** Takes a step; true where another pass has to follow at once. */
  private boolean step(NodeENIConfig nec, Gathered known, Step step, EniChanges changes) {
    return switch (step) {
      case Step.OfPending coming -> pending.perform(nec, known, coming, changes);
      case Step.OfLeft behind -> {
        left.perform(nec, known, behind);
        yield false;
      }
      case Step.OfLeaving closed -> {
        leaving.perform(nec, known, closed, changes, leaving.onLivingNode());
        yield closed instanceof Step.Close;
      }
    };
  }

  private void locate(NodeENIConfig seen, String zone) {
    var nec = new NodeENIConfig();
    nec.setMetadata(new ObjectMetaBuilder(seen.getMetadata()).build());
    nec.setSpec(NodeENIConfigSpecBuilder.builder(seen.getSpec()).zone(zone).build());
    nec.setStatus(seen.getStatus());
    records.update(nec);
  }
}
