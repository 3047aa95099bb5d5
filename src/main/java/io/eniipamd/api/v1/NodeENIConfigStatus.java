package io.eniipamd.api.v1;

import com.fasterxml.jackson.annotation.JsonClassDescription;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Size;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.util.List;
import java.util.Objects;

/** What a node has. */
@JsonClassDescription("What a node has. An agent on the node reads eniInfos.")
@RecordBuilder
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NodeENIConfigStatus(
    @Size(max = 64)
        @JsonPropertyDescription("The ENIs that are bound to the node; empty where binding failed.")
        List<EniInfo> eniInfos,
    @JsonPropertyDescription(
            "The number of attached ENIs in eniInfos, such as 1/2; derived from eniInfos for printing.")
        String attached,
    @JsonPropertyDescription("The cloud's limit of shared ENIs on this instance.")
        Integer maxRouteENI,
    @JsonPropertyDescription("The cloud's limit of Pod addresses per ENI on this instance.")
        Integer maxIPPerENI,
    @JsonPropertyDescription(
            "The cloud's limit of ENIs of Pods' own on this instance. The Node offers it to the scheduler as tke.cloud.tencent.com/direct-eni.")
        Integer maxDirectENI,
    @JsonPropertyDescription(
            "The number of Pods that the node can carry with addresses to be had. The Node offers it to the scheduler as tke.cloud.tencent.com/eni-ip.")
        Integer slotsOffered,
    @JsonPropertyDescription(
            "The number of slots in use on the ENIs in eniInfos, those of retained addresses included, when the operator last wrote this object; derived from eniInfos for printing.")
        Integer slotsUsed,
    @Size(max = 16)
        @JsonPropertyDescription(
            "Ready (the node's ENIs can carry Pods), CanGrow (it can get a further ENI) and SubnetsFound (its subnets exist), each with its reason.")
        List<Condition> conditions) {

  /** The status of a node that nothing is known of yet. */
  public static final NodeENIConfigStatus EMPTY = NodeENIConfigStatusBuilder.builder().build();

  public NodeENIConfigStatus {
    eniInfos = eniInfos == null ? List.of() : List.copyOf(eniInfos);
    attached =
        "%d/%d"
            .formatted(
                eniInfos.stream().filter(eni -> eni.phase() == EniPhase.ATTACHED).count(),
                eniInfos.size());
    slotsUsed =
        eniInfos.stream().map(EniInfo::used).filter(Objects::nonNull).mapToInt(i -> i).sum();
    conditions = conditions == null ? List.of() : List.copyOf(conditions);
  }
}
