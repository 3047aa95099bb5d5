package io.eniipamd.kube.node;

import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.EniPhase;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.LeavingEni;
import io.eniipamd.domain.node.LeavingEni.Where;
import io.eniipamd.domain.node.NodeProblems;
import io.eniipamd.domain.node.PendingEni;
import io.eniipamd.domain.node.PendingEni.BindingState;
import io.eniipamd.domain.node.Problem;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.OwnEnis;
import io.eniipamd.kube.support.CloudTasks;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** How the ENIs stand that a node gives back. */
@Singleton
final class LeavingEnis {
  /** Pauses between two tries double; this one follows the fifth failure in a row, or so. */
  private static final Duration STUBBORN = Duration.ofSeconds(8);

  private final AddressBook book;
  private final OwnEnis own;
  private final CloudTasks tasks;
  private final EniCache memory;
  private final IdleEnis idle;

  LeavingEnis(AddressBook book, OwnEnis own, CloudTasks tasks, EniCache memory, IdleEnis idle) {
    this.book = book;
    this.own = own;
    this.tasks = tasks;
    this.memory = memory;
    this.idle = idle;
  }

  /** What is known of one ENI, from each of the three that know it by its own address. */
  private record Known(
      Ip ip, Optional<EniInfo> info, Optional<VpcIP> vip, Optional<NodeCloud.Seen> seen) {

    String subnetId() {
      return info.map(EniInfo::subnetId)
          .or(() -> vip.map(v -> v.getSpec().subnetId()))
          .or(() -> seen.map(s -> s.eni().subnetId()))
          .orElse("");
    }

    Optional<String> eniId(EniCache memory) {
      return info.map(EniInfo::eniId)
          .or(() -> vip.flatMap(LeftEnis::confirmed))
          .or(() -> seen.map(s -> s.eni().eniId()))
          .or(() -> vip.map(v -> v.getMetadata().getUid()).flatMap(memory::eniOf));
    }
  }

  /**
   * Those of a node that lives: the ones that its record lists as closed, and those that have
   * carried no address of a Pod for long.
   *
   * @param attached the ENIs in the list that carry Pods
   */
  List<LeavingEni> ofLivingNode(
      NodeENIConfig nec,
      Optional<NodeCloud.Look> look,
      Map<Ip, EniInfo> attached,
      Map<Ip, VpcIP> records) {
    return Stream.concat(closed(nec, look, records).stream(), idle(attached, records).stream())
        .toList();
  }

  private List<LeavingEni> closed(
      NodeENIConfig nec, Optional<NodeCloud.Look> look, Map<Ip, VpcIP> records) {
    return nec.statusOrEmpty().eniInfos().stream()
        .filter(LeavingEnis::isClosed)
        .map(
            info -> {
              var ip = Ip.parse(info.primaryIP());
              return leaving(
                  nec,
                  look,
                  new Known(
                      ip,
                      Optional.of(info),
                      Optional.ofNullable(records.get(ip)),
                      look.flatMap(l -> l.showing(info.eniId()))),
                  Optional.empty());
            })
        .toList();
  }

  private List<LeavingEni> idle(Map<Ip, EniInfo> attached, Map<Ip, VpcIP> records) {
    return attached.entrySet().stream()
        .filter(e -> own.isUsable(e.getValue().eniId()) && idle.isIdle(e.getValue()))
        .sorted(Map.Entry.comparingByKey())
        .map(
            e ->
                new LeavingEni(
                    e.getKey(),
                    Optional.of(e.getValue().eniId()),
                    e.getValue().subnetId(),
                    Where.ATTACHED,
                    false,
                    0,
                    records.containsKey(e.getKey()),
                    true,
                    false))
        .toList();
  }

  /** Whether nothing is to be put on the ENI any more. */
  static boolean isClosed(EniInfo info) {
    return info.phase() == EniPhase.DETACHING;
  }

