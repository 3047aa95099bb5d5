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
    @JsonPropertyDescription("Its hardware address.") String mac,
    @JsonPropertyDescription("Its own address, which no Pod can use.") String primaryIP,
    @JsonPropertyDescription("The subnet of all its addresses.") String subnetId,
    @JsonPropertyDescription("The range of that subnet.") String subnetCIDR,
    @JsonPropertyDescription("The router's address in that subnet.") String gateway,
    @JsonPropertyDescription("How many Pod addresses it has room for.") Integer slots,
    @JsonPropertyDescription("How many of these were used when this was last written.")
        Integer used,
    @JsonPropertyDescription("Attaching, Attached or Detaching.") @ReadLeniently EniPhase phase) {}
