package io.eniipamd.kube.release;

import java.time.Duration;

/**
 * What is set for the sweeps at the start.
 *
 * @param interval from one sweep to the next, {@code --sweep-interval}; releases are counted by it
 * @param sideBySide how many claims a sweep releases at the same time; 1: one after the other, by
 *     the thread that sweeps
 */
public record SweepSettings(Duration interval, int sideBySide) {

  /** Enough to keep ahead of what falls due, and no burden for the API server. */
  public static final int SIDE_BY_SIDE = 4;
}
