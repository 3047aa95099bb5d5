package io.eniipamd.api.v1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Size;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/** What is known of the address in the cloud. */
@JsonClassDescription("What the operator knows of the address in the cloud.")
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VpcIPStatus(
    @Default("Attaching")
        @JsonPropertyDescription(
            "Attaching (the cloud is putting it on an ENI), Assigned (on its ENI), Available (on"
                + " an ENI, of no claim), Held (retained for a Pod that is away, on no ENI), Releasing"
                + " (leaving its ENI) or Quarantined (on no ENI, and not yet for another claim).")
        @ReadLeniently
        VpcIPPhase phase,
    @JsonPropertyDescription("When the phase began, UTC.") String since,
    @JsonPropertyDescription("The ENI that the cloud last confirmed the address on.") String eniId,
    @JsonPropertyDescription("The MAC address of the ENI, where it is of the Pod's own.")
        String eniMac,
    @JsonPropertyDescription(
            "The instance that the cloud last had the ENI of the Pod's own on; empty means none.")
        String instanceId,
    @JsonPropertyDescription("Why the operator released the address.") @ReadLeniently
        ReleaseReason releaseReason,
    @JsonPropertyDescription("The cloud's error when the last step failed.") String error,
    @JsonPropertyDescription("The cloud's ID of the last request that changed something.")
        String requestId,
    @Size(max = 16)
        @JsonPropertyDescription(
            "Attached (the address is where the spec says) and Reserved (the cloud reserves it), each with its reason.")
        List<Condition> conditions) {

  /** The status of an address that nothing was written to yet. */
  public static final VpcIPStatus EMPTY =
      VpcIPStatusBuilder.builder().phase(VpcIPPhase.ATTACHING).build();

  public VpcIPStatus {
    phase = phase == null ? VpcIPPhase.ATTACHING : phase;
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }
}
