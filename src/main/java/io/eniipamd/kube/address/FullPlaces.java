package io.eniipamd.kube.address;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * ENIs on which, and subnets of which, the cloud would put no further address a moment ago,
 * although they have room by the records. Until this is forgotten they are no room for a new
 * address: its claim is placed on another ENI, or in another subnet. An address that has no other
 * place goes on trying there by itself.
 */
@Singleton
public final class FullPlaces {

  /** The obstacle may go at any time; longer than the longest pause of a try. */
  static final Duration FOR = Duration.ofMinutes(2);

  /** More than a cluster has that are full at once; beyond it the oldest knowledge is all. */
  static final int MOST = 10_000;

  private final LongSupplier nanoTime;
  private final Map<String, Long> refused = new ConcurrentHashMap<>();

  /**
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  public FullPlaces(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * The cloud has refused an address, because of the limit of the ENI or because the subnet has
   * none left.
   *
   * @param id of the ENI or of the subnet
   */
  public void note(String id) {
    if (!refused.containsKey(id) && refused.size() >= MOST) {
      refused.values().removeIf(at -> !holds(at));
      if (refused.size() >= MOST) {
        return;
      }
    }
    refused.put(id, nanoTime.getAsLong());
  }

  /** Whether the cloud has refused an address on this ENI, or of this subnet, a moment ago. */
  public boolean isFull(String id) {
    var at = refused.get(id);
    if (at == null) {
      return false;
    }
    if (!holds(at)) {
      refused.remove(id, at);
      return false;
    }
    return true;
  }

  private boolean holds(long at) {
    return nanoTime.getAsLong() - at < FOR.toNanos();
  }
}
