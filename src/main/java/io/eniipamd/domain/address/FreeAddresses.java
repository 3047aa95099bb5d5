package io.eniipamd.domain.address;

import java.util.BitSet;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which addresses of a subnet are free, as a bit an address, and whose turn it is. The cursor goes
 * round, so that an address that was just freed comes last.
 *
 * <p>Deciding is O(1) amortised: {@link BitSet#nextClearBit} looks at 64 addresses a step. Not safe
 * for use by several threads.
 */
public final class FreeAddresses {
  private final Cidr cidr;
  private final BitSet taken = new BitSet();
  private int cursor = FIRST_USABLE;

  /** The network and the gateway come before it. */
  private static final int FIRST_USABLE = 2;

  public FreeAddresses(Cidr cidr) {
    this.cidr = cidr;
  }

  /** Marks an address as taken; one outside the range is not of this subnet. */
  public void take(Ip ip) {
    if (cidr.contains(ip)) {
      taken.set(offset(ip));
    }
  }

  /** Marks an address as free. */
  public void free(Ip ip) {
    if (cidr.contains(ip)) {
      taken.clear(offset(ip));
    }
  }

  /** How many addresses can still be had. */
  public long count() {
    return cidr.usableSize()
        - taken.get(FIRST_USABLE, (int) Math.max(FIRST_USABLE, cidr.size() - 1)).cardinality();
  }

  /**
   * Takes the next free address that the caller has nothing against, or none where all are taken.
   *
   * @param allowed what is known of an address beside its being free here
   */
  public Optional<Ip> takeNext(Predicate<Ip> allowed) {
    int end = (int) (cidr.size() - 1);
    var found = search(cursor, end, allowed);
    if (found.isEmpty()) {
      found = search(FIRST_USABLE, Math.min(cursor, end), allowed);
    }
    found.ifPresent(
        ip -> {
          taken.set(offset(ip));
          cursor = offset(ip) + 1;
        });
    return found;
  }

  /** The first free and allowed address in {@code [from, to)}. */
  private Optional<Ip> search(int from, int to, Predicate<Ip> allowed) {
    for (int i = taken.nextClearBit(from); i < to; i = taken.nextClearBit(i + 1)) {
      if (allowed.test(cidr.at(i))) {
        return Optional.of(cidr.at(i));
      }
    }
    return Optional.empty();
  }

  private int offset(Ip ip) {
    return (int) (ip.asLong() - cidr.network().asLong());
  }
}
