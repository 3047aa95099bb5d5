package io.eniipamd.kube.node;

import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.EniInfoBuilder;
import io.eniipamd.api.v1.EniPhase;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.NodeENIConfigSpecBuilder;
import io.eniipamd.api.v1.NodeENIConfigStatus;
import io.eniipamd.api.v1.NodeENIConfigStatusBuilder;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.domain.node.BoundEni;
import io.eniipamd.domain.node.EniDecision;
import io.eniipamd.domain.node.EniDecision.Step;
import io.eniipamd.domain.node.EniPolicy;
import io.eniipamd.domain.node.LeftEni;
import io.eniipamd.domain.node.NodeCondition;
import io.eniipamd.domain.node.NodeProblems;
import io.eniipamd.domain.node.PendingEni;
import io.eniipamd.domain.node.Problem;
import io.eniipamd.domain.node.RouteLimits;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.node.EniGatherer.Gathered;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.Conditions;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.Requeue;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/** Carries out what was decided for a node's ENIs, and says so in the record's status. */
final class EniSteps {
  private static final Logger LOG = Logger.getLogger(EniSteps.class);

  /** What the cloud takes as an ENI's name, in bytes; a node's name is ASCII. */
  private static final int LONGEST_NAME = 60;

  /** A subnet that was full is looked at again when the cloud's numbers may be new. */
  private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

  private final SharedCache<NodeENIConfig> necs;
  private final SharedCache<SlimNode> nodes;
  private final AddressBook book;
  private final EniAddressStore records;
  private final NodeCloud cloud;
  private final NodeSettings settings;
  private final CloudTasks tasks;
  private final EniCache memory;
  private final EventRecorder events;
  private final Clock clock;
  private final Set<String> saidMissing = ConcurrentHashMap.newKeySet();

  /** What was told of ENIs that are left alone, to the records of nodes. */
  private final Set<String> saidLeft = ConcurrentHashMap.newKeySet();

  private volatile Consumer<String> room = node -> {};

  EniSteps(
      SharedCache<NodeENIConfig> necs,
      SharedCache<SlimNode> nodes,
      AddressBook book,
      EniAddressStore records,
      NodeCloud cloud,
      NodeSettings settings,
      CloudTasks tasks,
      EniCache memory,
      EventRecorder events,
      Clock clock) {
    this.necs = necs;
    this.nodes = nodes;
    this.book = book;
    this.records = records;
    this.cloud = cloud;
    this.settings = settings;
    this.tasks = tasks;
    this.memory = memory;
    this.events = events;
    this.clock = clock;
  }

  void onRoom(Consumer<String> node) {
    room = node;
  }

  UpdateControl<NodeENIConfig> perform(
      NodeENIConfig nec, Gathered known, EniDecision decision, Context<NodeENIConfig> context) {
    return switch (decision) {
      case EniDecision.Learn learn -> {
        learn(nec, known, learn);
        learn
            .problem()
            .ifPresent(t -> report(nec, known, List.of(), learn.problem(), true, context));
        yield again(nec, known, learn.problem());
      }
      case EniDecision.Locate located -> {
        locate(nec, located.zone());
        yield again(nec, known, Optional.empty());
      }
      case EniDecision.RecreateRecord lost -> {
        lost.enis().forEach(eni -> recordAgain(nec, known, eni));
        yield Requeue.after(LOOK_AGAIN);
      }
      case EniDecision.Adopt found -> {
        found.enis().forEach(eni -> adopt(nec, eni));
        yield Requeue.again();
      }
      case EniDecision.Work work -> {
        var bound = new ArrayList<BoundEni>();
        boolean more = false;
        for (var step : work.steps()) {
          more |= step(nec, known, step, bound);
        }
        for (var subnet : work.growth()) {
          more |= grow(nec, known, subnet);
        }
        tellOfRefusedRemovals(nec, known);
        report(nec, known, bound, work.problem(), work.settled(), context);
        if (work.lookAgain()) {
          lookAgain(nec, known);
        }
        yield more ? Requeue.again() : again(nec, known, work);
      }
    };
  }

  /**
   * What is done for the ENIs of a node that is gone while its record is deleted.
   *
   * @return when it goes on; empty where nothing holds the record any more
   */
  Optional<UpdateControl<NodeENIConfig>> leave(NodeENIConfig nec, Gathered known) {
    var uid = uid(nec);
    if (!known.facts().looked()) {
      if (memory.pause(uid).isEmpty()) {
        look(nec, known);
      }
      return Optional.of(at(due(nec, known, Optional.empty())));
    }
    tellOfRefusedRemovals(nec, known);
    boolean onTheInstance =
        memory.look(uid).stream()
            .flatMap(look -> look.seen().stream())
            .anyMatch(seen -> seen.place() == NodeCloud.Place.HERE);
    boolean stays = onTheInstance;
    if (!onTheInstance) {
      for (var left : known.facts().left()) {
        var steps = EniPolicy.left(nec.getMetadata().getName(), left).toList();
        steps.forEach(step -> step(nec, known, step, new ArrayList<>()));
        stays |= holds(left);
      }
      for (var coming : known.facts().coming()) {
        stays |= !dropped(known, coming);
      }
    }
    if (!stays) {
      return Optional.empty();
    }
    lookAgain(nec, known);
    var due = due(nec, known, Optional.empty());
    due.add(untilNextLook(uid));
    return Optional.of(at(due));
  }

