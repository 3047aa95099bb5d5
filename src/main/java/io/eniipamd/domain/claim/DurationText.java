package io.eniipamd.domain.claim;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Durations as users write them in flags, annotations and files: {@code 1h}, {@code 90m}, {@code
 * 1h30m}, {@code 500ms}, {@code 0}, or ISO-8601 ({@code PT1H30M}). A number without a unit other
 * than 0 is refused, because a user who writes {@code 60} means seconds as often as minutes.
 *
 * <p>The reading itself is {@link Duration#parse}'s; this only rewrites the short form to ISO-8601,
 * in which milliseconds are fractions of a second.
 */
public final class DurationText {

  /** What to write instead, for messages. */
  public static final String EXPECTED = "a duration such as 1h, 90m, 1h30m or 30s";

  private static final Pattern ZERO = Pattern.compile("0+");
  private static final Pattern SHORT =
      Pattern.compile("(?=\\d)(\\d{1,9}d)?(\\d{1,9}h)?(\\d{1,9}m)?(\\d{1,9}(?:\\.\\d{1,9})?s)?");
  private static final Pattern MILLISECONDS = Pattern.compile("(\\d{1,12})ms");

  private DurationText() {}

  /** Reads the text; empty if it is not a duration, or a negative one. */
  public static Optional<Duration> parse(String text) {
    var trimmed = text.strip().toLowerCase(Locale.ROOT);
    if (ZERO.matcher(trimmed).matches()) {
      return Optional.of(Duration.ZERO);
    }
    var milliseconds = MILLISECONDS.matcher(trimmed);
    if (milliseconds.matches()) {
      return Optional.of(Duration.ofMillis(Long.parseLong(milliseconds.group(1))));
    }
    var parts = SHORT.matcher(trimmed);
    return iso(parts.matches() ? isoText(trimmed) : trimmed);
  }

  /** Writes a duration in the short form, the way Go does: {@code 1h30m}, {@code 0s}. */
  public static String format(Duration duration) {
    if (duration.isZero()) {
      return "0s";
    }
    var text = new StringBuilder();
    append(text, duration.toHours(), "h");
    append(text, duration.toMinutesPart(), "m");
    append(text, duration.toSecondsPart(), "s");
    append(text, duration.toMillisPart(), "ms");
    return text.toString();
  }

  private static void append(StringBuilder text, long count, String unit) {
    if (count != 0) {
      text.append(count).append(unit);
    }
  }

  private static String isoText(String text) {
    var days = text.indexOf('d');
    if (days < 0) {
      return "pt" + text;
    }
    var remainder = text.substring(days + 1);
    return "p" + text.substring(0, days + 1) + (remainder.isEmpty() ? "" : "t" + remainder);
  }

  private static Optional<Duration> iso(String text) {
    try {
      var duration = Duration.parse(text);
      return duration.isNegative() ? Optional.empty() : Optional.of(duration);
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }
}
