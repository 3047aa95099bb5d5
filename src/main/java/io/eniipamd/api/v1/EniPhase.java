package io.eniipamd.api.v1;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Whether an ENI can carry Pod addresses. */
public enum EniPhase {
  @JsonProperty("Attaching")
  ATTACHING,
  @JsonProperty("Attached")
  ATTACHED,
  @JsonProperty("Detaching")
  DETACHING,
  /** A word of another version: the operator leaves an object that has it alone. */
  @JsonEnumDefaultValue
  @JsonProperty(ReadLeniently.UNKNOWN)
  UNKNOWN
}
