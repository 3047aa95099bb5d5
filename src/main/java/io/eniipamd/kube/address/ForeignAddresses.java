package io.eniipamd.kube.address;

import io.eniipamd.domain.address.Ip;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Addresses that other users of the VPC were seen to have, each until it is tried again: they may
 * have released it. Only the {@link AddressBook} calls this, under its lock.
 */
final class ForeignAddresses {
  /** Those that the cloud refused because another user has them. */
  private final Map<Ip, Instant> refused = new HashMap<>();

  /** What the cloud lists for other users, by the subnet's id. */
  private final Map<String, Listed> listed = new HashMap<>();

  private record Listed(Set<Ip> addresses, Instant until) {}

  /** The cloud has refused an address because another user has it. */
  void refused(Ip ip, Instant until) {
    refused.put(ip, until);
  }

  /**
   * The cloud has listed what other users have in a subnet; the list replaces the earlier one.
   *
   * @return the addresses of the earlier list
   */
  Set<Ip> list(String subnetId, Set<Ip> addresses, Instant until) {
    var before = listed.put(subnetId, new Listed(addresses, until));
    return before == null ? Set.of() : before.addresses();
  }

  /** Whether the cloud has refused this very address. */
  boolean wasRefused(Ip ip) {
    return refused.containsKey(ip);
  }

  /** Whether there is a list for the subnet. */
  boolean isListed(String subnetId) {
    return listed.containsKey(subnetId);
  }

  boolean contains(Ip ip) {
    return wasRefused(ip) || listed.values().stream().anyMatch(l -> l.addresses().contains(ip));
  }

  Stream<Ip> all() {
    return Stream.concat(
        refused.keySet().stream(), listed.values().stream().flatMap(l -> l.addresses().stream()));
  }

  /**
   * Forgets what is too old to be believed.
   *
   * @return the addresses that are forgotten
   */
  Set<Ip> forgetOld(Instant now) {
    var old = new HashSet<Ip>();
    listed
        .values()
        .removeIf(
            list -> {
              boolean over = list.until().isBefore(now);
              if (over) {
                old.addAll(list.addresses());
              }
              return over;
            });
    refused
        .entrySet()
        .removeIf(
            one -> {
              boolean over = one.getValue().isBefore(now);
              if (over) {
                old.add(one.getKey());
              }
              return over;
            });
    return old;
  }
}
