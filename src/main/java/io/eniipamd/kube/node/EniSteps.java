package io.eniipamd.kube.node;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.NodeENIConfigSpecBuilder;
import io.eniipamd.domain.node.BoundEni;
import io.eniipamd.domain.node.EniDecision;
import io.eniipamd.domain.node.EniDecision.Step;
import io.eniipamd.kube.node.EniGatherer.Gathered;
import io.eniipamd.kube.support.Requeue;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Carries out what was decided for a node's ENIs: each family of steps has its performer. */
@Singleton
final class EniSteps {
  private final EniLearning learning;
  private final PendingEniSteps pending;
  private final LeftEniSteps left;
  private final EniAddressStore records;
  private final EniReport report;
  private final NextPass next;

  EniSteps(
      EniLearning learning,
      PendingEniSteps pending,
      LeftEniSteps left,
      EniAddressStore records,
      EniReport report,
      NextPass next) {
    this.learning = learning;
    this.pending = pending;
    this.left = left;
    this.records = records;
    this.report = report;
    this.next = next;
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
          report.write(nec, known, List.of(), learn.problem(), true, writeStatus);
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

  private UpdateControl<NodeENIConfig> work(
      NodeENIConfig nec,
      Gathered known,
      EniDecision.Work work,
      UnaryOperator<NodeENIConfig> writeStatus) {
    var bound = new ArrayList<BoundEni>();
    boolean more = false;
    for (var step : work.steps()) {
      more |= step(nec, known, step, bound);
    }
    for (var subnet : work.growth()) {
      more |= pending.grow(nec, known, subnet);
    }
    left.tellOfRefusedRemovals(nec, known);
    report.write(nec, known, bound, work.problem(), work.settled(), writeStatus);
    if (work.lookAgain()) {
      learning.lookAgain(nec, known.confirmed());
    }
    return more ? Requeue.again() : next.of(nec, known, work.problem(), work.lookAgain());
  }

  /** Takes a step; true where another pass has to follow at once. */
  private boolean step(NodeENIConfig nec, Gathered known, Step step, List<BoundEni> bound) {
    return switch (step) {
      case Step.OfPending coming -> pending.perform(nec, known, coming, bound);
      case Step.OfLeft behind -> {
        left.perform(nec, known, behind);
        yield false;
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
