package io.eniipamd.kube.node;

import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.BoundEni;
import io.eniipamd.domain.node.EniFacts;
import io.eniipamd.domain.node.EniRoom;
import io.eniipamd.domain.node.InstanceFacts;
import io.eniipamd.domain.node.LeftEni;
import io.eniipamd.domain.node.PendingEni;
import io.eniipamd.domain.node.PendingEni.BindingState;
import io.eniipamd.domain.node.RouteLimits;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.FullPlaces;
import io.eniipamd.kube.address.OwnEnis;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Everything about a node's ENIs that is known here: caches, the book, ends of tasks. */
@Singleton
final class EniGatherer {
  private final SharedCache<SlimNode> nodes;
  private final AddressBook book;
  private final OwnEnis own;
  private final FullPlaces full;
  private final NodeSubnets subnets;
  private final RoomWanted wanted;
  private final EniCache memory;
  private final EniLearning learning;
  private final PendingEnis pending;
  private final LeftEnis leftEnis;
  private final LeavingEnis leavingEnis;

  EniGatherer(
      SharedCache<SlimNode> nodes,
      AddressBook book,
      OwnEnis own,
      FullPlaces full,
      NodeSubnets subnets,
      RoomWanted wanted,
      EniCache memory,
      EniLearning learning,
      PendingEnis pending,
      LeftEnis leftEnis,
      LeavingEnis leavingEnis) {
    this.nodes = nodes;
    this.book = book;
    this.own = own;
    this.full = full;
    this.subnets = subnets;
    this.wanted = wanted;
    this.memory = memory;
    this.learning = learning;
    this.pending = pending;
    this.leftEnis = leftEnis;
    this.leavingEnis = leavingEnis;
  }

  /**
   * What is known, and what the steps need beside the facts.
   *
   * @param failures of bindings that have just failed, by address
   * @param missing subnets of the node that do not exist
   * @param confirmed ENIs that the addresses' records were confirmed on, and those in the status
   * @param gone ENIs in the status that do not exist any more
   * @param ours ENIs that the cloud has for the node and that may be put on its instance
   */
  record Gathered(
      EniFacts facts,
      Map<Ip, VpcIP> records,
      Map<Ip, CloudTasks.State.Failed<BoundEni>> failures,
      Set<String> missing,
      Set<String> confirmed,
      Set<String> gone,
      List<BoundEni> ours) {}

  Gathered gather(NodeENIConfig nec) {
    learning.hear(nec);
    var name = nec.getMetadata().getName();
    var records = records(name);
    hearListed(nec, records);
    var node = nodes.get(name).map(NodeGatherer::node);
    var gone = gone(nec);
    var inStatus = inStatus(nec, gone);
    var listed = new HashSet<>(inStatus.keySet());
    nec.statusOrEmpty().eniInfos().stream()
        .filter(LeavingEnis::isClosed)
        .forEach(e -> listed.add(Ip.parse(e.primaryIP())));
    var unlisted = new HashMap<>(records);
    unlisted.keySet().removeAll(listed);
    var look = memory.look(uid(nec));
    var left = node.isEmpty() ? Map.<Ip, LeftEni>of() : leftEnis.of(nec, look, listed, unlisted);
    var failures = new HashMap<Ip, CloudTasks.State.Failed<BoundEni>>();
    var coming =
        unlisted.entrySet().stream()
            .filter(e -> !left.containsKey(e.getKey()))
            .map(e -> pending.of(nec, e.getKey(), e.getValue(), failures))
            .toList();
    boolean told = isTold(coming, unlisted, look);
    var ours = look.map(leftEnis::ours).orElse(List.of());
    boolean known = !inStatus.isEmpty() && !memory.isDoubted(uid(nec));
    var instance = instance(nec, look, told && (look.isPresent() || known));
    var facts =
        new EniFacts(
            name,
            node,
            instance,
            inStatus.values().stream()
                .filter(e -> own.isUsable(e.eniId()))
                .map(e -> room(e, instance.limits()))
                .toList(),
            coming,
            unrecorded(inStatus, records),
            found(ours, listed),
            List.copyOf(left.values()),
            node.isEmpty()
                ? leavingEnis.all(nec, look, records, coming)
                : leavingEnis.ofLivingNode(nec, look, inStatus, records),
            subnets.facts(nec),
            wanted.of(nec, inStatus.values()));
    return new Gathered(
        facts, records, failures, subnets.missing(nec), confirmed(nec, records), gone, ours);
  }

  private void hearListed(NodeENIConfig nec, Map<Ip, VpcIP> records) {
    for (var info : nec.statusOrEmpty().eniInfos()) {
      var vip = records.get(Ip.parse(info.primaryIP()));
      if (vip != null) {
        memory.listed(vip.getMetadata().getUid(), info.eniId());
      }
    }
  }

