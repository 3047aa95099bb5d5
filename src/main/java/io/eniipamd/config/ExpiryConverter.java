package io.eniipamd.config;

import io.eniipamd.domain.claim.ExpiryDuration;
import java.io.Serial;
import org.eclipse.microprofile.config.spi.Converter;

/** The cluster-wide expiry, read like the one of an annotation. */
public class ExpiryConverter implements Converter<ExpiryDuration> {
  @Serial private static final long serialVersionUID = 1L;

  @Override
  public ExpiryDuration convert(String value) {
    return switch (ExpiryDuration.parse(value)) {
      case ExpiryDuration.Malformed(var reason) -> throw new IllegalArgumentException(reason);
      case ExpiryDuration.Never never -> never;
      case ExpiryDuration.After after -> after;
    };
  }
}
