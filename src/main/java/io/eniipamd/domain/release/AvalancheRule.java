package io.eniipamd.domain.release;

import java.util.Optional;

/**
 * When so many fixed IPs fall due within one sweep interval that a mistake is more likely than
 * intent: a workload or namespace deleted by accident, an expiry mistyped, a clock gone wrong.
 *
 * @param count more than this are too many; 0: no such limit
 * @param percent a larger share is too many: of those that are kept where they expire, of all fixed
 *     IPs in any case; 0: no such limit
 */
public record AvalancheRule(int count, int percent) {

  /**
   * Up to this many are never an avalanche by their share: one workload that is deleted, or scaled
   * to nothing an expiry ago, is often most of what there is.
   */
  public static final int SMALL = 100;

  private static final long WHOLE = 100;

  /**
   * Whether they are too many.
   *
   * @param all how many fell due within one sweep interval
   * @param expired how many of them by their expiry
   * @param retained how many fixed IPs were kept at its beginning, those included
   * @param fixed how many fixed IPs there were in all
   * @return which of the limits says so, for users; empty where they may go
   */
  public Optional<String> trippedBy(int all, int expired, int retained, int fixed) {
    if (count > 0 && all > count) {
      return Optional.of("more than %d (avalanche-count)".formatted(count));
    }
    if (isLargeShare(expired, retained)) {
      return Optional.of(
          "more than %d %% of the %d retained ones (avalanche-percent)"
              .formatted(percent, retained));
    }
    if (isLargeShare(all, fixed)) {
      return Optional.of(
          "more than %d %% of all %d fixed IPs (avalanche-percent)".formatted(percent, fixed));
    }
    return Optional.empty();
  }

  private boolean isLargeShare(int due, int of) {
    return percent > 0 && due > SMALL && due * WHOLE > (long) of * percent;
  }
}
