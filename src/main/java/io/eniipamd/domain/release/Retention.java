package io.eniipamd.domain.release;

import java.util.Optional;

/**
 * What becomes of fixed IPs whose Pods will not come back, in the words of a StatefulSet's {@code
 * persistentVolumeClaimRetentionPolicy}.
 */
public enum Retention {
  RETAIN("Retain"),
  DELETE("Delete");

  private final String word;

  Retention(String word) {
    this.word = word;
  }

  /** What a person wrote; empty where it is none of the words. */
  public static Optional<Retention> parse(String text) {
    for (var retention : values()) {
      if (retention.word.equals(text.strip())) {
        return Optional.of(retention);
      }
    }
    return Optional.empty();
  }
}
