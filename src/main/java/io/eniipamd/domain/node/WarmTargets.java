package io.eniipamd.domain.node;

import java.util.Optional;

/**
 * How many unused addresses a node keeps ready on its ENIs.
 *
 * @param min the operator adds addresses below it; 0: none
 * @param max the operator releases addresses beyond it
 */
public record WarmTargets(int min, int max) {

  /** No address is kept ready. */
  public static final WarmTargets NONE = new WarmTargets(0, 0);

  /** The highest number that is accepted: no node has more slots. */
  public static final int MOST = 1000;

  public WarmTargets {
    if (min < 0 || max < min || max > MOST) {
      throw new IllegalArgumentException(
          "0 ≤ min ≤ max ≤ %d, not %d and %d".formatted(MOST, min, max));
    }
  }

  /** Whether there is anything to keep ready, or to release beyond a maximum. */
  public boolean any() {
    return max > 0;
  }

  /**
   * A pair as users write it.
   *
   * @param targets what is in force; empty where the pair is not valid
   * @param problem why it is not, with both names and values
   */
  public record Read(Optional<WarmTargets> targets, Optional<String> problem) {
    private static Read of(WarmTargets targets) {
      return new Read(Optional.of(targets), Optional.empty());
    }

    private static Read refused(String problem) {
      return new Read(Optional.empty(), Optional.of(problem));
    }
  }

  /**
   * Reads a pair of settings that belong together.
   *
   * @param minName what users call the first
   * @param min its text; null where it is not set
   * @param maxName what users call the second
   * @param max its text; null where it is not set
   * @return no targets and no problem where neither is set
   */
  public static Read read(String minName, String min, String maxName, String max) {
    if (min == null && max == null) {
      return new Read(Optional.empty(), Optional.empty());
    }
    if (min == null || max == null) {
      return Read.refused(
          "%s=%s: works only together with %s; set both, or none"
              .formatted(
                  min == null ? maxName : minName,
                  min == null ? max : min,
                  min == null ? minName : maxName));
    }
    var least = number(min);
    var most = number(max);
    if (least.isEmpty() || most.isEmpty()) {
      return Read.refused(
          "%s=%s: must be a whole number from 0 to %d"
              .formatted(least.isEmpty() ? minName : maxName, least.isEmpty() ? min : max, MOST));
    }
    if (least.get() > most.get()) {
      return Read.refused("%s=%s: must be at most %s=%s".formatted(minName, min, maxName, max));
    }
    return Read.of(new WarmTargets(least.get(), most.get()));
  }

  private static Optional<Integer> number(String text) {
    return text.matches("[0-9]{1,4}")
        ? Optional.of(Integer.valueOf(text)).filter(n -> n <= MOST)
        : Optional.empty();
  }
}
