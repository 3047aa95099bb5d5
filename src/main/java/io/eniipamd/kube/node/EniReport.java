package io.eniipamd.kube.node;

import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.EniInfoBuilder;
import io.eniipamd.api.v1.EniPhase;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.NodeENIConfigStatus;
import io.eniipamd.api.v1.NodeENIConfigStatusBuilder;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.domain.node.NodeCondition;
import io.eniipamd.domain.node.NodeProblems;
import io.eniipamd.domain.node.Problem;
import io.eniipamd.domain.node.RouteLimits;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.node.EniGatherer.Gathered;
import io.eniipamd.kube.support.Conditions;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Says in a record's status, and by events, how its node's ENIs stand. */
@Singleton
final class EniReport {
  private final SharedCache<NodeENIConfig> necs;
  private final SharedCache<SlimNode> nodes;
  private final AddressBook book;
  private final EniCache memory;
  private final EventRecorder events;
  private final Clock clock;
  private final Set<String> saidMissing = ConcurrentHashMap.newKeySet();

  private volatile Consumer<String> room = _ -> {};

  EniReport(
      SharedCache<NodeENIConfig> necs,
      SharedCache<SlimNode> nodes,
      AddressBook book,
      EniCache memory,
      EventRecorder events,
      Clock clock) {
    this.necs = necs;
    this.nodes = nodes;
    this.book = book;
    this.memory = memory;
    this.events = events;
    this.clock = clock;
  }

  /** Who is told the name of a node that has got room for Pods. */
  void onRoom(Consumer<String> node) {
    room = node;
  }

  /**
   * Writes what is new in the record's status.
   *
   * @param changes what the steps of this pass change in the list of ENIs
   * @param wrong what to report to users
   * @param settled whether nothing is under way that would decide it
   * @param writeStatus writes the record's status through the context of its reconciler
   */
  void write(
      NodeENIConfig nec,
      Gathered known,
      EniChanges changes,
      Optional<Problem> wrong,
      boolean settled,
      UnaryOperator<NodeENIConfig> writeStatus) {
    var before = nec.statusOrEmpty();
    var problem = wrong;
    var infos = infos(before, known, changes);
    boolean lost = infos.isEmpty() && before.eniInfos().stream().anyMatch(EniReport::carries);
    if (lost && wrong.isEmpty()) {
      problem = Optional.of(NodeProblems.enisGone(nec.getMetadata().getName()));
    } else if (infos.isEmpty()
        && problem.isEmpty()
        && known.missing().isEmpty()
        && !changes.ofListed()) {
      // Nothing to tell yet; the end of what is under way is the one write of a node's join.
      return;
    }
    var conditions = before.conditions();
    var news = new ArrayList<NodeCondition>();
    int carrying = Math.toIntExact(infos.stream().filter(EniReport::carries).count());
    for (var condition : NodeCondition.of(carrying, problem, settled, known.missing())) {
      if (!says(conditions, condition)) {
        news.add(condition);
        conditions = with(nec, conditions, condition);
      }
    }
    var limits = memory.limits(nec.getMetadata().getUid()).or(() -> NodeGatherer.recorded(nec));
    boolean limitsNew = !limits.equals(NodeGatherer.recorded(nec));
    if (news.isEmpty() && !limitsNew && sameButUse(infos, before.eniInfos())) {
      return;
    }
    nec.setStatus(
        NodeENIConfigStatusBuilder.builder(before)
            .eniInfos(infos)
            .maxRouteENI(limits.map(RouteLimits::enis).orElse(null))
            .maxIPPerENI(limits.map(RouteLimits::slotsPerEni).orElse(null))
            .conditions(conditions)
            .build());
    necs.wrote(writeStatus.apply(nec));
    written(nec, before, news);
  }

  private static boolean says(List<Condition> conditions, NodeCondition condition) {
    return Conditions.says(
        conditions, condition.type(), status(condition), condition.reason(), condition.message());
  }

