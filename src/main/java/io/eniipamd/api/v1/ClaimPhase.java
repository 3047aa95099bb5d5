package io.eniipamd.api.v1;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Where a claim is in its life. */
public enum ClaimPhase {
  /** The Pod waits for its address. */
  @JsonProperty("Pending")
  PENDING,
  /** The address is on an ENI of the Pod's node. */
  @JsonProperty("Bound")
  BOUND,
  /** The Pod has ended, the address is kept. */
  @JsonProperty("Retained")
  RETAINED,
  /** The claim is being deleted and its address is being released. */
  @JsonProperty("Releasing")
  RELEASING,
  /** A word of another version: the operator leaves an object that has it alone. */
  @JsonEnumDefaultValue
  @JsonProperty(ReadLeniently.UNKNOWN)
  UNKNOWN
}
