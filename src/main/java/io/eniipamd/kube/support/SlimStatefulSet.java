package io.eniipamd.kube.support;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * A StatefulSet with the fields that are read here and no others: which ordinals it has, and what
 * is said of its fixed IPs. It is never written back.
 */
@Group("apps")
@Version("v1")
@Kind("StatefulSet")
@Plural("statefulsets")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
// The items of a list carry no kind, so that the inherited deserializer would not know them.
@JsonDeserialize(using = JsonDeserializer.None.class)
public class SlimStatefulSet extends SlimObject implements Namespaced {
  private static final long serialVersionUID = 1L;

  private Spec spec;

  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @RegisterForReflection
  record Spec(Integer replicas, Ordinals ordinals) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @RegisterForReflection
  record Ordinals(Integer start) {}

  public SlimStatefulSet() {
    super("apps/v1", "StatefulSet", false);
  }

  public Spec getSpec() {
    return spec;
  }

  public void setSpec(Spec spec) {
    this.spec = spec;
  }

  /** The first ordinal. */
  @JsonIgnore
  public int start() {
    return spec == null || spec.ordinals() == null || spec.ordinals().start() == null
        ? 0
        : spec.ordinals().start();
  }

  /** How many ordinals it has; the API server fills in 1. */
  @JsonIgnore
  public int replicas() {
    return spec == null || spec.replicas() == null ? 1 : spec.replicas();
  }
}
