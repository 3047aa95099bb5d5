package io.eniipamd.api.v1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.soabase.recordbuilder.core.RecordBuilder;

/** An ENI of a node, as an agent on the node needs it. */
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_NULL)
public record EniInfo(
    @Required @JsonPropertyDescription("The ENI's id, like eni-….") String eniId,
    @JsonPropertyDescription("The MAC address of the ENI.") String mac,
    @JsonPropertyDescription("The ENI's primary address, which no Pod can use.") String primaryIP,
    @JsonPropertyDescription("The subnet of all addresses of the ENI.") String subnetId,
    @JsonPropertyDescription("The CIDR of that subnet.") String subnetCIDR,
    @JsonPropertyDescription("The gateway of that subnet.") String gateway,
    @JsonPropertyDescription("The number of Pod addresses that the ENI has room for.")
        Integer slots,
    @JsonPropertyDescription("The number of slots in use when the operator last wrote this entry.")
        Integer used,
    @JsonPropertyDescription("Attaching, Attached or Detaching.") @ReadLeniently EniPhase phase) {}
