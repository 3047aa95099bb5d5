package io.eniipamd.cloud.decorate;

import java.time.Duration;

/**
 * When a cloud that does not answer is left alone, and for how long.
 *
 * @param failures how many requests of a family in a row have to find the cloud down, at least 1
 * @param firstPause the longest first pause; it doubles with each probe that finds the cloud down,
 *     and the pause taken is a random part of it
 * @param longestPause where the doubling ends: the longest time to notice that the cloud is back
 *     while there are requests for it
 */
public record BreakerSettings(int failures, Duration firstPause, Duration longestPause) {

  /** The figures of production. */
  public static final BreakerSettings DEFAULTS =
      // One request that is lost, or one ENI that the cloud chokes on, is no outage.
      new BreakerSettings(5, Duration.ofSeconds(2), Duration.ofSeconds(30));

  public BreakerSettings {
    if (failures < 1) {
      throw new IllegalArgumentException("failures in a row: " + failures + " is less than 1");
    }
  }
}
