package io.eniipamd.cloud.decorate;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.TokensInheritanceStrategy;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The turns of one bucket, first come, first served. A turn is taken when it is used and never
 * reserved: after a pause of the whole process its threads do not burst out together.
 */
final class Turns {

  /** What is refilled may be a fraction a second. */
  private static final Duration REFILL = Duration.ofSeconds(10);

  private final ReentrantLock queue = new ReentrantLock(true);
  private final Bucket bucket;

  Turns(Bandwidth limit) {
    bucket = Bucket.builder().addLimit(limit).build();
  }

  /** A limit that no second exceeds, where it is one request or more. */
  static Bandwidth within(double perSecond) {
    return limit(perSecond, 0);
  }

  /** The same, even where one request goes out that has not waited. */
  static Bandwidth leavingRoomForOne(double perSecond) {
    return limit(perSecond, 1);
  }

  private static Bandwidth limit(double perSecond, int unasked) {
    // What may burst is taken off what is refilled, so that any second stays within the limit.
    int burst = Math.max(1, (int) (perSecond / 10));
    double refill = Math.max(Math.min(perSecond, 1), perSecond - burst - unasked);
    long tokens = Math.max(1, Math.round(refill * REFILL.toSeconds()));
    return Bandwidth.builder().capacity(burst).refillGreedy(tokens, REFILL).build();
  }

  /** Holds from now on, also for those who wait. */
  void change(Bandwidth limit) {
    bucket.replaceConfiguration(
        BucketConfiguration.builder().addLimit(limit).build(), TokensInheritanceStrategy.AS_IS);
  }

  /** Waits for a turn; {@code false} where that would take longer. */
  boolean take(Duration longest) throws InterruptedException {
    long deadline = System.nanoTime() + longest.toNanos();
    if (!queue.tryLock(longest.toNanos(), TimeUnit.NANOSECONDS)) {
      return false;
    }
    try {
      while (true) {
        var probe = bucket.tryConsumeAndReturnRemaining(1);
        if (probe.isConsumed()) {
          return true;
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.sleep(Math.min(left, probe.getNanosToWaitForRefill()));
      }
    } finally {
      queue.unlock();
    }
  }

  /** Takes a turn where there is one right now. */
  boolean tryTake() {
    return bucket.tryConsume(1);
  }

  /** Counts requests that have gone out without a turn. */
  void owe(long requests) {
    bucket.consumeIgnoringRateLimits(requests);
  }
}
