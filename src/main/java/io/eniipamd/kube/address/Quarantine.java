package io.eniipamd.kube.address;

import io.eniipamd.api.v1.VpcIP;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * How long no claim gets a released address. The time counts from this process's first sight of it:
 * the moment in the status was written by another leader perhaps, whose clock was off, and a
 * quarantine that is too short lets a late request hit the next holder.
 */
@Singleton
public final class Quarantine {
  private final Duration lasts;
  private final LongSupplier nanoTime;

  /** Since when this process has seen an address in quarantine, by the UID of its record. */
  private final Map<String, Sight> sights = new ConcurrentHashMap<>();

  /**
   * @param since which quarantine of the record, as its status tells it apart from another one
   * @param nanos the first sight of it
   */
  private record Sight(String since, long nanos) {}

  /**
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  public Quarantine(AddressSettings settings, LongSupplier nanoTime) {
    this.lasts = settings.quarantine();
    this.nanoTime = nanoTime;
  }

  /** How long it still is; zero or negative where it is over. */
  Duration left(VpcIP vip) {
    var since = vip.statusOrEmpty().since();
    long now = nanoTime.getAsLong();
    var seen =
        sights.compute(
            vip.getMetadata().getUid(),
            (_, before) ->
                before != null && before.since().equals(since) ? before : new Sight(since, now));
    return lasts.minusNanos(now - seen.nanos());
  }

  /** The record is gone; nothing has to be known of it any more. */
  void forget(String uid) {
    sights.remove(uid);
  }
}
