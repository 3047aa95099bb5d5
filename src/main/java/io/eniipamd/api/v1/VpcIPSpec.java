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
 * The operator's intent: which claim has the address, and on which ENI it should be. It changes
 * before each call to the cloud, so that a crash in between leaves a trace.
 */
@JsonClassDescription(
    "The operator's intent: which claim has the address, and on which ENI it should be."
        + " The operator writes it before each call to the cloud; do not edit it.")
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
        "an address does not pass from one claim to another: delete the claim that holds it,"
            + " and it is free after its quarantine")
@ValidationRule(
    value =
        "!has(self.warm) || !self.warm || (self.type == 'Pod' && !has(self.claimRef) && has(self.eniId))",
    fieldPath = ".warm",
    message = "a warm address is a Pod's, on an ENI, and no claim holds it: leave warm out")
@ValidationRule(
    value =
        "!has(self.direct) || !self.direct || (self.type == 'Pod' && !has(self.eniId) && !(has(self.warm) && self.warm))",
    fieldPath = ".direct",
    message =
        "the address of an ENI of a Pod's own is a Pod's and never on another ENI: leave eniId and warm out")
@ValidationRule(
    value = "(has(self.direct) && self.direct) == (has(oldSelf.direct) && oldSelf.direct)",
    fieldPath = ".direct",
    message = "cannot change: a primary address never leaves its ENI")
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_NULL)
public record VpcIPSpec(
    @Required
        @ValidationRule(
            value = "self == oldSelf",
            message = "cannot change: an address in use is either a Pod's or an ENI's")
        @JsonPropertyDescription("Pod, or ENI for the primary address of an ENI.")
        @ReadLeniently
        VpcIPType type,
    @JsonPropertyDescription(
            "The claim that holds the address; empty for an ENI's primary address, for a warm address,"
                + " and for a stray address that the operator found on an ENI.")
        ClaimRef claimRef,
    @Required
        @Size(max = Formats.ID_LENGTH)
        @Pattern(Formats.SUBNET_ID)
        @ValidationRule(
            value = "self == oldSelf",
            message = "cannot change: an address belongs to one subnet")
        @JsonPropertyDescription("The subnet of the address.")
        String subnetId,
    @Size(max = Formats.ID_LENGTH)
        @JsonPropertyDescription("The ENI that the address should be on; empty means none.")
        String eniId,
    @Size(max = 253) @JsonPropertyDescription("The node of that ENI.") String nodeName,
    @JsonPropertyDescription(
            "true: the operator keeps the address ready on its ENI for a Pod that comes (a warm"
                + " address), and no claim holds it yet. Empty once a claim has taken it.")
        Boolean warm,
    @JsonPropertyDescription(
            "true: the address is the primary one of an ENI of the Pod's own (tke-direct-eni), which"
                + " this object stands for, too.")
        Boolean direct,
    @Size(max = Formats.ID_LENGTH)
        @JsonPropertyDescription(
            "The instance that the ENI of the Pod's own should be on; empty means none.")
        String instanceId) {

  /** Whether the address is the primary one of an ENI of the Pod's own. */
  public boolean ofOwnEni() {
    return Boolean.TRUE.equals(direct);
  }
}
