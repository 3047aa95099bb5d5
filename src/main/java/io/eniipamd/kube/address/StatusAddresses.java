package io.eniipamd.kube.address;

import io.eniipamd.domain.address.Ip;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Addresses that stand in the status of objects of one kind, and in which. An address may lose its
 * {@code VpcIP} and still be in use by the object that names it.
 */
final class StatusAddresses {
  private final Map<Ip, String> holders = new HashMap<>();
  private final Map<String, Set<Ip>> byHolder = new HashMap<>();

  /**
   * Notes which addresses an object names now; none for one that is gone.
   *
   * @param holder what tells the object from the others of its kind
   * @return those that it named before and names no more
   */
  Set<Ip> note(String holder, Set<Ip> now) {
    var before = now.isEmpty() ? byHolder.remove(holder) : byHolder.put(holder, Set.copyOf(now));
    now.forEach(ip -> holders.put(ip, holder));
    var left = new HashSet<>(before == null ? Set.of() : before);
    left.removeAll(now);
    left.removeIf(ip -> !holders.remove(ip, holder));
    return left;
  }

  /** The object that names the address; of two the one that was noted last. */
  Optional<String> holder(Ip ip) {
    return Optional.ofNullable(holders.get(ip));
  }

  boolean contains(Ip ip) {
    return holders.containsKey(ip);
  }

  Set<Ip> all() {
    return holders.keySet();
  }
}
