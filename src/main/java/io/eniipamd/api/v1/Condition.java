package io.eniipamd.api.v1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;

/**
 * One aspect of an object's state, in the form of Kubernetes' {@code metav1.Condition}.
 *
 * @param type the aspect
 * @param status {@code True}, {@code False} or {@code Unknown}
 * @param reason one word in CamelCase for machines
 * @param message a sentence for users
 * @param observedGeneration the generation of the object that this was said of
 * @param lastTransitionTime RFC 3339, when {@code status} last changed
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Condition(
    @Required
        @Size(max = 316)
        @JsonPropertyDescription("The aspect of the object that this condition reports.")
        String type,
    @Required @Pattern("^(True|False|Unknown)$") @JsonPropertyDescription("True, False or Unknown.")
        String status,
    @Required
        @Size(min = 1, max = 1024)
        @Pattern("^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$")
        @JsonPropertyDescription("One word in CamelCase that says why.")
        String reason,
    @Size(max = 32768)
        @JsonPropertyDescription("The reason as a sentence: the object, the value and what to do.")
        String message,
    @Min(0)
        @JsonPropertyDescription(
            "The metadata.generation of the object that this condition is about.")
        Long observedGeneration,
    @Required @JsonPropertyDescription("When the status last changed, RFC 3339.")
        String lastTransitionTime) {

  public static final String TRUE = "True";
  public static final String FALSE = "False";
  public static final String UNKNOWN = "Unknown";
}