  /**
   * All of a node that is gone: those that its record lists, that have a record of their own
   * address, and that a look has shown.
   *
   * @param coming those that are not listed yet
   */
  List<LeavingEni> all(
      NodeENIConfig nec,
      Optional<NodeCloud.Look> look,
      Map<Ip, VpcIP> records,
      List<PendingEni> coming) {
    var infos = new TreeMap<Ip, EniInfo>();
    nec.statusOrEmpty().eniInfos().forEach(i -> infos.put(Ip.parse(i.primaryIP()), i));
    var seen = new TreeMap<Ip, NodeCloud.Seen>();
    look.ifPresent(
        l ->
            l.seen().stream()
                .filter(s -> !isOfAnotherNode(s, nec))
                .forEach(s -> seen.put(s.eni().primaryIp(), s)));
    var all = new TreeSet<Ip>(infos.keySet());
    all.addAll(records.keySet());
    all.addAll(seen.keySet());
    var leaving = new ArrayList<LeavingEni>();
    for (var ip : all) {
      var known =
          new Known(
              ip,
              Optional.ofNullable(infos.get(ip)),
              Optional.ofNullable(records.get(ip)),
              Optional.ofNullable(seen.get(ip)));
      leaving.add(
          leaving(
              nec, look, known, coming.stream().filter(c -> c.primaryIp().equals(ip)).findFirst()));
    }
    return leaving;
  }

  /** One that a user has put on the instance of this node belongs to the node that records it. */
  private boolean isOfAnotherNode(NodeCloud.Seen seen, NodeENIConfig nec) {
    return book.get(seen.eni().primaryIp())
        .filter(vip -> !nec.getMetadata().getName().equals(vip.getSpec().nodeName()))
        .isPresent();
  }

  private LeavingEni leaving(
      NodeENIConfig nec, Optional<NodeCloud.Look> look, Known known, Optional<PendingEni> coming) {
    var eniId = known.eniId(memory);
    boolean underWay =
        coming.filter(c -> c.standing() instanceof BindingState.UnderWay).isPresent();
    var where = underWay ? Where.COMING : where(look, known, eniId);
    if (eniId.isPresent()) {
      where = removing(nec, eniId.get(), where);
    }
    return new LeavingEni(
        known.ip(),
        eniId,
        known.subnetId(),
        where,
        known.seen().isPresent(),
        eniId.map(book::used).orElse(0),
        known.vip().isPresent(),
        known.info().isPresent(),
        known.info().filter(LeavingEnis::isClosed).isPresent());
  }

  private Where where(Optional<NodeCloud.Look> look, Known known, Optional<String> eniId) {
    if (known.seen().isPresent()) {
      return switch (known.seen().get().place()) {
        case HERE -> Where.ATTACHED;
        case NOWHERE, GOING -> Where.LOOSE;
        case ELSEWHERE -> Where.ELSEWHERE;
      };
    }
    if (eniId.isEmpty()) {
      return Where.NEVER_MADE;
    }
    if (own.isGone(eniId.get()) || look.filter(l -> l.gone().contains(eniId.get())).isPresent()) {
      return Where.GONE;
    }
    return look.filter(l -> l.others().contains(eniId.get())).isPresent()
        ? Where.OTHERS
        // By the records; its removal looks by itself.
        : Where.ATTACHED;
  }

  /** How far the removal of an ENI is, where one was begun. */
  private Where removing(NodeENIConfig nec, String eniId, Where where) {
    CloudTasks.State<EniOperations.Done> state = tasks.take(LeftEnis.removal(nec, eniId));
    return switch (state) {
      case CloudTasks.State.Running<EniOperations.Done> _ -> Where.BUSY;
      case CloudTasks.State.Done<EniOperations.Done> _ -> {
        memory.gone(nec.getMetadata().getUid(), eniId);
        yield Where.GONE;
      }
      case CloudTasks.State.Failed<EniOperations.Done> failed -> {
        memory.pause(eniId, problem(nec, eniId, failed), failed.pause());
        yield Where.BUSY;
      }
      case CloudTasks.State.Idle<EniOperations.Done> _ ->
          memory.pause(eniId).isPresent() ? Where.BUSY : where;
    };
  }

  /** A failure that goes by itself is not worth telling. */
  private static Problem problem(
      NodeENIConfig nec, String eniId, CloudTasks.State.Failed<EniOperations.Done> failed) {
    return failed.pause().compareTo(STUBBORN) >= 0
            && failed.cause().kind() != CloudException.Kind.DENIED
        ? NodeProblems.eniStays(nec.getMetadata().getName(), eniId, failed.cause().getMessage())
        : CloudFailures.untold(failed.cause());
  }
}