  private List<Condition> with(
      NodeENIConfig nec, List<Condition> conditions, NodeCondition condition) {
    return Conditions.with(
        conditions,
        condition.type(),
        status(condition),
        condition.reason(),
        condition.message(),
        nec.getMetadata().getGeneration(),
        clock.instant());
  }

  private static String status(NodeCondition condition) {
    return condition.holds() ? Condition.TRUE : Condition.FALSE;
  }

  private void written(NodeENIConfig nec, NodeENIConfigStatus before, List<NodeCondition> news) {
    var name = nec.getMetadata().getName();
    book.onNode(name).forEach(vip -> forgetIfWritten(nec, vip));
    tell(nec, news);
    nodes.enqueue(name);
    if (nec.getStatus().eniInfos().size() != before.eniInfos().size() || !news.isEmpty()) {
      room.accept(name);
    }
  }

  private void forgetIfWritten(NodeENIConfig nec, VpcIP vip) {
    boolean there =
        nec.getStatus().eniInfos().stream()
            .anyMatch(e -> vip.getMetadata().getName().equals(e.primaryIP()));
    if (there) {
      memory.forgetAddress(uid(vip));
    }
  }

  /** One event per problem: on the Node, which users read, and for a quota on the record too. */
  private void tell(NodeENIConfig nec, List<NodeCondition> news) {
    var node = nodes.get(nec.getMetadata().getName());
    var said = new HashSet<Reason>();
    for (var condition : news) {
      if (condition.holds() || !said.add(condition.reason()) || saidOfAnother(nec, condition)) {
        continue;
      }
      if (node.isEmpty() || condition.reason() == NodeReason.ENI_LIMIT) {
        events.warn(nec, condition.reason(), condition.message());
      }
      node.ifPresent(n -> events.warn(n, condition.reason(), condition.message()));
    }
  }

  /** A configured subnet that is missing is missing for all nodes, and one event says so. */
  private boolean saidOfAnother(NodeENIConfig nec, NodeCondition condition) {
    return condition.reason() == NodeReason.SUBNET_NOT_FOUND
        && nec.getSpec().subnets().isEmpty()
        && !saidMissing.add(condition.message());
  }

  /** Whether Pods can have addresses on it, as an agent of the node is told. */
  private static boolean carries(EniInfo info) {
    return info.phase() == EniPhase.ATTACHED;
  }

  private List<EniInfo> infos(NodeENIConfigStatus before, Gathered known, EniChanges changes) {
    var slots = known.facts().instance().limits().map(RouteLimits::slotsPerEni);
    var infos = new ArrayList<EniInfo>();
    for (var info : before.eniInfos()) {
      if (known.gone().contains(info.eniId())) {
        continue;
      }
      changes
          .now(info)
          .ifPresent(
              now ->
                  infos.add(
                      EniInfoBuilder.builder(now)
                          .slots(slots.orElse(now.slots()))
                          .used(book.used(now.eniId()))
                          .build()));
    }
    for (var eni : changes.bound()) {
      book.subnet(eni.subnetId())
          .ifPresent(
              subnet ->
                  infos.add(
                      new EniInfo(
                          eni.eniId(),
                          eni.mac(),
                          eni.primaryIp().toString(),
                          eni.subnetId(),
                          subnet.cidr().toString(),
                          subnet.cidr().gateway().toString(),
                          slots.orElse(0),
                          book.used(eni.eniId()),
                          EniPhase.ATTACHED)));
    }
    return infos;
  }

  /** Use alone is not worth a write: it changes with every Pod. */
  private static boolean sameButUse(List<EniInfo> now, List<EniInfo> before) {
    return withoutUse(now).equals(withoutUse(before));
  }

  private static List<EniInfo> withoutUse(List<EniInfo> infos) {
    return infos.stream().map(i -> EniInfoBuilder.builder(i).used(null).build()).toList();
  }

  private static String uid(VpcIP vip) {
    return vip.getMetadata().getUid();
  }
}
