package io.eniipamd.api.v1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/**
 * What the claim got. This is what an agent on the node reads (see {@code docs/node-contract.md}):
 * its fields do not change their meaning.
 */
@JsonClassDescription(
    "What the claim has. The node agent may set up the Pod's network when phase is Bound,"
        + " podUID is the Pod's UID and nodeName is the agent's node.")
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VpcIPClaimStatus(
    @Default("Pending")
        @JsonPropertyDescription(
            "Pending (the Pod waits), Bound (the address is on an ENI of the Pod's node), Retained"
                + " (the Pod has ended and the claim keeps the address), Releasing.")
        @ReadLeniently
        ClaimPhase phase,
    @Size(max = 15)
        @Pattern(Formats.IPV4)
        @JsonPropertyDescription("The address, which is the name of its VpcIP.")
        String address,
    @JsonPropertyDescription("The subnet of the address.") String subnetId,
    @JsonPropertyDescription("The CIDR of that subnet.") String subnetCIDR,
    @JsonPropertyDescription("The gateway of that subnet.") String gateway,
    @JsonPropertyDescription("The availability zone of that subnet.") String zone,
    @JsonPropertyDescription("The ENI that carries the address; empty while the address moves.")
        String eniId,
    @JsonPropertyDescription("The MAC address of that ENI.") String eniMac,
    @JsonPropertyDescription("The node that the ENI is on.") String nodeName,
    @JsonPropertyDescription(
            "The UID of the Pod that the address was last bound to. No other Pod may use it.")
        String podUID,
    @JsonPropertyDescription("The top workload of that Pod.") OwnerInfo owner,
    @JsonPropertyDescription("The policy in force.") @ReadLeniently DeletePolicy deletePolicy,
    @JsonPropertyDescription("The expiry in force; empty means never.") String claimExpiredDuration,
    @Size(max = 32)
        @JsonPropertyDescription(
            "The expiry that the last Pod of the address asked for: a duration, 0 for never,"
                + " unreadable (which counts as never), or empty if it asked for none.")
        String podClaimExpiredDuration,
    @JsonPropertyDescription(
            "When the operator first saw the Pod's end, by the API server's clock, UTC.")
        String retainedSince,
    @JsonPropertyDescription("When the operator will release the address; empty means never.")
        String expiresAt,
    @Size(max = 16)
        @JsonPropertyDescription(
            "Ready (the Pod has its address), Valid (the operator can read the annotations),"
                + " ReleaseBlocked (the claim is to be released and is not: its Pod still runs, or"
                + " releases are paused) and Placed (False while the address moves), each with its reason.")
        List<Condition> conditions) {

  /** The status of a claim that nothing was written to yet. */
  public static final VpcIPClaimStatus EMPTY =
      VpcIPClaimStatusBuilder.builder().phase(ClaimPhase.PENDING).build();

  public VpcIPClaimStatus {
    phase = phase == null ? ClaimPhase.PENDING : phase;
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }
}
