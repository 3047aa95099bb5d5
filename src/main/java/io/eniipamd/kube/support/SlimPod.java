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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A Pod with the fields that are read here and no others, so that ten thousand of them are ten
 * megabytes. It is never written back: an update with it would empty the Pod.
 */
@Group("")
@Version("v1")
@Kind("Pod")
@Plural("pods")
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonInclude(JsonInclude.Include.NON_NULL)
@RegisterForReflection
// The items of a list carry no kind, so that the inherited deserializer would not know them.
@JsonDeserialize(using = JsonDeserializer.None.class)
public class SlimPod implements HasMetadata, Namespaced {
  private static final long serialVersionUID = 1L;
  private static final String OURS = "tke.cloud.tencent.com/";

  private String apiVersion = "v1";
  private String kind = "Pod";
  private ObjectMeta metadata;
  private Spec spec;
  private Status status;

  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @RegisterForReflection
  record Spec(String nodeName, Boolean hostNetwork, List<Container> containers) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @RegisterForReflection
  record Container(Resources resources) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @RegisterForReflection
  record Resources(Map<String, Object> requests, Map<String, Object> limits) {
    Resources {
      requests = ours(requests);
      limits = ours(limits);
    }

    private static Map<String, Object> ours(Map<String, Object> quantities) {
      return quantities == null
          ? Map.of()
          : quantities.entrySet().stream()
              .filter(e -> e.getKey().startsWith(OURS))
              .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
    }
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @RegisterForReflection
  record Status(String phase, String podIP) {}

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

  public Status getStatus() {
    return status;
  }

  public void setStatus(Status status) {
    this.status = status;
  }

  /** The node that the Pod was scheduled to, or null. */
  @JsonIgnore
  public String nodeName() {
    return spec == null || spec.nodeName() == null || spec.nodeName().isEmpty()
        ? null
        : spec.nodeName();
  }

  @JsonIgnore
  public boolean hostNetwork() {
    return spec != null && Boolean.TRUE.equals(spec.hostNetwork());
  }

  /** The extended resources of ours that its containers request or are limited to. */
  @JsonIgnore
  public Set<String> resources() {
    var names = new TreeSet<String>();
    if (spec != null && spec.containers() != null) {
      for (var container : spec.containers()) {
        if (container.resources() != null) {
          names.addAll(container.resources().requests().keySet());
          names.addAll(container.resources().limits().keySet());
        }
      }
    }
    return names;
  }

  /** Whether the Pod has run its course; an address is not taken from a Pod before that. */
  @JsonIgnore
  public boolean ended() {
    return status != null
        && ("Succeeded".equals(status.phase()) || "Failed".equals(status.phase()));
  }

  /** The address that the node's agent gave the Pod, or null. */
  @JsonIgnore
  public String podIp() {
    return status == null ? null : status.podIP();
  }

  /** The Pod's annotations of ours, never null. */
  @JsonIgnore
  public Map<String, String> annotations() {
    return metadata == null || metadata.getAnnotations() == null
        ? Map.of()
        : metadata.getAnnotations();
  }
}
