package io.eniipamd.kube.node;

import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.Refusal;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.BoundEni;
import io.eniipamd.domain.node.EniFacts;
import io.eniipamd.domain.node.EniRoom;
import io.eniipamd.domain.node.LeftEni;
import io.eniipamd.domain.node.NodeProblems;
import io.eniipamd.domain.node.PendingEni;
import io.eniipamd.domain.node.PendingEni.BindingState;
import io.eniipamd.domain.node.Problem;
import io.eniipamd.domain.node.ProviderIds;
import io.eniipamd.domain.node.RouteLimits;
import io.eniipamd.domain.node.SubnetRoom;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.FullPlaces;
import io.eniipamd.kube.address.OwnEnis;
import io.eniipamd.kube.address.Subnets;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.EniDemand;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Everything about a node's ENIs that is known here: caches, the book, ends of tasks. */
final class EniGatherer {
  private final SharedCache<SlimNode> nodes;
  private final AddressBook book;
  private final OwnEnis own;
  private final FullPlaces full;
  private final Subnets subnets;
  private final EniDemand demand;
  private final CloudTasks tasks;
  private final EniCache memory;

  EniGatherer(
      SharedCache<SlimNode> nodes,
      AddressBook book,
      OwnEnis own,
      FullPlaces full,
      Subnets subnets,
      EniDemand demand,
      CloudTasks tasks,
      EniCache memory) {
    this.nodes = nodes;
    this.book = book;
    this.own = own;
    this.full = full;
    this.subnets = subnets;
    this.demand = demand;
    this.tasks = tasks;
    this.memory = memory;
  }

