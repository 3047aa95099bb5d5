package io.eniipamd.api.v1;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What becomes of the address when its Pod has ended. */
public enum DeletePolicy {
  /** It is released. */
  @JsonProperty("Immediate")
  IMMEDIATE,
  /** It stays: a fixed IP. */
  @JsonProperty("Never")
  NEVER,
  /** A word of another version: the operator leaves an object that has it alone. */
  @JsonEnumDefaultValue
  @JsonProperty(ReadLeniently.UNKNOWN)
  UNKNOWN
}
