package io.eniipamd.kube.node;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.node.EniDecision.Step;
import io.eniipamd.domain.node.LeavingEni;
import io.eniipamd.domain.node.Problem;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.node.EniGatherer.Gathered;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.NodesAsked;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jboss.logging.Logger;

/**
 * Carries out what was decided for ENIs that are given back. An ENI is closed in the status before
 * anything else happens to it, and right before each call to the cloud it is checked again that
 * nothing was put on it.
 */
@Singleton
final class LeavingEniSteps {
  private static final Logger LOG = Logger.getLogger(LeavingEniSteps.class);

  private final SharedCache<NodeENIConfig> necs;
  private final SharedCache<SlimNode> nodes;
  private final AddressBook book;
  private final EniAddressStore records;
  private final NodeCloud cloud;
  private final CloudTasks tasks;
  private final EniCache memory;
  private final NodesAsked asked;
  private final EventRecorder events;

  /** What was told of ENIs that stay, to the records of nodes. */
  private final Set<String> said = ConcurrentHashMap.newKeySet();

  LeavingEniSteps(
      SharedCache<NodeENIConfig> necs,
      SharedCache<SlimNode> nodes,
      AddressBook book,
      EniAddressStore records,
      NodeCloud cloud,
      CloudTasks tasks,
      EniCache memory,
      NodesAsked asked,
      EventRecorder events) {
    this.necs = necs;
    this.nodes = nodes;
    this.book = book;
    this.records = records;
    this.cloud = cloud;
    this.tasks = tasks;
    this.memory = memory;
    this.asked = asked;
    this.events = events;
  }

  /** What has to hold still before an ENI is taken off the instance of a node that is gone. */
  Predicate<String> onGoneNode(NodeENIConfig nec) {
    var node = nec.getMetadata().getName();
    return _ -> nodes.get(node).isEmpty() && !asked.mayCarryPods(node);
  }

  /** A node that lives may take an empty ENI off its instance at any time. */
  Predicate<String> onLivingNode() {
    return _ -> true;
  }

  /**
   * Takes a step.
   *
   * @param changes what the status has to say is added to these
   * @param mayDetach asked right before an ENI is taken off the node's instance, on a thread that
   *     may block
   */
  void perform(
      NodeENIConfig nec,
      Gathered known,
      Step.OfLeaving step,
      EniChanges changes,
      Predicate<String> mayDetach) {
    switch (step) {
      case Step.Close close -> close.eni().eniId().ifPresent(changes::close);
      case Step.Reopen reopen -> reopen.eni().eniId().ifPresent(changes::reopen);
      case Step.GiveBack giveBack -> giveBack(nec, giveBack.eni(), mayDetach);
      case Step.StrikeOff gone -> strikeOff(nec, known, gone.eni(), changes);
      case Step.Mention mention -> tell(nec, mention.eni(), mention.problem());
    }
  }

  /** Tells once of each ENI whose removal fails again and again; it is tried again by itself. */
  void tellOfFailures(NodeENIConfig nec, Gathered known) {
    for (var eni : known.facts().leaving()) {
      eni.eniId()
          .flatMap(memory::pause)
          .map(EniCache.Pause::problem)
          .filter(
              problem ->
                  problem.reason() == NodeReason.ENI_LEFT_BEHIND
                      || problem.reason() == NodeReason.CLOUD_DENIED)
          .ifPresent(problem -> tell(nec, eni, problem));
    }
  }

  private void tell(NodeENIConfig nec, LeavingEni eni, Problem problem) {
    if (said.add(nec.getMetadata().getUid() + eni.primaryIp())) {
      events.warn(nec, problem.reason(), problem.message());
    }
  }

  private void giveBack(NodeENIConfig nec, LeavingEni eni, Predicate<String> mayDetach) {
    var node = nec.getMetadata().getName();
    var eniId = eni.eniId().orElseThrow();
    LOG.infof("the operator gives back %s of node %s: only its own address is on it", eniId, node);
    tasks.start(
        LeftEnis.removal(nec, eniId),
        () -> cloud.remove(eniId, seen -> isDue(nec, seen, mayDetach)),
        () -> necs.enqueue(node));
  }

  /** One that a user has put on another instance stays there. */
  private boolean isDue(NodeENIConfig nec, NetworkInterface seen, Predicate<String> mayDetach) {
    var on = seen.instanceId();
    boolean loose = on.isEmpty();
    boolean here = on.filter(i -> i.equals(nec.getSpec().instanceId())).isPresent();
    return book.used(seen.id()) == 0 && (loose || (here && mayDetach.test(seen.id())));
  }

  /** There is no such ENI of ours: its entry goes, and the record of its address. */
  private void strikeOff(NodeENIConfig nec, Gathered known, LeavingEni eni, EniChanges changes) {
    eni.eniId()
        .ifPresent(
            eniId -> {
              memory.gone(nec.getMetadata().getUid(), eniId);
              memory.resume(eniId);
              changes.strike(eniId);
            });
    if (eni.where() == LeavingEni.Where.OTHERS) {
      book.markForeign(eni.primaryIp());
    }
    var vip = known.records().get(eni.primaryIp());
    if (vip != null) {
      records.drop(vip);
      memory.forgetAddress(vip.getMetadata().getUid());
    }
  }
}