  /**
   * What is known, and what the steps need beside the facts.
   *
   * @param failures of bindings that have just failed, by address
   * @param missing subnets of the node that do not exist
   * @param confirmed ENIs that the addresses' records were confirmed on
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

  static CloudTasks.Key limits(NodeENIConfig nec) {
    return new CloudTasks.Key(uid(nec), "limits");
  }

  static CloudTasks.Key look(NodeENIConfig nec) {
    return new CloudTasks.Key(uid(nec), "look");
  }

  static CloudTasks.Key remove(NodeENIConfig nec, VpcIP vip) {
    return new CloudTasks.Key(uid(nec), "remove/" + vip.getMetadata().getUid());
  }

  static CloudTasks.Key bind(NodeENIConfig nec, VpcIP vip) {
    return new CloudTasks.Key(uid(nec), "bind/" + vip.getMetadata().getUid());
  }

  Gathered gather(NodeENIConfig nec) {
    var name = nec.getMetadata().getName();
    hearLimits(nec);
    hearLook(nec);
    var limits =
        memory
            .limits(uid(nec))
            .or(() -> NodeGatherer.recorded(nec))
            .map(l -> NodeGatherer.capped(nec, l));
    var records = records(name);
    var node = nodes.get(name).map(NodeGatherer::node);
    // When the record of a node that is gone is deleted, all its ENIs have to be accounted for.
    boolean leaving = nec.isMarkedForDeletion() && node.isEmpty();
    var gone =
        nec.statusOrEmpty().eniInfos().stream()
            .map(EniInfo::eniId)
            .filter(own::isGone)
            .collect(Collectors.toSet());
    gone.forEach(eniId -> memory.gone(uid(nec), eniId));
    var inStatus =
        (leaving ? List.<EniInfo>of() : nec.statusOrEmpty().eniInfos())
            .stream()
                .filter(e -> !gone.contains(e.eniId()))
                .collect(Collectors.toMap(e -> Ip.parse(e.primaryIP()), e -> e, (a, b) -> a));
    var failures = new HashMap<Ip, CloudTasks.State.Failed<BoundEni>>();
    var look = memory.look(uid(nec));
    var unlisted = new HashMap<>(records);
    unlisted.keySet().removeAll(inStatus.keySet());
    var left = left(nec, look, inStatus.keySet(), unlisted);
    var coming =
        unlisted.entrySet().stream()
            .filter(e -> !left.containsKey(e.getKey()))
            .map(e -> coming(nec, e.getKey(), e.getValue(), failures))
            .toList();
    // Where an ENI is that was on the node once has to be seen before anything is done about it.
    boolean told =
        coming.stream()
            .filter(c -> !(c.standing() instanceof BindingState.Bound))
            .flatMap(c -> confirmed(unlisted.get(c.primaryIp())).stream())
            .allMatch(eniId -> look.filter(l -> l.tells(eniId)).isPresent());
    var ours = look.map(this::ours).orElse(List.of());
    var candidates = candidates(nec);
    var recordedZone = Optional.ofNullable(nec.getSpec().zone()).filter(ProviderIds::isZone);
    var facts =
        new EniFacts(
            name,
            node,
            Optional.ofNullable(nec.getSpec().instanceId()),
            memory.zone(uid(nec)).or(() -> recordedZone),
            recordedZone,
            memory.isAsked(uid(nec)),
            limits,
            told && (look.isPresent() || !inStatus.isEmpty()),
            memory.pause(uid(nec)).map(EniCache.Pause::problem),
            look.map(NodeCloud.Look::strangers).orElse(0),
            inStatus.values().stream()
                .filter(e -> own.isUsable(e.eniId()))
                .map(e -> room(e, limits))
                .toList(),
            coming,
            unrecorded(inStatus, records),
            found(ours, inStatus),
            List.copyOf(left.values()),
            rooms(candidates),
            unseen(candidates),
            subnets.whyUnknown(unseen(candidates)).map(EniGatherer::untold),
            Optional.ofNullable(nec.getSpec().desiredRouteENIIP()).orElse(0),
            demand.on(name).values());
    var missing = new TreeSet<>(candidates);
    missing.retainAll(subnets.missing());
    var confirmed =
        records.values().stream()
            .flatMap(vip -> confirmed(vip).stream())
            .collect(Collectors.toSet());
    return new Gathered(facts, records, failures, missing, confirmed, gone, ours);
  }

  private static Optional<String> confirmed(VpcIP vip) {
    return Optional.ofNullable(vip.statusOrEmpty().eniId());
  }

  /** The ENIs that are not on the node's instance, by their addresses. */
  private Map<Ip, LeftEni> left(
      NodeENIConfig nec, Optional<NodeCloud.Look> look, Set<Ip> listed, Map<Ip, VpcIP> unlisted) {
    var left = new HashMap<Ip, LeftEni>();
    look.ifPresent(
        l ->
            l.seen().stream()
                .filter(seen -> seen.place() != NodeCloud.Place.HERE && !isNew(seen))
                .filter(seen -> !listed.contains(seen.eni().primaryIp()))
                .forEach(
                    seen -> {
                      var ip = seen.eni().primaryIp();
                      left.put(
                          ip,
                          new LeftEni(
                              ip, seen.eni().eniId(), where(seen), unlisted.containsKey(ip)));
                    }));
    unlisted.forEach(
        (ip, vip) -> {
          confirmed(vip)
              .filter(eniId -> memory.bound(vip.getMetadata().getUid()).isEmpty())
              .flatMap(eniId -> missing(eniId, look).map(w -> new LeftEni(ip, eniId, w, true)))
              .ifPresent(gone -> left.put(ip, gone));
          left.computeIfPresent(ip, (same, eni) -> removing(nec, vip, eni));
        });
    return left;
  }

  private Optional<LeftEni.Where> missing(String eniId, Optional<NodeCloud.Look> look) {
    if (own.isGone(eniId) || look.filter(l -> l.gone().contains(eniId)).isPresent()) {
      return Optional.of(LeftEni.Where.GONE);
    }
    return look.filter(l -> l.others().contains(eniId)).map(l -> LeftEni.Where.OTHERS);
  }

