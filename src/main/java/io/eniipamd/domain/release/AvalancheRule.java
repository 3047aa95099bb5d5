package io.eniipamd.domain.release;

import java.util.Optional;

/**
 * When so many fixed IPs fall due within one sweep interval that a mistake is more likely than
 * intent: a workload or namespace deleted by accident, an expiry mistyped, a clock gone wrong.
 *
 * @param count more than this are too many; 0: no such limit
 * @param percent a larger share of all retained ones is too many; 0: no such limit
 */
public record AvalancheRule(int count, int percent) {

  /** Up to this many are never an avalanche by their share: half of four is two. */
  public static final int SMALL = 20;

  private static final long WHOLE = 100;

  /**
   * Whether they are too many.
   *
   * @param due how many fell due within one sweep interval
   * @param retained how many fixed IPs were kept at its beginning, the due ones included
   * @return which of the limits says so, for people; empty where they may go
   */
  public Optional<String> trippedBy(int due, int retained) {
    if (count > 0 && due > count) {
      return Optional.of("more than %d (avalanche-count)".formatted(count));
    }
    if (percent > 0 && due > SMALL && due * WHOLE > (long) retained * percent) {
      return Optional.of(
          "more than %d %% of all %d retained ones (avalanche-percent)"
              .formatted(percent, retained));
    }
    return Optional.empty();
  }
}
