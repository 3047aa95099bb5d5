package io.eniipamd.kube.node;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.domain.node.EniDecision;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.SharedCache;
import jakarta.inject.Singleton;
import java.util.Set;

/**
 * What the cloud is asked about a node: how many ENIs its instance may have and where it runs, and
 * which ENIs are there. Each question is a task, and its end is heard in a later pass.
 */
@Singleton
final class EniLearning {
  private final SharedCache<NodeENIConfig> necs;
  private final NodeCloud cloud;
  private final Machines machines;
  private final CloudTasks tasks;
  private final EniCache memory;
  private final SharedLooks shared;

  EniLearning(
      SharedCache<NodeENIConfig> necs,
      NodeCloud cloud,
      Machines machines,
      SharedLooks shared,
      CloudTasks tasks,
      EniCache memory) {
    this.necs = necs;
    this.cloud = cloud;
    this.machines = machines;
    this.shared = shared;
    this.tasks = tasks;
    this.memory = memory;
  }

  private static CloudTasks.Key limits(NodeENIConfig nec) {
    return new CloudTasks.Key(uid(nec), "limits");
  }

  private static CloudTasks.Key look(NodeENIConfig nec) {
    return new CloudTasks.Key(uid(nec), "look");
  }

  /** Takes the answers that have come since the last pass into the memory. */
  void hear(NodeENIConfig nec) {
    tasks.<Machines.Machine>hear(
        limits(nec),
        machine -> memory.machine(uid(nec), machine),
        failed ->
            memory.pause(uid(nec), CloudFailures.unlimited(nec, failed.cause()), failed.pause()));
    tasks.<NodeCloud.Look>hear(
        look(nec),
        look -> memory.look(uid(nec), look),
        failed -> memory.pause(uid(nec), CloudFailures.untold(failed.cause()), failed.pause()));
  }

  /**
   * Asks what is not known, unless a failure was a moment ago.
   *
   * @param confirmed ENIs that the addresses' records were confirmed on
   */
  void learn(NodeENIConfig nec, Set<String> confirmed, EniDecision.Learn learn) {
    if (memory.pause(uid(nec)).isPresent()) {
      return;
    }
    if (learn.limits()) {
      tasks.start(
          limits(nec),
          () -> machines.machine(nec.getSpec().instanceId()),
          () -> necs.enqueue(nec.getMetadata().getName()));
    }
    if (learn.look()) {
      startLook(nec, confirmed);
    }
  }

  /**
   * Looks for what a node that is gone has left, unless a failure was a moment ago; many of them
   * share the looks.
   */
  void lookForLeft(NodeENIConfig nec, Set<String> confirmed) {
    if (memory.pause(uid(nec)).isEmpty()) {
      var name = nec.getMetadata().getName();
      tasks.start(
          look(nec),
          () -> shared.look(name, nec.getSpec().instanceId(), confirmed),
          () -> necs.enqueue(name));
    }
  }

  /** Looks where others have to change something; what was seen last holds meanwhile. */
  void lookAgain(NodeENIConfig nec, Set<String> confirmed) {
    if (!memory.untilNextLook(uid(nec)).isPositive()) {
      startLook(nec, confirmed);
    }
  }

  private void startLook(NodeENIConfig nec, Set<String> confirmed) {
    var name = nec.getMetadata().getName();
    tasks.start(
        look(nec),
        () -> cloud.look(name, nec.getSpec().instanceId(), confirmed),
        () -> necs.enqueue(name));
  }

  private static String uid(NodeENIConfig nec) {
    return nec.getMetadata().getUid();
  }
}
