package io.eniipamd.cloud.decorate;

import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Turns under the limits of requests: a bucket for each action that has a documented limit, and one
 * for each family. They are filled so that no second sees more than the limit.
 */
final class RequestLimits {

  /** A turn that is this far away is none: the caller comes back later. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final Map<CloudAction, List<Turns>> buckets = new EnumMap<>(CloudAction.class);
  private final Breakers breakers;
  private final CallObserver observer;

  /**
   * @param familyPerSecond requests a second for each family, at least 1
   * @param breakers say whether a turn would be for nothing
   */
  RequestLimits(int familyPerSecond, Breakers breakers, CallObserver observer) {
    this.breakers = breakers;
    this.observer = observer;
    var families = new EnumMap<CloudAction.Family, Turns>(CloudAction.Family.class);
    for (CloudAction.Family family : CloudAction.Family.values()) {
      families.put(family, new Turns(familyPerSecond));
    }
    for (CloudAction action : CloudAction.values()) {
      var turns = new ArrayList<Turns>();
      action.documentedPerSecond().ifPresent(limit -> turns.add(new Turns(limit)));
      turns.add(families.get(action.family()));
      buckets.put(action, turns);
    }
  }

  /**
   * Blocks until a request may go out.
   *
   * @param subject what the request is about, for messages
   * @throws CloudException of kind {@code THROTTLED} where the wait would be absurd; or at once
   *     where the cloud is left alone, as {@link Breakers#check} says
   */
  void await(CloudAction action, String subject) {
    breakers.check(action, subject);
    long start = System.nanoTime();
    String step = "waiting for a turn of " + action.apiName();
    for (Turns turns : buckets.get(action)) {
      try {
        if (!turns.take(LONGEST_WAIT)) {
          throw new CloudException(
              CloudException.Kind.THROTTLED,
              step,
              null,
              "too many requests are waiting",
              null,
              null);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Blocking.interrupted(step);
      }
    }
    observer.waited(action, Duration.ofNanos(System.nanoTime() - start));
  }

  /** Takes a turn where there is one right now, and never waits. */
  boolean tryTurn(CloudAction action) {
    return buckets.get(action).stream().allMatch(Turns::tryTake);
  }

  /** Counts a request that has gone out without a turn; those after it wait longer. */
  void owe(CloudAction action, long requests) {
    if (requests > 0) {
      buckets.get(action).forEach(turns -> turns.owe(requests));
    }
  }

  /**
   * The turns of one bucket, first come, first served. A turn is taken when it is used and never
   * reserved: after a pause of the whole process its threads do not burst out together.
   */
  private static final class Turns {
    private final ReentrantLock queue = new ReentrantLock(true);
    private final Bucket bucket;

    Turns(int perSecond) {
      // What may burst is taken off what is refilled, so that any second stays within the limit.
      int burst = Math.max(1, perSecond / 10);
      int refill = Math.max(1, perSecond - burst);
      bucket =
          Bucket.builder()
              .addLimit(limit -> limit.capacity(burst).refillGreedy(refill, Duration.ofSeconds(1)))
              .build();
    }

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

    boolean tryTake() {
      return bucket.tryConsume(1);
    }

    void owe(long requests) {
      bucket.consumeIgnoringRateLimits(requests);
    }
  }
}
