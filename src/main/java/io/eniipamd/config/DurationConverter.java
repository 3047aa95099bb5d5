package io.eniipamd.config;

import io.eniipamd.domain.claim.DurationText;
import java.io.Serial;
import java.time.Duration;
import org.eclipse.microprofile.config.spi.Converter;

/** One grammar of durations for flags, environment, files and annotations: {@link DurationText}. */
public class DurationConverter implements Converter<Duration> {
  @Serial private static final long serialVersionUID = 1L;

  @Override
  public Duration convert(String value) {
    return DurationText.parse(value)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "\"%s\" is not a duration: write %s".formatted(value, DurationText.EXPECTED)));
  }
}
