package io.eniipamd.kube.claim;

import io.eniipamd.domain.condition.Reason;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Since when claims wait for what usually comes by itself. Most of that is over before a user would
 * ask, and costs no write; what lasts is reported.
 */
@Singleton
final class Waits {
  /** An ENI is created and attached within that, and an address assigned many times over. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private record Wait(Reason reason, long since) {}

  private final Map<String, Wait> waiting = new ConcurrentHashMap<>();
  private final LongSupplier nanoTime;

  Waits() {
    this(System::nanoTime);
  }

  /**
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  Waits(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * A claim waits.
   *
   * @param uid of the claim
   * @return how long it has to last until it is reported; empty where it has lasted long enough
   */
  Optional<Duration> untilTold(String uid, Reason reason) {
    long now = nanoTime.getAsLong();
    var wait =
        waiting.compute(
            uid,
            (u, before) ->
                before != null && before.reason().equals(reason) ? before : new Wait(reason, now));
    var left = PATIENCE.minusNanos(now - wait.since());
    return left.isPositive() ? Optional.of(left) : Optional.empty();
  }

  /** It waits no longer, or is gone. */
  void over(String uid) {
    waiting.remove(uid);
  }
}
