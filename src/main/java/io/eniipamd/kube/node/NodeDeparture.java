package io.eniipamd.kube.node;

import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.domain.condition.NodeConditions;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.node.EniDecision.Step;
import io.eniipamd.domain.node.EniPolicy;
import io.eniipamd.domain.node.LeaveDecision;
import io.eniipamd.domain.node.LeaveFacts;
import io.eniipamd.domain.node.LeavePolicy;
import io.eniipamd.domain.node.NodeProblems;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.node.EniGatherer.Gathered;
import io.eniipamd.kube.support.Conditions;
import io.eniipamd.kube.support.GuardedDelete;
import io.eniipamd.kube.support.NodesAsked;
import io.eniipamd.kube.support.Requeue;
import io.eniipamd.kube.support.SharedCache;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/**
 * What becomes of a node that is gone: when it does not come back, and no Pod names it, its ENIs
 * are given back one by one as the last address leaves each, then its record ends. Everything is
 * decided anew in each pass, from what is there: a node that comes back keeps what is not begun.
 */
@Singleton
final class NodeDeparture {
  /** Pods of a node that is gone are collected after a minute or so. */
  private static final Duration PODS_AGAIN = Duration.ofSeconds(20);

  private final KubernetesClient client;
  private final SharedCache<NodeENIConfig> necs;
  private final AddressBook book;
  private final EniSteps steps;
  private final LeavingEniSteps leaving;
  private final EniLearning learning;
  private final EniReport report;
  private final EniCache memory;
  private final NodesAsked asked;
  private final NodeSettings settings;
  private final Clock clock;

  /** Since when each node is gone, by the UID of its record. */
  private final Map<String, Instant> goneSince = new ConcurrentHashMap<>();

  /** Records whose ENIs the cloud was asked for since their nodes are gone. */
  private final Set<String> looked = ConcurrentHashMap.newKeySet();

  /** Addresses that have to leave an ENI first, to the nodes. */
  private final Map<String, String> awaited = new ConcurrentHashMap<>();

  NodeDeparture(
      KubernetesClient client,
      SharedCache<NodeENIConfig> necs,
      AddressBook book,
      EniSteps steps,
      LeavingEniSteps leaving,
      EniLearning learning,
      EniReport report,
      EniCache memory,
      NodesAsked asked,
      NodeSettings settings,
      Clock clock) {
    this.client = client;
    this.necs = necs;
    this.book = book;
    this.steps = steps;
    this.leaving = leaving;
    this.learning = learning;
    this.report = report;
    this.memory = memory;
    this.asked = asked;
    this.settings = settings;
    this.clock = clock;
  }

  /** The node is there, or its record is gone. */
  void isBack(NodeENIConfig nec) {
    var uid = uid(nec);
    if (goneSince.remove(uid) != null) {
      looked.remove(uid);
      // What was seen while it was gone may have changed since.
      memory.unlook(uid);
    }
  }

  /** A record of an address has changed, or is gone; it may be what an ENI waited for. */
  void addressChanged(VpcIP vip) {
    Optional.ofNullable(awaited.remove(vip.getMetadata().getName())).ifPresent(necs::enqueue);
  }

  /** Takes the steps of a pass for a node whose object is gone. */
  UpdateControl<NodeENIConfig> leave(
      NodeENIConfig nec, Gathered known, UnaryOperator<NodeENIConfig> writeStatus) {
    goneSince.putIfAbsent(uid(nec), clock.instant());
    boolean deleted = nec.isMarkedForDeletion();
    var decision = LeavePolicy.decide(facts(nec, known, deleted));
    if (!deleted && (decision instanceof LeaveDecision.Wait || !saysGone(nec))) {
      var control = steps.perform(nec, known, EniPolicy.decide(known.facts()), writeStatus);
      return decision instanceof LeaveDecision.Wait(var left)
          ? earlier(control, left)
          : Requeue.again();
    }
    return switch (decision) {
      case LeaveDecision.Wait(var left) -> Requeue.after(left);
      case LeaveDecision.Look() -> look(nec, known);
      case LeaveDecision.Work work -> work(nec, known, work, writeStatus);
      case LeaveDecision.End() -> end(nec);
    };
  }

  private LeaveFacts facts(NodeENIConfig nec, Gathered known, boolean deleted) {
    var uid = uid(nec);
    boolean seen = looked.contains(uid) && memory.look(uid).isPresent();
    return new LeaveFacts(
        nec.getMetadata().getName(),
        deleted,
        Duration.between(clock.instant(), goneSince.get(uid).plus(settings.leaveDelay())),
        seen || nec.getSpec().instanceId() == null,
        known.facts().leaving());
  }

