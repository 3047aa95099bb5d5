package io.eniipamd.api.v1;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** What an address is for. */
public enum VpcIPType {
  /** A Pod's address. */
  @JsonProperty("Pod")
  POD,
  /** The primary address of an ENI, which no Pod can use. */
  @JsonProperty("ENI")
  ENI,
  /** A word of another version: the operator leaves an object that has it alone. */
  @JsonEnumDefaultValue
  @JsonProperty(ReadLeniently.UNKNOWN)
  UNKNOWN
}
