package io.eniipamd.api.v1;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How a Pod gets its network, spelled as in the Pod's annotation. */
public enum NetworkMode {
  /** An address on an ENI that the Pods of a node share. */
  @JsonProperty("tke-route-eni")
  SHARED_ENI,
  /** An ENI for the Pod alone. */
  @JsonProperty("tke-direct-eni")
  DIRECT_ENI,
  /** A word of another version: the operator leaves an object that has it alone. */
  @JsonEnumDefaultValue
  @JsonProperty(ReadLeniently.UNKNOWN)
  UNKNOWN
}
