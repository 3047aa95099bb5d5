package io.eniipamd.kube.node;

import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.EniInfoBuilder;
import io.eniipamd.api.v1.EniPhase;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.NodeENIConfigStatus;
import io.eniipamd.api.v1.NodeENIConfigStatusBuilder;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.domain.condition.NodeConditions;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.domain.node.NodeCondition;
import io.eniipamd.domain.node.NodeProblems;
import io.eniipamd.domain.node.Problem;
import io.eniipamd.domain.node.RouteLimits;
import io.eniipamd.domain.node.SecurityGroupPlan.Said;
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
  private final SlotOffers offers;
  private final Clock clock;
  private final Set<String> saidMissing = ConcurrentHashMap.newKeySet();

  private volatile Consumer<String> room = _ -> {};

  EniReport(
      SharedCache<NodeENIConfig> necs,
      SharedCache<SlimNode> nodes,
      AddressBook book,
      EniCache memory,
      EventRecorder events,
      SlotOffers offers,
      Clock clock) {
    this.necs = necs;
    this.nodes = nodes;
    this.book = book;
    this.memory = memory;
    this.events = events;
    this.offers = offers;
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
    var infos = infos(before, known, changes);
    boolean lost = infos.isEmpty() && before.eniInfos().stream().anyMatch(EniReport::carries);
    var problem =
        wrong.or(
            () ->
                lost
                    ? Optional.of(NodeProblems.enisGone(nec.getMetadata().getName()))
                    : Optional.empty());
    if (infos.isEmpty() && problem.isEmpty() && known.missing().isEmpty() && !changes.ofListed()) {
      // Nothing to tell yet; the end of what is under way is the one write of a node's join.
      return;
    }
    int carrying = Math.toIntExact(infos.stream().filter(EniReport::carries).count());
    var now = new ArrayList<>(NodeCondition.of(carrying, problem, settled, known.missing()));
    var kept = withGroups(before.conditions(), changes.groups(), now);
    var news = now.stream().filter(condition -> !says(kept, condition)).toList();
    var status = status(nec, known, infos, kept, news);
    if (isWorthAWrite(nec, status, before)) {
      store(nec, status, news, writeStatus);
    }
  }

  private NodeENIConfigStatus status(
      NodeENIConfig nec,
      Gathered known,
      List<EniInfo> infos,
      List<Condition> kept,
      List<NodeCondition> news) {
    var before = nec.statusOrEmpty();
    var conditions = kept;
    for (var condition : news) {
      conditions = with(nec, conditions, condition);
    }
    var limits = memory.limits(nec.getMetadata().getUid()).or(() -> NodeGatherer.recorded(nec));
    return NodeENIConfigStatusBuilder.builder(before)
        .eniInfos(infos)
        .maxRouteENI(limits.map(RouteLimits::enis).orElse(null))
        .maxIPPerENI(limits.map(RouteLimits::slotsPerEni).orElse(null))
        .maxDirectENI(memory.directEnis(nec.getMetadata().getUid()).orElse(before.maxDirectENI()))
        .slotsOffered(offers.of(known.facts(), infos).orElse(before.slotsOffered()))
        .conditions(conditions)
        .build();
  }

  /** Use alone is not, or not often: it changes with every Pod. */
  private boolean isWorthAWrite(
      NodeENIConfig nec, NodeENIConfigStatus now, NodeENIConfigStatus before) {
    return memory.isUseOld(nec.getMetadata().getUid())
        ? !now.equals(before)
        : !withoutUse(now).equals(withoutUse(before));
  }

  private static NodeENIConfigStatus withoutUse(NodeENIConfigStatus status) {
    return NodeENIConfigStatusBuilder.builder(status)
        .eniInfos(
            status.eniInfos().stream()
                .map(i -> EniInfoBuilder.builder(i).used(null).build())
                .toList())
        .build();
  }

  private void store(
      NodeENIConfig nec,
      NodeENIConfigStatus status,
      List<NodeCondition> news,
      UnaryOperator<NodeENIConfig> writeStatus) {
    var before = nec.statusOrEmpty();
    nec.setStatus(status);
    var written = writeStatus.apply(nec);
    memory.useWritten(nec.getMetadata().getUid());
    if (written.statusOrEmpty().equals(before)) {
      // The CRD is of an earlier version, and dropped what it does not know. Who hears of a write
      // has this pass repeated.
      return;
    }
    necs.wrote(written);
    written(nec, before, news);
  }

  /** The conditions that stay, where nothing is to be said of security groups any more. */
  private static List<Condition> withGroups(
      List<Condition> before, Said groups, List<NodeCondition> now) {
    return switch (groups) {
      case Said.AsBefore() -> before;
      case Said.Nothing() -> Conditions.without(before, NodeConditions.SECURITY_GROUPS_SET);
      case Said.This(var condition) -> {
        now.add(condition);
        yield before;
      }
    };
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

  /** What is configured is wrong for all nodes, and one event says so. */
  private boolean saidOfAnother(NodeENIConfig nec, NodeCondition condition) {
    boolean configured =
        condition.type() == NodeConditions.SECURITY_GROUPS_SET
            ? nec.getSpec().securityGroups().isEmpty()
            : condition.reason() == NodeReason.SUBNET_NOT_FOUND
                && nec.getSpec().subnets().isEmpty();
    return configured && !saidMissing.add(condition.message());
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

  private static String uid(VpcIP vip) {
    return vip.getMetadata().getUid();
  }
}
