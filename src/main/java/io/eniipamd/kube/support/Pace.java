package io.eniipamd.kube.support;

import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Keeps a change that concerns every object at once (a flag that was switched) from becoming as
 * many writes at once: who has no turn comes back later, and not all at the same moment.
 */
public final class Pace {
  private static final long LONGEST_MILLIS = 30_000;
  private static final long SHORTEST_MILLIS = 500;

  private final Bucket bucket;
  private final RandomGenerator random;

  /**
   * @param perSecond how many turns a second
   */
  public Pace(int perSecond, RandomGenerator random) {
    this.bucket =
        Bucket.builder()
            .addLimit(
                limit -> limit.capacity(perSecond).refillGreedy(perSecond, Duration.ofSeconds(1)))
            .build();
    this.random = random;
  }

  /** Whether it is the caller's turn; a turn that was given is used up. */
  public boolean turn() {
    return bucket.tryConsume(1);
  }

  /** When to come back who had no turn. */
  public Duration later() {
    return Duration.ofMillis(random.nextLong(SHORTEST_MILLIS, LONGEST_MILLIS));
  }
}
