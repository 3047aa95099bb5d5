package io.eniipamd.kube.support;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import io.eniipamd.api.v1.Names;
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
import java.util.TreeMap;
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
      List<Gate> schedulingGates,
      Map<String, String> nodeSelector,
      Affinity affinity,
      List<Container> initContainers,
      List<Container> containers) {
    Spec {
      nodeName = SlimObject.once(nodeName);
      schedulingGates =
          schedulingGates == null
                  || schedulingGates.stream().noneMatch(g -> Names.ZONE_GATE.equals(g.name()))
              ? null
              : GATED;
      nodeSelector = ofZones(nodeSelector);
      affinity = affinity == null || affinity.terms().isEmpty() ? null : affinity;
    }

    private static Map<String, String> ofZones(Map<String, String> selector) {
      if (selector == null || selector.keySet().stream().noneMatch(Names.ZONE_LABELS::contains)) {
        return null;
      }
      var kept = new TreeMap<>(selector);
      kept.keySet().retainAll(Names.ZONE_LABELS);
      return kept;
    }
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  @RegisterForReflection
  record Gate(String name) {}

  private static final List<Gate> GATED = List.of(new Gate(Names.ZONE_GATE));

  @JsonIgnoreProperties(ignoreUnknown = true)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  @RegisterForReflection
  record Affinity(NodeAffinity nodeAffinity) {

    /** What each required term says of zones; none where one of them allows any zone. */
    List<List<Expression>> terms() {
      var required =
          nodeAffinity == null
              ? null
              : nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution();
      var terms =
          required == null || required.nodeSelectorTerms() == null
              ? List.<List<Expression>>of()
              : required.nodeSelectorTerms().stream().map(Term::matchExpressions).toList();
      return terms.stream().anyMatch(List::isEmpty) ? List.of() : terms;
    }
  }

  @JsonIgnoreProperties(ignoreUnknown = true)
  @RegisterForReflection
  record NodeAffinity(NodeTerms requiredDuringSchedulingIgnoredDuringExecution) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  @RegisterForReflection
  record NodeTerms(List<Term> nodeSelectorTerms) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  @RegisterForReflection
  record Term(List<Expression> matchExpressions) {
    Term {
      matchExpressions =
          matchExpressions == null
              ? List.of()
              : matchExpressions.stream().filter(e -> Names.ZONE_LABELS.contains(e.key())).toList();
    }
  }

  /** What a term of the required node affinity says of one label of a zone. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  @RegisterForReflection
  public record Expression(String key, String operator, List<String> values) {
    public Expression {
      operator = operator == null ? "" : SlimObject.once(operator);
      values = values == null ? List.of() : List.copyOf(values);
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
    spec =
        new Spec(
            spec.nodeName(), spec.hostNetwork(), spec.schedulingGates(), null, null, null, null);
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

  /** Whether the operator's scheduling gate keeps it from being scheduled. */
  @JsonIgnore
  public boolean isGated() {
    return spec != null && spec.schedulingGates() != null;
  }

  /** What its node selector says of labels of zones. */
  @JsonIgnore
  public Map<String, String> zoneSelector() {
    return spec == null || spec.nodeSelector() == null ? Map.of() : spec.nodeSelector();
  }

  /** What each term of its required node affinity says of labels of zones. */
  @JsonIgnore
  public List<List<Expression>> zoneTerms() {
    return spec == null || spec.affinity() == null ? List.of() : spec.affinity().terms();
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
