package io.eniipamd.kube.support;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import java.util.stream.Collectors;

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
public class SlimStatefulSet implements HasMetadata, Namespaced {
  private static final long serialVersionUID = 1L;
  private static final String OURS = "tke.cloud.tencent.com/";

  private String apiVersion = "apps/v1";
  private String kind = "StatefulSet";
  private ObjectMeta metadata;
  private Spec spec;

  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @RegisterForReflection
  record Spec(Integer replicas, Ordinals ordinals) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @RegisterForReflection
  record Ordinals(Integer start) {}

  @Override
  public ObjectMeta getMetadata() {
    return metadata;
  }

  @Override
  public void setMetadata(ObjectMeta metadata) {
    if (metadata != null) {
      metadata.setManagedFields(null);
      metadata.setLabels(null);
      if (metadata.getAnnotations() != null) {
        metadata.setAnnotations(
            metadata.getAnnotations().entrySet().stream()
                .filter(e -> e.getKey().startsWith(OURS))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
      }
    }
    this.metadata = metadata;
  }

  @Override
  public String getApiVersion() {
    return apiVersion;
  }

  @Override
  public void setApiVersion(String version) {
    this.apiVersion = version;
  }

  @Override
  public String getKind() {
    return kind;
  }

  public void setKind(String kind) {
    this.kind = kind;
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

  /** Its annotations of ours, never null. */
  @JsonIgnore
  public Map<String, String> annotations() {
    return metadata == null || metadata.getAnnotations() == null
        ? Map.of()
        : metadata.getAnnotations();
  }
}
