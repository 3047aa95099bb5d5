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

/** What a node should have. */
@JsonClassDescription(
    "What a node should have. The operator fills in instanceId and zone from the Node; users set the other fields.")
@ValidationRule(
    value =
        "!has(oldSelf.instanceId) || (has(self.instanceId) && self.instanceId =="
            + " oldSelf.instanceId)",
    fieldPath = ".instanceId",
    message =
        "cannot change: ENIs are bound to the instance; delete the NodeENIConfig, and the"
            + " operator creates it again for the node's instance")
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record NodeENIConfigSpec(
    @Size(max = Formats.ID_LENGTH)
        @Pattern(Formats.INSTANCE_ID)
        @JsonPropertyDescription("The instance that the node runs on, such as ins-….")
        String instanceId,
    @Size(max = Formats.ID_LENGTH)
        @JsonPropertyDescription("The availability zone of the instance.")
        String zone,
    @Size(max = 64)
        @JsonPropertyDescription(
            "The subnets that ENIs of this node may be from; empty means the configured subnets of"
                + " the node's zone.")
        List<@Pattern(Formats.SUBNET_ID) @Size(max = Formats.ID_LENGTH) String> subnets,
    @Min(1)
        @JsonPropertyDescription(
            "The maximum number of shared ENIs of the node; the cloud's limit applies where it is"
                + " lower or this field is not set.")
        Integer maxRouteENI,
    @Min(1)
        @JsonPropertyDescription(
            "The maximum number of Pod addresses on one ENI; the cloud's limit applies where it is"
                + " lower or this field is not set.")
        Integer maxIPPerENI,
    @Min(0)
        @JsonPropertyDescription(
            "The minimum number of Pod addresses that the node's ENIs should have room for.")
        Integer desiredRouteENIIP,
    @Size(max = 10)
        @JsonPropertyDescription(
            "The security groups of the node's ENIs, such as sg-…, the one that the cloud asks first in"
                + " front; empty means those of --security-groups. They count only with"
                + " --enable-security-groups.")
        List<@Pattern(Formats.SECURITY_GROUP_ID) @Size(max = Formats.ID_LENGTH) String>
            securityGroups) {

  public NodeENIConfigSpec {
    subnets = subnets == null ? List.of() : List.copyOf(subnets);
    securityGroups = securityGroups == null ? List.of() : List.copyOf(securityGroups);
  }
}
