package io.eniipamd.kube.support;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.Kind;
import io.fabric8.kubernetes.model.annotation.Plural;
import io.fabric8.kubernetes.model.annotation.Version;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A Pod with the fields that are read here and no others, and of one that asks nothing of us fewer
 * still, so that ten thousand of those are five megabytes. It is never written back: an update with
 * it would empty the Pod.
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
public class SlimPod extends SlimObject implements Namespaced {
  private static final long serialVersionUID = 1L;

  private Spec spec;
  private Status status;

  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @RegisterForReflection
  record Spec(
      String nodeName,
      Boolean hostNetwork,
      List<Container> initContainers,
      List<Container> containers) {
    Spec {
      nodeName = SlimObject.once(nodeName);
    }
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @RegisterForReflection
  record Container(Resources resources) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @RegisterForReflection
  record Resources(Map<String, Object> requests, Map<String, Object> limits) {
    Resources {
      requests = SlimObject.ours(requests);
      limits = SlimObject.ours(limits);
    }
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @RegisterForReflection
  record Status(String phase, String podIP) {
    Status {
      phase = SlimObject.once(phase);
    }
  }

  public SlimPod() {
    super("v1", "Pod", false);
  }

  public Spec getSpec() {
    return spec;
  }

  public void setSpec(Spec spec) {
    this.spec = spec;
    keepStubOfAnothers();
  }

  @Override
  public void setMetadata(ObjectMeta metadata) {
    super.setMetadata(metadata);
    keepStubOfAnothers();
  }

  /**
   * Of a Pod that asks nothing of us stays what names it, where it runs, with which address, and
   * whether it ends. One that is annotated later comes again, and whole.
   */
  private void keepStubOfAnothers() {
    var all = getMetadata();
    if (all == null || spec == null || !annotations().isEmpty() || !resources().isEmpty()) {
      return;
    }
    spec = new Spec(spec.nodeName(), spec.hostNetwork(), null, null);
    all.setGenerateName(null);
    all.setAnnotations(null);
    // Callers of these lists expect one.
    all.setOwnerReferences(List.of());
    all.setFinalizers(List.of());
    all.setManagedFields(List.of());
    all.setAdditionalProperties(Map.of());
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

  /**
   * The operator's extended resources that its containers request or are limited to; those that
   * start first, sidecars among them, count as well.
   */
  @JsonIgnore
  public Set<String> resources() {
    return spec == null
        ? Set.of()
        : Stream.of(spec.initContainers(), spec.containers())
            .filter(Objects::nonNull)
            .flatMap(List::stream)
            .map(Container::resources)
            .filter(Objects::nonNull)
            .flatMap(r -> Stream.of(r.requests(), r.limits()))
            .flatMap(amounts -> amounts.keySet().stream())
            .collect(Collectors.toCollection(TreeSet::new));
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
}
