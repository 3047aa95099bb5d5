package io.eniipamd.kube.node;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.domain.node.DirectRoom;
import io.eniipamd.domain.node.SubnetRoom;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.FullPlaces;
import io.eniipamd.kube.address.Subnets;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What nodes have for ENIs of Pods' own, from the caches. */
@Singleton
public final class DirectRooms {
  private final SharedCache<NodeENIConfig> necs;
  private final SharedCache<SlimNode> nodes;
  private final Subnets subnets;
  private final AddressBook book;
  private final FullPlaces full;

  public DirectRooms(
      SharedCache<NodeENIConfig> necs,
      SharedCache<SlimNode> nodes,
      Subnets subnets,
      AddressBook book,
      FullPlaces full) {
    this.necs = necs;
    this.nodes = nodes;
    this.subnets = subnets;
    this.book = book;
    this.full = full;
  }

  /** Of a node; empty while it has no record. */
  public Optional<DirectRoom> of(String node) {
    return necs.get(node)
        .filter(nec -> !nec.isMarkedForDeletion())
        .map(
            nec ->
                new DirectRoom(
                    instance(nec),
                    rooms(nec),
                    Optional.ofNullable(nec.statusOrEmpty().maxDirectENI()),
                    wanted(nec)));
  }

  private int wanted(NodeENIConfig nec) {
    return (int)
        book.onNode(nec.getMetadata().getName()).stream()
            .filter(vip -> vip.getSpec().ofOwnEni())
            .filter(vip -> Objects.equals(vip.getSpec().instanceId(), nec.getSpec().instanceId()))
            .count();
  }

  /**
   * The instance that a node runs on; empty while its record is not of the instance that the Node
   * names now, or there is no Node.
   */
  public Optional<String> instance(String node) {
    return of(node).flatMap(DirectRoom::instanceId);
  }

  private Optional<String> instance(NodeENIConfig nec) {
    return Optional.ofNullable(nec.getSpec().instanceId())
        .filter(
            recorded ->
                nodes
                    .get(nec.getMetadata().getName())
                    .flatMap(node -> NodeGatherer.node(node).instanceId())
                    .filter(recorded::equals)
                    .isPresent());
  }

  private List<SubnetRoom> rooms(NodeENIConfig nec) {
    var own = nec.getSpec().subnets();
    var zone = NodeGatherer.zone(nec);
    var found = subnets.found();
    return (own.isEmpty() ? subnets.configured() : own)
        .stream()
            .distinct()
            .map(found::get)
            .filter(Objects::nonNull)
            .filter(s -> zone.filter(s.zone()::equals).isPresent())
            .map(s -> new SubnetRoom(s.id(), s.zone(), free(s), book.quota(s.id())))
            .toList();
  }

  private long free(Subnet subnet) {
    return full.isFull(subnet.id())
        ? 0
        : Math.min(book.free(subnet.id()), subnet.availableAddresses());
  }
}
