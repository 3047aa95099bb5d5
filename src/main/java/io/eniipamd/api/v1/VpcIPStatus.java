package io.eniipamd.api.v1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/** What is known of the address in the cloud. */
@JsonClassDescription("What is known of the address in the cloud.")
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VpcIPStatus(
    @Default("Attaching")
        @JsonPropertyDescription(
            "Attaching (on its way onto an ENI), Assigned, Available (on an ENI, held by no claim),"
                + " Held (kept for a claim whose Pod is away, on no ENI), Releasing (being taken from its ENI) or Quarantined (free, and resting).")
        @ReadLeniently
        VpcIPPhase phase,
    @JsonPropertyDescription("When the phase was entered, UTC.") String since,
    @JsonPropertyDescription("The ENI that the cloud last confirmed the address on.") String eniId,
    @JsonPropertyDescription("Why the address was given back.") @ReadLeniently
        ReleaseReason releaseReason,
    @JsonPropertyDescription("What the cloud said when the last step failed.") String error,
    @JsonPropertyDescription("The cloud's id of the last changing request.") String requestId,
    @Size(max = 16)
        @JsonPropertyDescription("Attached (the address is where the spec says), with its reason.")
        List<Condition> conditions) {

  /** The status of an address that nothing was written to yet. */
  public static final VpcIPStatus EMPTY =
      VpcIPStatusBuilder.builder().phase(VpcIPPhase.ATTACHING).build();

  public VpcIPStatus {
    phase = phase == null ? VpcIPPhase.ATTACHING : phase;
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }
}
