package io.eniipamd.kube.node;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.BoundEni;
import io.eniipamd.domain.node.LeftEni;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.OwnEnis;
import io.eniipamd.kube.support.CloudTasks;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Which of the ENIs that were made for a node are on its instance, and where the others are. */
@Singleton
final class LeftEnis {
  private final AddressBook book;
  private final OwnEnis own;
  private final CloudTasks tasks;
  private final EniCache memory;

  LeftEnis(AddressBook book, OwnEnis own, CloudTasks tasks, EniCache memory) {
    this.book = book;
    this.own = own;
    this.tasks = tasks;
    this.memory = memory;
  }

  /** The task that removes an ENI. */
  static CloudTasks.Key removal(NodeENIConfig nec, String eniId) {
    return new CloudTasks.Key(nec.getMetadata().getUid(), "remove/" + eniId);
  }

  /** The ENI that the cloud was seen to have the address on. */
  static Optional<String> confirmed(VpcIP vip) {
    return Optional.ofNullable(vip.statusOrEmpty().eniId());
  }

  /** The ENIs that are not on the node's instance, by their addresses. */
  Map<Ip, LeftEni> of(
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
              .filter(_ -> !isBound(vip, nec))
              .flatMap(eniId -> missing(eniId, look).map(w -> new LeftEni(ip, eniId, w, true)))
              .ifPresent(gone -> left.put(ip, gone));
          left.computeIfPresent(ip, (_, eni) -> removing(nec, vip, eni));
        });
    return left;
  }

  private boolean isBound(VpcIP vip, NodeENIConfig nec) {
    return memory.bound(vip.getMetadata().getUid(), nec.getMetadata().getUid()).isPresent();
  }

  private Optional<LeftEni.Where> missing(String eniId, Optional<NodeCloud.Look> look) {
    if (own.isGone(eniId) || look.filter(l -> l.gone().contains(eniId)).isPresent()) {
      return Optional.of(LeftEni.Where.GONE);
    }
    return look.filter(l -> l.others().contains(eniId)).map(_ -> LeftEni.Where.OTHERS);
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
    CloudTasks.State<EniOperations.Done> state = tasks.take(removal(nec, eni.eniId()));
    var where =
        switch (state) {
          case CloudTasks.State.Done<EniOperations.Done> _ -> LeftEni.Where.GONE;
          case CloudTasks.State.Running<EniOperations.Done> _ -> LeftEni.Where.BUSY;
          case CloudTasks.State.Failed<EniOperations.Done> failed -> {
            memory.pause(uid, CloudFailures.untold(failed.cause()), failed.pause());
            yield LeftEni.Where.BUSY;
          }
          case CloudTasks.State.Idle<EniOperations.Done> _ ->
              eni.where() == LeftEni.Where.EMPTY && memory.pause(uid).isPresent()
                  ? LeftEni.Where.BUSY
                  : eni.where();
        };
    return new LeftEni(eni.primaryIp(), eni.eniId(), where, true);
  }

  /** Those that a look has shown and that may be put on the node's instance, or are on it. */
  List<BoundEni> ours(NodeCloud.Look look) {
    return look.seen().stream()
        .filter(seen -> seen.place() == NodeCloud.Place.HERE || isNew(seen))
        .map(NodeCloud.Seen::eni)
        .toList();
  }

  /** One that was made for the node and never was on an instance. */
  private boolean isNew(NodeCloud.Seen seen) {
    return seen.place() == NodeCloud.Place.NOWHERE
        && !seen.loaded()
        && book.get(seen.eni().primaryIp()).flatMap(LeftEnis::confirmed).isEmpty();
  }
}
