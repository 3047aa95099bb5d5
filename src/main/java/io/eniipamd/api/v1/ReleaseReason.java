package io.eniipamd.api.v1;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Why the operator released an address. */
public enum ReleaseReason {
  @JsonProperty("Expired")
  EXPIRED,
  @JsonProperty("Manual")
  MANUAL,
  @JsonProperty("Cascade")
  CASCADE,
  /** The StatefulSet was scaled away from the claim's ordinal. */
  @JsonProperty("ScaledDown")
  SCALED_DOWN,
  @JsonProperty("PodEnded")
  POD_ENDED,
  /**
   * No Pod used it: the claim held a second address by a crash or by two operators, or it was a
   * warm address too many.
   */
  @JsonProperty("Surplus")
  SURPLUS,
  /** It was found on an ENI without a record, and no Pod used it. */
  @JsonProperty("Stray")
  STRAY,
  /** A word of another version: the operator leaves an object that has it alone. */
  @JsonEnumDefaultValue
  @JsonProperty(ReadLeniently.UNKNOWN)
  UNKNOWN;

  /**
   * As objects, metrics and the log have it, e.g. {@code PodEnded}. No object has an unknown one.
   */
  public String word() {
    return switch (this) {
      case EXPIRED -> "Expired";
      case MANUAL -> "Manual";
      case CASCADE -> "Cascade";
      case SCALED_DOWN -> "ScaledDown";
      case POD_ENDED -> "PodEnded";
      case SURPLUS -> "Surplus";
      case STRAY -> "Stray";
      case UNKNOWN -> "Unknown";
    };
  }
}
