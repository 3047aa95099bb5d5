package io.eniipamd.kube.support;

import java.time.Duration;

/**
 * What a leader has to know of its lease.
 *
 * @param duration after which another process may take the lease, counted from its last renewal
 * @param longestCall the longest time that a call to the cloud takes
 */
public record LeaseSettings(Duration duration, Duration longestCall) {

  /** How old the last renewal may be when a call to the cloud begins that the lease outlives. */
  Duration staleAfter() {
    return duration.minus(longestCall);
  }
}
