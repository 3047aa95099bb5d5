package io.eniipamd.kube.node;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.domain.node.SubnetFacts;
import io.eniipamd.domain.node.SubnetRoom;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.FullPlaces;
import io.eniipamd.kube.address.Subnets;
import jakarta.inject.Singleton;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** The subnets that a node may use, and what is known of them. */
@Singleton
final class NodeSubnets {
  private final Subnets subnets;
  private final AddressBook book;
  private final FullPlaces full;
  private final EniCache memory;

  NodeSubnets(Subnets subnets, AddressBook book, FullPlaces full, EniCache memory) {
    this.subnets = subnets;
    this.book = book;
    this.full = full;
    this.memory = memory;
  }

  SubnetFacts facts(NodeENIConfig nec) {
    var candidates = candidates(nec);
    var unseen = unseen(candidates);
    return new SubnetFacts(
        rooms(candidates), unseen, subnets.whyUnknown(unseen).map(CloudFailures::untold));
  }

  /** Those of the node that do not exist. */
  Set<String> missing(NodeENIConfig nec) {
    var missing = new TreeSet<>(candidates(nec));
    missing.retainAll(subnets.missing());
    return missing;
  }

  /** Those that the node may use: its own, else those of the configuration. */
  private Set<String> candidates(NodeENIConfig nec) {
    var own = nec.getSpec().subnets();
    return new LinkedHashSet<>(own.isEmpty() ? subnets.configured() : own);
  }

  private List<SubnetRoom> rooms(Set<String> candidates) {
    var found = subnets.found();
    return candidates.stream()
        .map(found::get)
        .filter(Objects::nonNull)
        .map(s -> new SubnetRoom(s.id(), s.zone(), free(s), book.quota(s.id())))
        .toList();
  }

  /** What the book says is free, unless the cloud knows better. */
  private long free(Subnet subnet) {
    return memory.isFull(subnet.id()) || full.isFull(subnet.id())
        ? 0
        : Math.min(book.free(subnet.id()), subnet.availableAddresses());
  }

  /** Whether the cloud has shown the subnet. */
  boolean isFound(String subnetId) {
    return subnets.found().containsKey(subnetId);
  }

  /** How many addresses of a subnet that the cloud has shown can still be had; 0 for others. */
  long free(String subnetId) {
    var subnet = subnets.found().get(subnetId);
    return subnet == null ? 0 : free(subnet);
  }

  private Set<String> unseen(Set<String> candidates) {
    var unseen = new TreeSet<>(candidates);
    unseen.removeAll(subnets.found().keySet());
    unseen.removeAll(subnets.missing());
    return unseen;
  }
}
