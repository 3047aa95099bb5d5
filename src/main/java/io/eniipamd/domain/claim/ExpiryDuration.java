package io.eniipamd.domain.claim;

import java.time.Duration;

/**
 * How long after the end of its Pod a fixed IP is released: the value of the flag {@code
 * --claim-expired-duration} and of the annotation and field of the same meaning.
 */
public sealed interface ExpiryDuration {

  /**
   * The shortest time that is accepted, because a Pod that is moved by a drain or a rollout is away
   * for minutes.
   */
  Duration MINIMUM = Duration.ofMinutes(5);

  /** The fixed IP stays until a user releases it; written {@code 0}. */
  record Never() implements ExpiryDuration {}

  /**
   * The fixed IP is released that long after its Pod's end.
   *
   * @param duration at least {@link #MINIMUM}
   */
  record After(Duration duration) implements ExpiryDuration {
    public After {
      if (duration.compareTo(MINIMUM) < 0) {
        throw new IllegalArgumentException("expiry below " + MINIMUM + ": " + duration);
      }
    }
  }

  /**
   * The text says nothing that could be followed. Nothing expires by it: ambiguous means keep.
   *
   * @param reason what is wrong with it and what is accepted, for users
   */
  record Malformed(String reason) implements ExpiryDuration {}

  /** Reads what a person wrote; never throws. */
  static ExpiryDuration parse(String text) {
    var parsed = DurationText.parse(text);
    if (parsed.isEmpty()) {
      return new Malformed(
          "\"%s\" is not a duration: write %s, at least 5m, or 0 for never"
              .formatted(text, DurationText.EXPECTED));
    }
    var duration = parsed.get();
    if (duration.isZero()) {
      return new Never();
    }
    if (duration.compareTo(MINIMUM) < 0) {
      return new Malformed(
          "\"%s\" is too short: write at least 5m, or 0 for never".formatted(text));
    }
    return new After(duration);
  }
}
