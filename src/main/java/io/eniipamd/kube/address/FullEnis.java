package io.eniipamd.kube.address;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * ENIs on which the cloud would put no further address a moment ago, although they have room by the
 * records. Until this is forgotten they are no room for anybody: who waits for one is placed on
 * another. An address that has no other place goes on trying there by itself.
 */
public final class FullEnis {

  /** What was in the way may be taken away at any time; longer than the longest pause of a try. */
  static final Duration FOR = Duration.ofMinutes(2);

  /** More than a cluster has that are full at once; beyond it the oldest knowledge is all. */
  static final int MOST = 10_000;

  private final LongSupplier nanoTime;
  private final Map<String, Long> refused = new ConcurrentHashMap<>();

  /**
   * @param nanoTime a clock that nobody sets, in nanoseconds
   */
  public FullEnis(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** The cloud has refused to put an address on the ENI, because of its limit. */
  public void note(String eniId) {
    if (!refused.containsKey(eniId) && refused.size() >= MOST) {
      refused.values().removeIf(at -> !holds(at));
      if (refused.size() >= MOST) {
        return;
      }
    }
    refused.put(eniId, nanoTime.getAsLong());
  }

  /** Whether it has refused a moment ago. */
  public boolean isFull(String eniId) {
    var at = refused.get(eniId);
    if (at == null) {
      return false;
    }
    if (!holds(at)) {
      refused.remove(eniId, at);
      return false;
    }
    return true;
  }

  private boolean holds(long at) {
    return nanoTime.getAsLong() - at < FOR.toNanos();
  }
}
