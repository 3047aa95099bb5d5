package io.eniipamd.api.v1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;

/**
 * The request: of the user where a user made the claim, else of the first Pod of the name. The
 * operator never writes it again. The request of a later Pod is read from that Pod; the status has
 * what is in force since its binding.
 *
 * @param networkMode shared or direct ENI
 * @param deletePolicy whether the address outlives the Pod
 * @param nominatedIP this address and no other
 * @param nominatedSubnets only from these subnets
 * @param claimExpiredDuration like {@code 1h}; after how long away a fixed IP is released
 */
@JsonClassDescription(
    "What the Pod asks for. The operator fills it in from the annotations of the first Pod"
        + " of that name and never changes it later. For a later Pod its own annotations count;"
        + " status says what is in force.")
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record VpcIPClaimSpec(
    @JsonPropertyDescription(
            "How the Pod gets its network: tke-route-eni (an address on a shared ENI) or"
                + " tke-direct-eni (an ENI for the Pod alone). Empty means tke-route-eni.")
        @ReadLeniently
        NetworkMode networkMode,
    @JsonPropertyDescription(
            "What happens to the address after the Pod has ended: Immediate releases it, Never"
                + " retains it (a fixed IP).")
        @Default("Immediate")
        @ReadLeniently
        DeletePolicy deletePolicy,
    @Size(max = 45)
        @ValidationRule(
            value = "self.matches('" + Formats.IPV4_CEL + "')",
            message =
                "must be an IPv4 address of a container"
                    + " subnet, such as 10.0.3.7; IPv6 is not supported")
        @JsonPropertyDescription(
            "The IPv4 address that the Pod asks for. It cannot change once the claim has an"
                + " address.")
        String nominatedIP,
    @Size(max = 1024)
        @JsonPropertyDescription(
            "The subnets that the address may come from, such as subnet-…; empty means any. They"
                + " cannot change once the claim has an address.")
        List<@Pattern(Formats.SUBNET_ID) @Size(max = Formats.ID_LENGTH) String> nominatedSubnets,
    @Size(max = 32)
        @ValidationRule(
            value =
                "self == '0' || self.matches('"
                    + Formats.DAYS_CEL
                    + "') || (self != '' && self.matches('"
                    + Formats.DURATION_CEL
                    + "') && duration(self) >= duration('5m'))",
            message =
                "must be a duration of at least 5m made of d, h, m and s, such as 1h, 90m or 1h30m, or"
                    + " 0 for never; leave it out for the operator's --claim-expired-duration")
        @JsonPropertyDescription(
            "How long after its Pod's end a fixed IP is released, at least 5m, such as 1h or"
                + " 1h30m; 0 means never. The annotation tke.cloud.tencent.com/claim-expired-duration"
                + " overrides it.")
        String claimExpiredDuration) {

  public VpcIPClaimSpec {
    nominatedSubnets = nominatedSubnets == null ? List.of() : List.copyOf(nominatedSubnets);
  }
}
