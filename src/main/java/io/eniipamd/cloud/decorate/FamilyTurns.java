package io.eniipamd.cloud.decorate;

import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.CloudAction.Family;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * The turns of a family of the API. Reads have up to half of them to themselves: one read serves a
 * hundred waiting changes, and all of them would wait in vain behind a queue of changes. What they
 * take is taken off what the others get.
 *
 * <p>The account is shared: a throttling answer halves the rate, at most once a second, down to a
 * tenth of the cap. Answers that say nothing of the kind bring it back, the whole way in a minute.
 */
final class FamilyTurns {

  private static final int SLOWEST_PART = 10;
  private static final double RECOVERY_SECONDS = 60;

  /** Requests that were under way together get the same answer. */
  private static final long SAME_NEWS_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Family family;
  private final int cap;
  private final LongSupplier nanoTime;
  private final CallObserver observer;
  private final Turns all;
  private final Turns looks;
  private double perSecond;
  private long changed;

  /**
   * @param cap requests a second at most
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  FamilyTurns(Family family, int cap, LongSupplier nanoTime, CallObserver observer) {
    this.family = family;
    this.cap = cap;
    this.nanoTime = nanoTime;
    this.observer = observer;
    this.perSecond = cap;
    all = new Turns(Turns.leavingRoomForOne(cap));
    looks = new Turns(Turns.within(cap / 2.0));
    observer.rateChanged(family, cap, cap);
  }

  /** The turns of all requests but reads of ENIs. */
  Turns ordinary() {
    return all;
  }

  /** Waits for a turn of the reads only; {@code false} where that would take too long. */
  boolean takeForLook(Duration longest) throws InterruptedException {
    boolean taken = looks.take(longest);
    if (taken) {
      all.owe(1);
    }
    return taken;
  }

  /** The cloud has answered that there are too many requests. */
  synchronized void throttled() {
    long now = nanoTime.getAsLong();
    if (perSecond == cap || now - changed >= SAME_NEWS_NANOS) {
      double slowest = Math.max(Math.min(cap, 1), (double) cap / SLOWEST_PART);
      rate(Math.max(slowest, perSecond / 2), now);
    }
  }

  /** The cloud has answered otherwise. */
  synchronized void answered() {
    if (perSecond == cap) {
      return;
    }
    long now = nanoTime.getAsLong();
    long since = now - changed;
    if (since >= SAME_NEWS_NANOS) {
      double seconds = Math.min(RECOVERY_SECONDS, (double) since / SAME_NEWS_NANOS);
      rate(Math.min(cap, perSecond + cap * seconds / RECOVERY_SECONDS), now);
    }
  }

  private void rate(double next, long now) {
    boolean differs = next != perSecond;
    perSecond = next;
    changed = now;
    if (differs) {
      all.change(Turns.leavingRoomForOne(next));
      looks.change(Turns.within(next / 2));
      observer.rateChanged(family, next, cap);
    }
  }
}
