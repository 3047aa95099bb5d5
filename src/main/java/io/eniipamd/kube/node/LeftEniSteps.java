package io.eniipamd.kube.node;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.node.EniDecision.Step;
import io.eniipamd.domain.node.LeftEni;
import io.eniipamd.domain.node.Problem;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.node.EniGatherer.Gathered;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.SharedCache;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** Carries out what was decided for the ENIs that were made for a node and are not on it. */
@Singleton
final class LeftEniSteps {
  private static final Logger LOG = Logger.getLogger(LeftEniSteps.class);

  private final SharedCache<NodeENIConfig> necs;
  private final AddressBook book;
  private final EniAddressStore records;
  private final NodeCloud cloud;
  private final CloudTasks tasks;
  private final EniCache memory;
  private final EventRecorder events;

  /** What was told of ENIs that are left alone, to the records of nodes. */
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  LeftEniSteps(
      SharedCache<NodeENIConfig> necs,
      AddressBook book,
      EniAddressStore records,
      NodeCloud cloud,
      CloudTasks tasks,
      EniCache memory,
      EventRecorder events) {
    this.necs = necs;
    this.book = book;
    this.records = records;
    this.cloud = cloud;
    this.tasks = tasks;
    this.memory = memory;
    this.events = events;
  }

  void perform(NodeENIConfig nec, Gathered known, Step.OfLeft step) {
    switch (step) {
      case Step.Forget forget -> forget(nec, known, forget.eni());
      case Step.Remove remove -> remove(nec, remove.eni());
      case Step.Tell tell -> tell(nec, tell.problem());
    }
  }

  /** An ENI that may not be deleted stays, and holds the record of a node that is gone. */
  void tellOfRefusedRemovals(NodeENIConfig nec, Gathered known) {
    known.facts().left().stream()
        .filter(LeftEni::recorded)
        .flatMap(eni -> memory.pause(uid(known.records().get(eni.primaryIp()))).stream())
        .map(EniCache.Pause::problem)
        .filter(problem -> problem.reason() == NodeReason.CLOUD_DENIED)
        .forEach(problem -> tell(nec, problem));
  }

  private void tell(NodeENIConfig nec, Problem problem) {
    if (said.add(uid(nec) + problem.message())) {
      events.warn(nec, problem.reason(), problem.message());
    }
  }

  /** There is no ENI of ours for the record: it goes, and its address with it. */
  private void forget(NodeENIConfig nec, Gathered known, LeftEni eni) {
    var vip = known.records().get(eni.primaryIp());
    if (eni.where() == LeftEni.Where.OTHERS) {
      book.markForeign(eni.primaryIp());
    }
    memory.gone(uid(nec), eni.eniId());
    records.drop(vip);
    memory.forgetAddress(uid(vip));
  }

  private void remove(NodeENIConfig nec, LeftEni eni) {
    LOG.infof(
        "the operator made %s for node %s; it is on no instance and has only its primary address: the operator deletes it",
        eni.eniId(), nec.getMetadata().getName());
    tasks.start(
        LeftEnis.removal(nec, eni.eniId()),
        // One that was put on an instance meanwhile, or got addresses, is left alone.
        () ->
            cloud.remove(
                eni.eniId(), seen -> seen.instanceId().isEmpty() && book.used(eni.eniId()) == 0),
        () -> necs.enqueue(nec.getMetadata().getName()));
  }

  private static String uid(NodeENIConfig nec) {
    return nec.getMetadata().getUid();
  }

  private static String uid(VpcIP vip) {
    return vip.getMetadata().getUid();
  }
}
