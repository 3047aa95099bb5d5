package io.eniipamd.cloud.operate;

import io.eniipamd.domain.address.Ip;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where this process has put addresses a moment ago. A read of the cloud may lag behind a write:
 * one that contradicts an entry is not believed while the entry is fresh.
 */
final class RecentWrites {

  private final long freshNanos;
  private final Map<Ip, Placement> placements = new LinkedHashMap<>();

  /** The first placement of this process: what one before it has done is not known. */
  private Optional<Long> begun = Optional.empty();

  private record Placement(Optional<String> eniId, long at) {}

  RecentWrites(Duration fresh) {
    this.freshNanos = fresh.toNanos();
  }

  void placed(Ip address, String eniId) {
    put(address, Optional.of(eniId));
  }

  void removed(Ip address) {
    put(address, Optional.empty());
  }

  private synchronized void put(Ip address, Optional<String> eniId) {
    long now = System.nanoTime();
    if (begun.isEmpty()) {
      begun = Optional.of(now);
    }
    var oldest = placements.values().iterator();
    while (oldest.hasNext() && now - oldest.next().at() > freshNanos) {
      oldest.remove();
    }
    // Taken out first, so that the order is that of the times.
    placements.remove(address);
    placements.put(address, new Placement(eniId, now));
  }

  private synchronized Optional<Placement> fresh(Ip address) {
    return Optional.ofNullable(placements.get(address))
        .filter(placement -> System.nanoTime() - placement.at() <= freshNanos);
  }

  /** Whether a read that shows the address on the ENI can be believed. */
  boolean believesPresence(Ip address, String eniId) {
    return fresh(address)
        .map(placement -> placement.eniId().filter(eniId::equals).isPresent())
        .orElse(true);
  }

  /**
   * Whether a read that shows the ENI without the address can be believed. Of an address that
   * nothing is remembered of, it can be where the memory reaches as far back as a read may lag: a
   * process before this one may have put it there a moment ago.
   */
  boolean believesAbsence(Ip address, String eniId) {
    return fresh(address)
        .map(placement -> placement.eniId().filter(eniId::equals).isEmpty())
        .orElseGet(this::reachesBack);
  }

  private synchronized boolean reachesBack() {
    return begun.filter(first -> System.nanoTime() - first > freshNanos).isPresent();
  }
}