  private static LeftEni.Where where(NodeCloud.Seen seen) {
    return switch (seen.place()) {
      case ELSEWHERE -> LeftEni.Where.ELSEWHERE;
      case NOWHERE -> seen.loaded() ? LeftEni.Where.LOADED : LeftEni.Where.EMPTY;
      case GOING, HERE -> LeftEni.Where.BUSY;
    };
  }

  /** How far the deletion of an ENI is, where one was begun. */
  private LeftEni removing(NodeENIConfig nec, VpcIP vip, LeftEni eni) {
    var uid = vip.getMetadata().getUid();
    CloudTasks.State<EniOperations.Done> state = tasks.take(remove(nec, vip));
    var where =
        switch (state) {
          case CloudTasks.State.Done<EniOperations.Done> done -> LeftEni.Where.GONE;
          case CloudTasks.State.Running<EniOperations.Done> running -> LeftEni.Where.BUSY;
          case CloudTasks.State.Failed<EniOperations.Done> failed -> {
            memory.pause(uid, untold(failed.cause()), failed.pause());
            yield LeftEni.Where.BUSY;
          }
          case CloudTasks.State.Idle<EniOperations.Done> idle ->
              eni.where() == LeftEni.Where.EMPTY && memory.pause(uid).isPresent()
                  ? LeftEni.Where.BUSY
                  : eni.where();
        };
    return new LeftEni(eni.primaryIp(), eni.eniId(), where, true);
  }

  /** One that was made for the node and never was on an instance. */
  private boolean isNew(NodeCloud.Seen seen) {
    return seen.place() == NodeCloud.Place.NOWHERE
        && !seen.loaded()
        && book.get(seen.eni().primaryIp()).flatMap(EniGatherer::confirmed).isEmpty();
  }

  private List<BoundEni> ours(NodeCloud.Look look) {
    return look.seen().stream()
        .filter(seen -> seen.place() == NodeCloud.Place.HERE || isNew(seen))
        .map(NodeCloud.Seen::eni)
        .toList();
  }

  private void hearLimits(NodeENIConfig nec) {
    CloudTasks.State<NodeCloud.Machine> state = tasks.take(limits(nec));
    switch (state) {
      case CloudTasks.State.Idle<NodeCloud.Machine> idle -> {}
      case CloudTasks.State.Running<NodeCloud.Machine> running -> {}
      case CloudTasks.State.Done<NodeCloud.Machine> done -> memory.machine(uid(nec), done.result());
      case CloudTasks.State.Failed<NodeCloud.Machine> failed ->
          memory.pause(uid(nec), unlimited(nec, failed.cause()), failed.pause());
    }
  }

  private void hearLook(NodeENIConfig nec) {
    CloudTasks.State<NodeCloud.Look> state = tasks.take(look(nec));
    switch (state) {
      case CloudTasks.State.Idle<NodeCloud.Look> idle -> {}
      case CloudTasks.State.Running<NodeCloud.Look> running -> {}
      case CloudTasks.State.Done<NodeCloud.Look> done -> memory.look(uid(nec), done.result());
      case CloudTasks.State.Failed<NodeCloud.Look> failed ->
          memory.pause(uid(nec), untold(failed.cause()), failed.pause());
    }
  }

  /** Why the limits are not known. */
  private static Problem unlimited(NodeENIConfig nec, CloudException cause) {
    var instance = nec.getSpec().instanceId();
    return switch (cause.kind()) {
      case NOT_FOUND ->
          NodeProblems.instanceNotFound(nec.getMetadata().getName(), instance, cause.getMessage());
      case DENIED ->
          Refusal.of(cause.code()) == Refusal.CALL
              ? NodeProblems.limitsUnknown(instance, cause.getMessage())
              : NodeProblems.denied(cause.getMessage());
      case INVALID -> NodeProblems.limitsUnknown(instance, cause.getMessage());
      case QUOTA, SUBNET_FULL, ADDRESS_TAKEN, THROTTLED, TRANSIENT ->
          NodeProblems.cloudFailed(cause.getMessage());
    };
  }

