package io.eniipamd.config;

/**
 * A value that a source sets.
 *
 * @param text as written
 * @param origin where it was written
 */
public record ConfiguredValue(String text, Origin origin) {

  /** Where a value can be set; an earlier one overrides a later one. */
  public enum Origin {
    ARGUMENT,
    ENVIRONMENT,
    FILE
  }

  boolean isBlank() {
    return text.isBlank();
  }
}
