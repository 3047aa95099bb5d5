package io.eniipamd.api.v1;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** Where an address is in its life. */
public enum VpcIPPhase {
  /** On its way onto an ENI (or, of type ENI, the ENI on its way to the node). */
  @JsonProperty("Attaching")
  ATTACHING,
  /** On the ENI that the spec names. */
  @JsonProperty("Assigned")
  ASSIGNED,
  /** On an ENI, of no claim. */
  @JsonProperty("Available")
  AVAILABLE,
  /** Kept for a claim whose Pod is away, on no ENI. */
  @JsonProperty("Held")
  HELD,
  /** Being taken from its ENI. */
  @JsonProperty("Releasing")
  RELEASING,
  /** Free in the cloud, and in quarantine before another claim can have it. */
  @JsonProperty("Quarantined")
  QUARANTINED,
  /** A word of another version: the operator leaves an object that has it alone. */
  @JsonEnumDefaultValue
  @JsonProperty(ReadLeniently.UNKNOWN)
  UNKNOWN
}
