package io.eniipamd.config;

import java.util.Optional;

/**
 * What holds where a key is not set.
 *
 * @param value the default value; empty where there is none
 * @param text the same for users, or words
 */
record Default(Optional<String> value, String text) {
  /** Of a key that has to be set. */
  static final Default REQUIRED = new Default(Optional.empty(), "required");

  static Default of(String value) {
    return new Default(Optional.of(value), value);
  }

  static Default none(String text) {
    return new Default(Optional.empty(), text);
  }
}
