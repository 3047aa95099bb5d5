package io.eniipamd.cloud.decorate;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Pauses that double. Each is at least half of its bound, so that a cloud that asks for less gets
 * less; the other half is random, so that requests that failed together do not come back together.
 *
 * @param random may be asked by many threads at once
 */
public record Backoff(Duration first, Duration longest, RandomGenerator random) {

  /** Beyond this the doubling has met any bound, and must not overflow. */
  private static final int MOST_DOUBLINGS = 20;

  /**
   * The pause after so many failures.
   *
   * @param failures at least 1
   */
  public Duration after(int failures) {
    long grown = first.toNanos() << Math.min(failures - 1, MOST_DOUBLINGS);
    long bound = Math.max(1, Math.min(longest.toNanos(), grown));
    return Duration.ofNanos(bound / 2 + random.nextLong(bound / 2 + 1));
  }
}
