package io.eniipamd.api.v1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.soabase.recordbuilder.core.RecordBuilder;

/**
 * The operator's intent: who shall hold the address and where it shall be. It changes before each
 * call to the cloud, so that a crash in between leaves a trace.
 */
@JsonClassDescription(
    "The operator's intent: who shall hold the address and where it shall be. It changes before"
        + " each call to the cloud. Do not edit it by hand.")
@ValidationRule(
    value = "self.type != 'ENI' || !has(self.claimRef)",
    fieldPath = ".claimRef",
    message = "an ENI's own address has no claim: leave claimRef out, or set type to Pod")
@ValidationRule(
    value =
        "!has(self.claimRef) || !has(oldSelf.claimRef) || (self.claimRef.__namespace__ =="
            + " oldSelf.claimRef.__namespace__ && self.claimRef.name == oldSelf.claimRef.name)",
    fieldPath = ".claimRef",
    message =
        "an address does not pass from one claim to another: delete the claim that holds it, and"
            + " it is free after its rest")
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VpcIPSpec(
    @Required
        @ValidationRule(
            value = "self == oldSelf",
            message = "cannot change: an address is a Pod's or an ENI's for as long as it is taken")
        @JsonPropertyDescription("Pod, or ENI for the primary address of an ENI.")
        @ReadLeniently
        VpcIPType type,
    @JsonPropertyDescription(
            "The claim that holds the address; empty for an ENI's own, and for a stray that was"
                + " found on an ENI.")
        ClaimRef claimRef,
    @Required
        @Size(max = Formats.ID_LENGTH)
        @Pattern(Formats.SUBNET_ID)
        @ValidationRule(
            value = "self == oldSelf",
            message = "cannot change: an address lies in one subnet")
        @JsonPropertyDescription("The subnet that the address is from.")
        String subnetId,
    @Size(max = Formats.ID_LENGTH)
        @JsonPropertyDescription("The ENI that the address shall be on; empty: on none.")
        String eniId,
    @Size(max = 253) @JsonPropertyDescription("The node of that ENI.") String nodeName) {}
