package io.eniipamd.api.v1;

import com.fasterxml.jackson.annotation.JsonProperty;

/** Why an address was given back. */
public enum ReleaseReason {
  @JsonProperty("Expired")
  EXPIRED,
  @JsonProperty("Manual")
  MANUAL,
  @JsonProperty("Cascade")
  CASCADE,
  @JsonProperty("PodEnded")
  POD_ENDED,
  /** The claim held a second address by a crash or by two operators; this one was not used. */
  @JsonProperty("Surplus")
  SURPLUS
}