  /** Why the cloud has not told, or not done, what was asked of it. */
  private static Problem untold(CloudException cause) {
    return cause.kind() == CloudException.Kind.DENIED
        ? NodeProblems.denied(cause.getMessage())
        : NodeProblems.cloudFailed(cause.getMessage());
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

  private PendingEni coming(
      NodeENIConfig nec, Ip ip, VpcIP vip, Map<Ip, CloudTasks.State.Failed<BoundEni>> failures) {
    CloudTasks.State<BoundEni> state = tasks.take(bind(nec, vip));
    var uid = vip.getMetadata().getUid();
    BindingState standing =
        switch (state) {
          case CloudTasks.State.Running<BoundEni> running -> new BindingState.UnderWay();
          case CloudTasks.State.Done<BoundEni> done -> {
            memory.bound(uid, done.result());
            memory.resume(uid);
            yield new BindingState.Bound(done.result());
          }
          case CloudTasks.State.Failed<BoundEni> failed -> {
            failures.put(ip, failed);
            yield new BindingState.Refused(refusal(failed.cause()), failed.cause().getMessage());
          }
          case CloudTasks.State.Idle<BoundEni> idle ->
              memory
                  .bound(uid)
                  .<BindingState>map(BindingState.Bound::new)
                  .or(() -> memory.pause(uid).map(p -> new BindingState.Paused(p.problem())))
                  .orElseGet(BindingState.Open::new);
        };
    return new PendingEni(ip, vip.getSpec().subnetId(), standing);
  }

  private static PendingEni.Refusal refusal(CloudException cause) {
    return switch (cause.kind()) {
      case QUOTA -> PendingEni.Refusal.QUOTA;
      case SUBNET_FULL -> PendingEni.Refusal.SUBNET_FULL;
      case ADDRESS_TAKEN -> PendingEni.Refusal.ADDRESS_TAKEN;
      case DENIED -> PendingEni.Refusal.DENIED;
      case NOT_FOUND, THROTTLED, TRANSIENT, INVALID -> PendingEni.Refusal.OTHER;
    };
  }

  private EniRoom room(EniInfo info, Optional<RouteLimits> limits) {
    int slots =
        limits.map(RouteLimits::slotsPerEni).or(() -> Optional.ofNullable(info.slots())).orElse(0);
    int used = full.isFull(info.eniId()) ? slots : book.used(info.eniId());
    return new EniRoom(info.subnetId(), slots, used);
  }

  /**
   * ENIs in the status whose address has no record, or one that does not say so yet. One that is
   * recorded otherwise is left alone: it is in its end, or people have to sort it out.
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
  private List<BoundEni> found(List<BoundEni> ours, Map<Ip, EniInfo> inStatus) {
    return ours.stream()
        .filter(eni -> !inStatus.containsKey(eni.primaryIp()))
        .filter(eni -> book.get(eni.primaryIp()).isEmpty())
        .toList();
  }

  private Set<String> candidates(NodeENIConfig nec) {
    var own = nec.getSpec().subnets();
    return new LinkedHashSet<>(own.isEmpty() ? subnets.configured() : own);
  }

  private List<SubnetRoom> rooms(Set<String> candidates) {
    var found = subnets.found();
    return candidates.stream()
        .map(found::get)
        .filter(Objects::nonNull)
        .map(s -> new SubnetRoom(s.id(), s.zone(), free(s)))
        .toList();
  }

  /** What the book says is free, unless the cloud knows better. */
  private long free(Subnet subnet) {
    return memory.isFull(subnet.id()) || full.isFull(subnet.id())
        ? 0
        : Math.min(book.free(subnet.id()), subnet.availableAddresses());
  }

  private Set<String> unseen(Set<String> candidates) {
    var unseen = new TreeSet<>(candidates);
    unseen.removeAll(subnets.found().keySet());
    unseen.removeAll(subnets.missing());
    return unseen;
  }

  private static String uid(NodeENIConfig nec) {
    return nec.getMetadata().getUid();
  }
}
