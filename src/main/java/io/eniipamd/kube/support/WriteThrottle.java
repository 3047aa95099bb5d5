package io.eniipamd.kube.support;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Keeps a change that concerns every object at once (a flag that was switched) from becoming as
 * many writes at once. A caller without a turn gets a place in the one queue and learns when its
 * turn is, so that no caller asks in vain: the passes are in proportion to the objects.
 */
@Singleton
public final class WriteThrottle {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  /** Who does not come for its turn within that long comes no more. */
  private static final long FORGOTTEN = Duration.ofMinutes(5).toNanos();

  /** Ten thousand claims follow a changed flag in minutes. */
  private static final int CHANGES_PER_SECOND = 20;

  private final long interval;
  private final LongSupplier nanoTime;

  /** Who waits, and when it is its turn. */
  @GuardedBy("this")
  private final Map<String, Long> turns = new HashMap<>();

  /** The first free turn. */
  @GuardedBy("this")
  private long free;

  @GuardedBy("this")
  private long tidied;

  @Inject
  WriteThrottle() {
    this(CHANGES_PER_SECOND, System::nanoTime);
  }

  /**
   * @param perSecond how many turns a second; as many are given at once after a pause
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  public WriteThrottle(int perSecond, LongSupplier nanoTime) {
    this.interval = SECOND / perSecond;
    this.nanoTime = nanoTime;
    this.free = nanoTime.getAsLong() - SECOND;
    this.tidied = nanoTime.getAsLong();
  }

  /**
   * Asks for a turn; one that has come is used up.
   *
   * @param who asks, by its UID
   * @return when to come back; empty where it is its turn
   */
  public synchronized Optional<Duration> untilTurnOf(String who) {
    long now = nanoTime.getAsLong();
    tidy(now);
    var mine = turns.get(who);
    if (mine == null) {
      mine = Math.max(free - now, interval - SECOND) + now;
      free = mine + interval;
      turns.put(who, mine);
    }
    if (mine - now > 0) {
      return Optional.of(Duration.ofNanos(mine - now));
    }
    turns.remove(who);
    return Optional.empty();
  }

  @GuardedBy("this")
  private void tidy(long now) {
    if (now - tidied > FORGOTTEN) {
      tidied = now;
      turns.values().removeIf(turn -> now - turn > FORGOTTEN);
    }
  }
}