  /** Whether the record of a node stays for an ENI that is not on its instance. */
  private static boolean holds(LeftEni left) {
    return switch (left.where()) {
      case EMPTY -> left.recorded();
      case LOADED, BUSY -> true;
      case GONE, OTHERS, ELSEWHERE -> false;
    };
  }

  /** Gives up the address of an ENI that never came; false while the cloud is at it. */
  private boolean dropped(Gathered known, PendingEni coming) {
    if (coming.standing() instanceof PendingEni.BindingState.UnderWay) {
      return false;
    }
    var vip = known.records().get(coming.primaryIp());
    records.drop(vip);
    memory.forgetAddress(uid(vip));
    return true;
  }

  private void learn(NodeENIConfig nec, Gathered known, EniDecision.Learn learn) {
    var uid = nec.getMetadata().getUid();
    var name = nec.getMetadata().getName();
    if (memory.pause(uid).isPresent()) {
      return;
    }
    var instance = nec.getSpec().instanceId();
    if (learn.limits()) {
      tasks.start(EniGatherer.limits(nec), () -> cloud.machine(instance), () -> necs.enqueue(name));
    }
    if (learn.look()) {
      look(nec, known);
    }
  }

  private void look(NodeENIConfig nec, Gathered known) {
    var name = nec.getMetadata().getName();
    tasks.start(
        EniGatherer.look(nec),
        () -> cloud.look(name, nec.getSpec().instanceId(), known.confirmed()),
        () -> necs.enqueue(name));
  }

  /** Looks where others have to change something; what was seen last holds meanwhile. */
  private void lookAgain(NodeENIConfig nec, Gathered known) {
    if (!memory.untilNextLook(nec.getMetadata().getUid()).isPositive()) {
      look(nec, known);
    }
  }

  private void locate(NodeENIConfig seen, String zone) {
    var nec = new NodeENIConfig();
    nec.setMetadata(new ObjectMetaBuilder(seen.getMetadata()).build());
    nec.setSpec(NodeENIConfigSpecBuilder.builder(seen.getSpec()).zone(zone).build());
    nec.setStatus(seen.getStatus());
    records.update(nec);
  }

  private void recordAgain(NodeENIConfig nec, Gathered known, BoundEni eni) {
    var name = nec.getMetadata().getName();
    var record =
        Optional.ofNullable(known.records().get(eni.primaryIp()))
            .or(() -> records.take(eni.primaryIp(), eni.subnetId(), name));
    if (record.isPresent()) {
      records.attached(record.get(), eni.eniId());
    } else {
      LOG.warnf(
          "%s, the address of %s on node %s, is recorded as another owner's",
          eni.primaryIp(), eni.eniId(), name);
    }
  }

  private void adopt(NodeENIConfig nec, BoundEni eni) {
    records
        .take(eni.primaryIp(), eni.subnetId(), nec.getMetadata().getName())
        .ifPresent(vip -> memory.made(uid(vip), eni.eniId()));
  }