  private static boolean saysGone(NodeENIConfig nec) {
    return Conditions.reason(nec.statusOrEmpty().conditions(), NodeConditions.READY)
        .filter(NodeReason.NODE_GONE::equals)
        .isPresent();
  }

  private static UpdateControl<NodeENIConfig> earlier(
      UpdateControl<NodeENIConfig> control, Duration left) {
    return control.getScheduleDelay().filter(delay -> delay < left.toMillis()).isPresent()
        ? control
        : Requeue.after(left);
  }

  /** What was seen before the node was gone tells nothing of what it has left. */
  private UpdateControl<NodeENIConfig> look(NodeENIConfig nec, Gathered known) {
    if (asked.mayCarryPods(nec.getMetadata().getName())) {
      return Requeue.after(PODS_AGAIN);
    }
    if (looked.add(uid(nec))) {
      memory.unlook(uid(nec));
    }
    learning.lookForLeft(nec, known.confirmed());
    return pause(nec, known, false);
  }

  private UpdateControl<NodeENIConfig> work(
      NodeENIConfig nec,
      Gathered known,
      LeaveDecision.Work work,
      UnaryOperator<NodeENIConfig> writeStatus) {
    var node = nec.getMetadata().getName();
    leaving.tellOfFailures(nec, known);
    steps.releaseWarm(nec);
    var used = known.facts().leaving().stream().filter(eni -> eni.used() > 0).toList();
    used.forEach(eni -> awaitAddresses(node, eni.eniId().orElseThrow()));
    // What has left meanwhile is not waited for.
    boolean left = used.stream().anyMatch(eni -> book.used(eni.eniId().orElseThrow()) == 0);
    if (work.lookAgain()) {
      learning.lookAgain(nec, known.confirmed());
    }
    if (!work.steps().isEmpty() && asked.mayCarryPods(node)) {
      return Requeue.after(PODS_AGAIN);
    }
    var changes = new EniChanges();
    for (var step : work.steps()) {
      leaving.perform(nec, known, step, changes, leaving.onGoneNode(nec));
    }
    report.write(nec, known, changes, Optional.of(NodeProblems.nodeGone(node)), true, writeStatus);
    boolean more =
        work.steps().stream()
            .anyMatch(step -> step instanceof Step.Close || step instanceof Step.StrikeOff);
    return more || left ? Requeue.again() : pause(nec, known, !used.isEmpty());
  }

  private void awaitAddresses(String node, String eniId) {
    book.onEni(eniId).forEach(vip -> awaited.put(vip.getMetadata().getName(), node));
  }

  /** All that ends by itself enqueues the record; the rest is tried again after a while. */
  private UpdateControl<NodeENIConfig> pause(NodeENIConfig nec, Gathered known, boolean waits) {
    var next = waits ? PODS_AGAIN : NextPass.LOOK_AGAIN;
    for (var id : paused(nec, known)) {
      var pause = memory.pause(id);
      if (pause.isPresent()) {
        var left = Duration.between(clock.instant(), pause.get().until());
        next = left.compareTo(next) < 0 ? left : next;
      }
    }
    return Requeue.after(next);
  }

  private static List<String> paused(NodeENIConfig nec, Gathered known) {
    var ids = new ArrayList<String>();
    ids.add(uid(nec));
    known.facts().leaving().forEach(eni -> eni.eniId().ifPresent(ids::add));
    return ids;
  }

  /** Nothing is left: the record is deleted as it was read, or let go where it is already. */
  private UpdateControl<NodeENIConfig> end(NodeENIConfig nec) {
    if (nec.isMarkedForDeletion()) {
      return letGo(nec);
    }
    if (asked.mayCarryPods(nec.getMetadata().getName())) {
      return Requeue.after(PODS_AGAIN);
    }
    try {
      GuardedDelete.of(client, nec);
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT
          && e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
      return Requeue.soon();
    }
    return UpdateControl.noUpdate();
  }

  /** Removes the finalizer of a record that is being deleted. */
  UpdateControl<NodeENIConfig> letGo(NodeENIConfig nec) {
    if (!nec.hasFinalizer(Names.NODE_FINALIZER)) {
      return UpdateControl.noUpdate();
    }
    nec.removeFinalizer(Names.NODE_FINALIZER);
    try {
      // Past the cache: the object is gone with this very write. A cache that saw it go before it
      // hears of the write would keep it, and a Node of that name would wait for its record.
      client.resource(nec).update();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return Requeue.soon();
      }
      if (e.getCode() != HttpURLConnection.HTTP_NOT_FOUND) {
        throw e;
      }
      // Gone already, by an earlier pass that this one has not seen.
    }
    return UpdateControl.noUpdate();
  }

  private static String uid(NodeENIConfig nec) {
    return nec.getMetadata().getUid();
  }
}
