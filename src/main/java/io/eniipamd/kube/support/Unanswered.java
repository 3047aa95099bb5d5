package io.eniipamd.kube.support;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The changes that this process has sent and that have no answer yet: they may still happen. */
final class Unanswered {
  private final LongSupplier nanoTime;
  private final Duration forgetAfter;

  /** When each was sent, or was last heard of. */
  @GuardedBy("this")
  private final Map<Object, Long> changes = new HashMap<>();

  /**
   * @param nanoTime a monotonic clock, in nanoseconds
   * @param forgetAfter how long after it was sent a change without an answer cannot happen any more
   */
  Unanswered(LongSupplier nanoTime, Duration forgetAfter) {
    this.nanoTime = nanoTime;
    this.forgetAfter = forgetAfter;
  }

  /** A change goes out. */
  synchronized void sent(Object change) {
    forget();
    changes.put(change, nanoTime.getAsLong());
  }

  /** Its answer is there, or it did not go out after all. */
  synchronized void answered(Object change) {
    changes.remove(change);
    if (changes.isEmpty()) {
      notifyAll();
    }
  }

  /**
   * It will have no answer that says whether it happens: it counts from now on for as long as one
   * that was just sent.
   */
  synchronized void lost(Object change) {
    changes.remove(change);
    // Under a name of its own, because its name may be used again.
    changes.put(new Object(), nanoTime.getAsLong());
  }

  /** Waits until nothing is unanswered; whether that is so in time. */
  synchronized boolean awaitNone(Duration atMost) throws InterruptedException {
    long end = nanoTime.getAsLong() + atMost.toNanos();
    forget();
    while (!changes.isEmpty()) {
      long left = end - nanoTime.getAsLong();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
      forget();
    }
    return true;
  }

  @GuardedBy("this")
  private void forget() {
    long now = nanoTime.getAsLong();
    changes.values().removeIf(at -> now - at > forgetAfter.toNanos());
  }
}