  /** The ENIs in the status that the cloud was seen not to have any more. */
  private Set<String> gone(NodeENIConfig nec) {
    var gone =
        nec.statusOrEmpty().eniInfos().stream()
            .map(EniInfo::eniId)
            .filter(own::isGone)
            .collect(Collectors.toSet());
    gone.forEach(eniId -> memory.gone(uid(nec), eniId));
    return gone;
  }

  private static Map<Ip, EniInfo> inStatus(NodeENIConfig nec, Set<String> gone) {
    return nec.statusOrEmpty().eniInfos().stream()
        .filter(e -> !gone.contains(e.eniId()) && !LeavingEnis.isClosed(e))
        .collect(Collectors.toMap(e -> Ip.parse(e.primaryIP()), e -> e, (a, _) -> a));
  }

  /** Where an ENI is that was on the node once has to be seen before anything is done about it. */
  private static boolean isTold(
      List<PendingEni> coming, Map<Ip, VpcIP> unlisted, Optional<NodeCloud.Look> look) {
    return coming.stream()
        .filter(c -> !(c.standing() instanceof BindingState.Bound))
        .flatMap(c -> LeftEnis.confirmed(unlisted.get(c.primaryIp())).stream())
        .allMatch(eniId -> look.filter(l -> l.tells(eniId)).isPresent());
  }

  private InstanceFacts instance(NodeENIConfig nec, Optional<NodeCloud.Look> look, boolean looked) {
    var uid = uid(nec);
    var recordedZone = NodeGatherer.zone(nec);
    return new InstanceFacts(
        Optional.ofNullable(nec.getSpec().instanceId()),
        memory.zone(uid).or(() -> recordedZone),
        recordedZone,
        memory.isAsked(uid),
        memory
            .limits(uid)
            .or(() -> NodeGatherer.recorded(nec).filter(_ -> !wanted.isLimitOfDirectWanted(nec)))
            .map(l -> NodeGatherer.capped(nec, l)),
        looked,
        memory.pause(uid).map(EniCache.Pause::problem),
        look.map(NodeCloud.Look::strangers).orElse(0));
  }

  private static Set<String> confirmed(NodeENIConfig nec, Map<Ip, VpcIP> records) {
    return Stream.concat(
            records.values().stream().flatMap(vip -> LeftEnis.confirmed(vip).stream()),
            nec.statusOrEmpty().eniInfos().stream().map(EniInfo::eniId))
        .collect(Collectors.toSet());
  }

  /** The records of ENIs' own addresses on the node, those in their end left out. */
  private Map<Ip, VpcIP> records(String node) {
    return book.onNode(node).stream()
        .filter(v -> v.getSpec().type() == VpcIPType.ENI)
        .filter(
            v ->
                switch (v.statusOrEmpty().phase()) {
                  case ATTACHING, ASSIGNED, AVAILABLE -> true;
                  case HELD, RELEASING, QUARANTINED, UNKNOWN -> false;
                })
        .collect(Collectors.toMap(v -> Ip.parse(v.getMetadata().getName()), v -> v));
  }

  private EniRoom room(EniInfo info, Optional<RouteLimits> limits) {
    int slots =
        limits.map(RouteLimits::slotsPerEni).or(() -> Optional.ofNullable(info.slots())).orElse(0);
    int used = full.isFull(info.eniId()) ? slots : book.used(info.eniId());
    return new EniRoom(info.subnetId(), slots, used);
  }

  /**
   * ENIs in the status whose address has no record, or one that does not say so yet. One that is
   * recorded otherwise is left alone: it is ending, or users have to sort it out.
   */
  private List<BoundEni> unrecorded(Map<Ip, EniInfo> inStatus, Map<Ip, VpcIP> records) {
    return inStatus.entrySet().stream()
        .filter(
            e -> {
              var record = records.get(e.getKey());
              return record == null
                  ? book.get(e.getKey()).isEmpty()
                  : record.statusOrEmpty().phase() != VpcIPPhase.ASSIGNED;
            })
        .map(
            e ->
                new BoundEni(
                    e.getValue().eniId(), e.getValue().mac(), e.getValue().subnetId(), e.getKey()))
        .toList();
  }

  /** ENIs that the cloud has for the node and that have no record at all. */
  private List<BoundEni> found(List<BoundEni> ours, Set<Ip> listed) {
    return ours.stream()
        .filter(eni -> !listed.contains(eni.primaryIp()))
        .filter(eni -> book.get(eni.primaryIp()).isEmpty())
        .toList();
  }

  private static String uid(NodeENIConfig nec) {
    return nec.getMetadata().getUid();
  }
}
