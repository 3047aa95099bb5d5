package io.eniipamd.kube.support;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Node with the fields that are read here and no others: a real one carries a list of images and
 * changes every few minutes. It is never written back.
 */
@Group("")
@Version("v1")
@Kind("Node")
@Plural("nodes")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
// The items of a list carry no kind, so that the inherited deserializer would not know them.
@JsonDeserialize(using = JsonDeserializer.None.class)
public class SlimNode extends SlimObject {
  private static final long serialVersionUID = 1L;

  private Spec spec;
  private Status status;

  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @RegisterForReflection
  record Spec(String providerID, List<Taint> taints) {
    Spec {
      taints = taints == null ? List.of() : List.copyOf(taints);
    }
  }

  /** A taint, as far as it tells which one it is; a Node never has two of a key and an effect. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @RegisterForReflection
  public record Taint(String key, String effect) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @RegisterForReflection
  record Status(Map<String, String> capacity, Map<String, String> allocatable) {
    Status {
      capacity = SlimObject.ours(capacity);
      allocatable = SlimObject.ours(allocatable);
    }
  }

  public SlimNode() {
    super("v1", "Node", true);
  }

  public Spec getSpec() {
    return spec;
  }

  public void setSpec(Spec spec) {
    this.spec = spec;
  }

  public Status getStatus() {
    return status;
  }

  public void setStatus(Status status) {
    this.status = status;
  }

  /** Where the instance's id is the last part of, or empty. */
  @JsonIgnore
  public String providerId() {
    return spec == null || spec.providerID() == null ? "" : spec.providerID();
  }

  /** All its taints, in the order in which the API server has them. */
  @JsonIgnore
  public List<Taint> taints() {
    return spec == null ? List.of() : spec.taints();
  }

  @JsonIgnore
  public Optional<String> label(String key) {
    return getMetadata() == null || getMetadata().getLabels() == null
        ? Optional.empty()
        : Optional.ofNullable(getMetadata().getLabels().get(key)).filter(v -> !v.isEmpty());
  }

  /**
   * How much of one of the operator's extended resources the node reports, in capacity; or null.
   */
  @JsonIgnore
  public String capacity(String resource) {
    return status == null ? null : status.capacity().get(resource);
  }

  /** The same of what may be scheduled. */
  @JsonIgnore
  public String allocatable(String resource) {
    return status == null ? null : status.allocatable().get(resource);
  }
}
