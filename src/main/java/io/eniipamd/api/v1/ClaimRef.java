package io.eniipamd.api.v1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/** The claim that holds an address: this object, not another one of the same name. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ClaimRef(
    @Required @Size(min = 1, max = 63) @JsonPropertyDescription("Namespace of the claim.")
        String namespace,
    @Required
        @Size(min = 1, max = 253)
        @JsonPropertyDescription("Name of the claim, which is the name of its Pod.")
        String name,
    @Required @Size(min = 1, max = 63) @JsonPropertyDescription("UID of the claim.") String uid) {}
