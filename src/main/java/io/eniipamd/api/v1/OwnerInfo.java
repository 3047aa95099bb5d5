package io.eniipamd.api.v1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;

/** The top workload that a Pod belongs to. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record OwnerInfo(
    @JsonPropertyDescription("API group and version of the workload.") String apiVersion,
    @JsonPropertyDescription("Kind of the workload.") String kind,
    @JsonPropertyDescription("Name of the workload.") String name,
    @JsonPropertyDescription("UID of the workload.") String uid) {}