  /** Takes a step; true where another pass has to follow at once. */
  private boolean step(NodeENIConfig nec, Gathered known, Step step, List<BoundEni> bound) {
    return switch (step) {
      case Step.Begin begin -> {
        begin(nec, known, known.records().get(begin.eni().primaryIp()));
        yield false;
      }
      case Step.RecordBound written -> {
        records.attached(known.records().get(written.eni().primaryIp()), written.bound().eniId());
        bound.add(written.bound());
        yield false;
      }
      case Step.Pause pause -> {
        pause(nec, known, pause);
        yield false;
      }
      case Step.GiveUp giveUp -> {
        giveUp(nec, known, giveUp);
        yield true;
      }
      case Step.Forget forget -> {
        forget(nec, known, forget.eni());
        yield false;
      }
      case Step.Remove remove -> {
        remove(nec, known, remove.eni());
        yield false;
      }
      case Step.Tell(var eni, var problem) -> {
        if (saidLeft.add(uid(nec) + problem.message())) {
          events.warn(nec, problem.reason(), problem.message());
        }
        yield false;
      }
    };
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

  private void remove(NodeENIConfig nec, Gathered known, LeftEni eni) {
    var vip = known.records().get(eni.primaryIp());
    LOG.infof(
        "%s was made for node %s and is on no instance, with no address but its own: it is deleted",
        eni.eniId(), nec.getMetadata().getName());
    tasks.start(
        EniGatherer.remove(nec, vip),
        () -> cloud.remove(eni.eniId()),
        () -> necs.enqueue(nec.getMetadata().getName()));
  }

  /** An ENI that may not be deleted stays, and holds the record of a node that is gone. */
  private void tellOfRefusedRemovals(NodeENIConfig nec, Gathered known) {
    known.facts().left().stream()
        .filter(LeftEni::recorded)
        .flatMap(eni -> memory.pause(uid(known.records().get(eni.primaryIp()))).stream())
        .map(EniCache.Pause::problem)
        .filter(problem -> problem.reason() == NodeReason.CLOUD_DENIED)
        .filter(problem -> saidLeft.add(uid(nec) + problem.message()))
        .forEach(problem -> events.warn(nec, problem.reason(), problem.message()));
  }

  private void begin(NodeENIConfig nec, Gathered gathered, VpcIP vip) {
    var name = nec.getMetadata().getName();
    var vipUid = uid(vip);
    var spec =
        new EniSpec(
            eniName(name, vip.getMetadata().getName()),
            vip.getSpec().subnetId(),
            Ip.parse(vip.getMetadata().getName()),
            nec.getSpec().securityGroups(),
            EniTags.ofEni(settings.clusterId(), name, vipUid),
            "create-" + vipUid);
    var known = memory.made(vipUid).or(() -> adoptable(gathered, spec.primaryIp()));
    boolean mayBeThere = !memory.takeSureToBeAbsent(vipUid);
    tasks.start(
        EniGatherer.bind(nec, vip),
        () ->
            cloud.bind(
                spec,
                nec.getSpec().instanceId(),
                "attach-" + vipUid,
                known,
                mayBeThere,
                eniId -> memory.made(vipUid, eniId)),
        () -> necs.enqueue(name));
  }

  private static Optional<String> adoptable(Gathered known, Ip primary) {
    return known.ours().stream()
        .filter(eni -> eni.primaryIp().equals(primary))
        .map(BoundEni::eniId)
        .findFirst();
  }

  /** Like {@code node-a-10.0.3.7}; of a long name the beginning. */
  static String eniName(String node, String ip) {
    int room = LONGEST_NAME - ip.length() - 1;
    return (node.length() > room ? node.substring(0, room) : node) + "-" + ip;
  }

  private void pause(NodeENIConfig nec, Gathered known, Step.Pause pause) {
    var ip = pause.eni().primaryIp();
    var vip = known.records().get(ip);
    var failed = known.failures().get(ip);
    var vipUid = uid(vip);
    memory.pause(vipUid, pause.problem(), failed.pause());
    switch (failed.cause().kind()) {
      case QUOTA, DENIED -> {
        if (memory.made(vipUid).isEmpty()) {
          memory.sureToBeAbsent(vipUid);
        }
      }
      case NOT_FOUND -> {
        memory.unmade(vipUid);
        memory.unlook(nec.getMetadata().getUid());
      }
      case SUBNET_FULL, ADDRESS_TAKEN, THROTTLED, TRANSIENT, INVALID -> {}
    }
    records.refused(vip, pause.problem(), pause.said(), failed.cause().requestId());
  }

  private void giveUp(NodeENIConfig nec, Gathered known, Step.GiveUp giveUp) {
    var ip = giveUp.eni().primaryIp();
    var vip = known.records().get(ip);
    if (giveUp.foreign()) {
      book.markForeign(ip);
      events.warn(nec, giveUp.problem().reason(), giveUp.problem().message());
    } else {
      memory.full(giveUp.eni().subnetId());
    }
    records.drop(vip);
    memory.forgetAddress(uid(vip));
  }

  /** Records an address for a new ENI and has this made; true where there was none to be had. */
  private boolean grow(NodeENIConfig nec, Gathered known, String subnet) {
    var name = nec.getMetadata().getName();
    var taken = records.takeAny(subnet, name, nec.getMetadata().getUid());
    if (taken.isEmpty()) {
      memory.full(subnet);
      return true;
    }
    memory.sureToBeAbsent(uid(taken.get()));
    begin(nec, known, taken.get());
    return false;
  }

  private void report(
      NodeENIConfig nec,
      Gathered known,
      List<BoundEni> bound,
      Optional<Problem> wrong,
      boolean settled,
      Context<NodeENIConfig> context) {
    var before = nec.statusOrEmpty();
    var problem = wrong;
    var infos = infos(before, known, bound);
    boolean lost = infos.isEmpty() && !before.eniInfos().isEmpty();
    if (lost && wrong.isEmpty()) {
      problem = Optional.of(NodeProblems.enisGone(nec.getMetadata().getName()));
    } else if (infos.isEmpty() && problem.isEmpty() && known.missing().isEmpty()) {
      // Nothing to tell yet; the end of what is under way is the one write of a node's join.
      return;
    }
    var conditions = before.conditions();
    var news = new ArrayList<NodeCondition>();
    for (var verdict : NodeCondition.of(infos.size(), problem, settled, known.missing())) {
      var status = verdict.holds() ? Condition.TRUE : Condition.FALSE;
      if (!Conditions.says(
          conditions, verdict.type(), status, verdict.reason(), verdict.message())) {
        news.add(verdict);
        conditions =
            Conditions.with(
                conditions,
                verdict.type(),
                status,
                verdict.reason(),
                verdict.message(),
                nec.getMetadata().getGeneration(),
                clock.instant());
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
    necs.wrote(context.resourceOperations().updatePrimaryStatus(nec));
    written(nec, before, news);
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

  /** One event a trouble: on the Node, which people look at, and for a quota on the record too. */
  private void tell(NodeENIConfig nec, List<NodeCondition> news) {
    var node = nodes.get(nec.getMetadata().getName());
    var said = new HashSet<Reason>();
    for (var verdict : news) {
      if (verdict.holds() || !said.add(verdict.reason()) || saidOfAnother(nec, verdict)) {
        continue;
      }
      if (node.isEmpty() || verdict.reason() == NodeReason.ENI_LIMIT) {
        events.warn(nec, verdict.reason(), verdict.message());
      }
      node.ifPresent(n -> events.warn(n, verdict.reason(), verdict.message()));
    }
  }

  /** A configured subnet that is missing is missing for all nodes, and one event says so. */
  private boolean saidOfAnother(NodeENIConfig nec, NodeCondition verdict) {
    return verdict.reason() == NodeReason.SUBNET_NOT_FOUND
        && nec.getSpec().subnets().isEmpty()
        && !saidMissing.add(verdict.message());
  }

  private List<EniInfo> infos(NodeENIConfigStatus before, Gathered known, List<BoundEni> bound) {
    var slots = known.facts().limits().map(RouteLimits::slotsPerEni);
    var infos = new ArrayList<EniInfo>();
    for (var info : before.eniInfos()) {
      if (known.gone().contains(info.eniId())) {
        continue;
      }
      infos.add(
          EniInfoBuilder.builder(info)
              .slots(slots.orElse(info.slots()))
              .used(book.used(info.eniId()))
              .build());
    }
    for (var eni : bound) {
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

  /** When the next pass is due by itself; none where only an event can change anything. */
  private UpdateControl<NodeENIConfig> again(
      NodeENIConfig nec, Gathered known, EniDecision.Work work) {
    var due = due(nec, known, work.problem());
    if (work.lookAgain()) {
      due.add(untilNextLook(uid(nec)));
    }
    return at(due);
  }

  private UpdateControl<NodeENIConfig> again(
      NodeENIConfig nec, Gathered known, Optional<Problem> problem) {
    return at(due(nec, known, problem));
  }

  private Duration untilNextLook(String necUid) {
    var next = memory.untilNextLook(necUid);
    // One that is under way wakes by itself.
    return next.isPositive() ? next : LOOK_AGAIN;
  }

  private List<Duration> due(NodeENIConfig nec, Gathered known, Optional<Problem> problem) {
    var due = new ArrayList<Duration>();
    var waiting = new ArrayList<String>();
    waiting.add(nec.getMetadata().getUid());
    known.records().values().forEach(vip -> waiting.add(uid(vip)));
    for (var uid : waiting) {
      memory.pause(uid).ifPresent(p -> due.add(Duration.between(clock.instant(), p.until())));
    }
    if (problem.filter(t -> t.reason() == NodeReason.SUBNET_FULL).isPresent()) {
      due.add(LOOK_AGAIN);
    }
    if (problem.filter(t -> t.reason() == NodeReason.NODE_ZONE_MISSING).isPresent()) {
      var zone = memory.untilAskedAgain(uid(nec));
      due.add(zone.isPositive() ? zone : LOOK_AGAIN);
    }
    return due;
  }

  private static UpdateControl<NodeENIConfig> at(List<Duration> due) {
    return due.stream()
        .min(Duration::compareTo)
        .map(Requeue::<NodeENIConfig>after)
        .orElseGet(UpdateControl::noUpdate);
  }

  private static String uid(NodeENIConfig nec) {
    return nec.getMetadata().getUid();
  }

  private static String uid(VpcIP vip) {
    return vip.getMetadata().getUid();
  }
}
