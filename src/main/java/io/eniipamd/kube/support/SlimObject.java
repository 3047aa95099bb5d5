package io.eniipamd.kube.support;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the slim copies of objects of other owners have in common: they hold what is read here and
 * nothing else, and are never written back.
 */
@RegisterForReflection
abstract class SlimObject implements HasMetadata {
  private static final long serialVersionUID = 1L;

  /** The prefix of the operator's annotations and extended resources. */
  static final String OURS = "tke.cloud.tencent.com/";

  private final boolean keepsLabels;
  private String apiVersion;
  private String kind;
  private ObjectMeta metadata;

  SlimObject(String apiVersion, String kind, boolean keepsLabels) {
    this.apiVersion = apiVersion;
    this.kind = kind;
    this.keepsLabels = keepsLabels;
  }

  @Override
  public ObjectMeta getMetadata() {
    return metadata;
  }

  /** Keeps the operator's annotations, all labels or none, and no managed fields. */
  @Override
  public void setMetadata(ObjectMeta metadata) {
    if (metadata != null) {
      metadata.setManagedFields(null);
      metadata.setNamespace(once(metadata.getNamespace()));
      if (!keepsLabels) {
        metadata.setLabels(null);
      }
      if (metadata.getAnnotations() != null) {
        metadata.setAnnotations(ours(metadata.getAnnotations()));
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
    this.apiVersion = once(version);
  }

  @Override
  public String getKind() {
    return kind;
  }

  public void setKind(String kind) {
    this.kind = once(kind);
  }

  /** The same text, of which many objects have the one copy. */
  static String once(String text) {
    return text == null ? null : text.intern();
  }

  /** The operator's annotations, never null. */
  @JsonIgnore
  public Map<String, String> annotations() {
    return metadata == null || metadata.getAnnotations() == null
        ? Map.of()
        : metadata.getAnnotations();
  }

  /** The entries whose keys are the operator's; none for null. */
  static <V> Map<String, V> ours(Map<String, V> all) {
    return all == null
        ? Map.of()
        : all.entrySet().stream()
            .filter(e -> e.getKey().startsWith(OURS))
            .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
  }
}
