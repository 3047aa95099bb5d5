package io.eniipamd.api.v1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/** What a node shall have. */
@JsonClassDescription(
    "What a node shall have. instanceId and zone are filled from the Node; the rest is yours.")
@ValidationRule(
    value =
        "!has(oldSelf.instanceId) || (has(self.instanceId) && self.instanceId =="
            + " oldSelf.instanceId)",
    fieldPath = ".instanceId",
    message =
        "cannot change: ENIs are bound to the instance; delete the NodeENIConfig, and"
            + " it is made anew for the node's instance")
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NodeENIConfigSpec(
    @Size(max = Formats.ID_LENGTH)
        @Pattern(Formats.INSTANCE_ID)
        @JsonPropertyDescription("The instance that the node runs on, like ins-….")
        String instanceId,
    @Size(max = Formats.ID_LENGTH)
        @JsonPropertyDescription("The availability zone of the instance.")
        String zone,
    @Size(max = 64)
        @JsonPropertyDescription(
            "The only subnets that ENIs of this node may be from; empty means the configured ones in"
                + " the node's zone.")
        List<@Pattern(Formats.SUBNET_ID) @Size(max = Formats.ID_LENGTH) String> subnets,
    @Min(1)
        @JsonPropertyDescription(
            "The most shared ENIs that the node may have; the cloud's own limit where it is lower or"
                + " this is left out.")
        Integer maxRouteENI,
    @Min(1)
        @JsonPropertyDescription(
            "The most Pod addresses that one ENI may carry; the cloud's own limit where it is lower"
                + " or this is left out.")
        Integer maxIPPerENI,
    @Min(0)
        @JsonPropertyDescription(
            "How many Pod addresses the node's ENIs shall have room for at least.")
        Integer desiredRouteENIIP,
    @Size(max = 64)
        @JsonPropertyDescription(
            "Security groups of the node's ENIs, like sg-…; empty means the configured ones.")
        List<@Pattern(Formats.SECURITY_GROUP_ID) @Size(max = Formats.ID_LENGTH) String>
            securityGroups) {

  public NodeENIConfigSpec {
    subnets = subnets == null ? List.of() : List.copyOf(subnets);
    securityGroups = securityGroups == null ? List.of() : List.copyOf(securityGroups);
  }
}
