package io.eniipamd.config;

/**
 * A value that somebody set.
 *
 * @param text as written
 * @param origin where it was written
 */
public record ConfiguredValue(String text, Origin origin) {

  /** Where a value can be set; an earlier one goes before a later one. */
  public enum Origin {
    ARGUMENT,
    ENVIRONMENT,
    FILE
  }

  boolean isBlank() {
    return text.isBlank();
  }
}
