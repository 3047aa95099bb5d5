package io.eniipamd.simulator.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All addresses of the VPC: the subnets and who has what. An address has one holder at most.
 * Guarded by the model's lock.
 */
final class AddressSpace {
  private final Map<String, SubnetSpace> subnets = new LinkedHashMap<>();
  private final TreeMap<Ipv4, SubnetSpace> byNetwork = new TreeMap<>();
  private final Map<Ipv4, Holder> holders = new HashMap<>();

  void add(SubnetSpace subnet) {
    for (SubnetSpace other : subnets.values()) {
      if (other.cidr().contains(subnet.cidr()) || subnet.cidr().contains(other.cidr())) {
        throw new IllegalArgumentException(subnet.id() + " overlaps with " + other.id());
      }
    }
    subnets.put(subnet.id(), subnet);
    byNetwork.put(subnet.cidr().network(), subnet);
  }

  void remove(String subnetId) {
    SubnetSpace subnet = subnet(subnetId);
    if (subnet.available() != subnet.total()) {
      throw new IllegalStateException(subnetId + " still has addresses in use");
    }
    subnets.remove(subnetId);
    byNetwork.remove(subnet.cidr().network());
  }

  Collection<SubnetSpace> subnets() {
    return subnets.values();
  }

  SubnetSpace subnet(String id) {
    SubnetSpace subnet = subnets.get(id);
    if (subnet == null) {
      throw Refusal.notFound(id);
    }
    return subnet;
  }

  Optional<SubnetSpace> subnetOf(Ipv4 ip) {
    Map.Entry<Ipv4, SubnetSpace> floor = byNetwork.floorEntry(ip);
    return floor != null && floor.getValue().cidr().contains(ip)
        ? Optional.of(floor.getValue())
        : Optional.empty();
  }

  Optional<Holder> holderOf(Ipv4 ip) {
    return Optional.ofNullable(holders.get(ip));
  }

  Map<Ipv4, Holder> holders() {
    return holders;
  }

  /** Gives a free address to a holder. */
  void take(Ipv4 ip, Holder holder) {
    subnetOf(ip).orElseThrow(() -> new IllegalStateException(ip + " is in no subnet")).take(ip);
    holders.put(ip, holder);
  }

  /** Passes an address on; it is never free in between. */
  void pass(Ipv4 ip, Holder from, Holder to) {
    if (!from.equals(holders.get(ip))) {
      throw new IllegalStateException(ip + " is not held by " + from.label());
    }
    holders.put(ip, to);
  }

  /** Takes an address back from its holder. */
  void release(Ipv4 ip, Holder from) {
    if (!holders.remove(ip, from)) {
      throw new IllegalStateException(ip + " is not held by " + from.label());
    }
    subnetOf(ip).orElseThrow().release(ip);
  }

  /**
   * The free addresses of a subnet, in order, leaving out some.
   *
   * @throws Refusal where there are not enough
   */
  List<Ipv4> pickFree(SubnetSpace subnet, int count, Collection<Ipv4> except) {
    long room = subnet.available() - except.stream().filter(ip -> !subnet.isTaken(ip)).count();
    if (count > room) {
      throw new Refusal(
          "ResourceInsufficient.Subnet", "The subnet `" + subnet.id() + "` has no free IP.");
    }
    List<Ipv4> picked = new ArrayList<>();
    for (int offset = 0; picked.size() < count; offset++) {
      offset = subnet.nextFreeOffset(offset);
      Ipv4 ip = subnet.cidr().at(offset);
      if (!except.contains(ip)) {
        picked.add(ip);
      }
    }
    return picked;
  }
}
