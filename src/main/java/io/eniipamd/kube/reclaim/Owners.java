package io.eniipamd.kube.reclaim;

import io.eniipamd.api.v1.OwnerInfo;
import io.eniipamd.kube.support.SlimPod;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The top workload of a Pod: StatefulSet, Deployment (through its ReplicaSet), DaemonSet or Job.
 * Read afresh from the API server, because a reference to an owner that is gone kills the claim.
 */
public final class Owners {
  private static final Set<String> TOP = Set.of("StatefulSet", "Deployment", "DaemonSet", "Job");

  private final KubernetesClient client;
  private final boolean enabled;

  /**
   * @param enabled {@code --enable-ownerref}
   */
  public Owners(KubernetesClient client, boolean enabled) {
    this.client = client;
    this.enabled = enabled;
  }

  /** The reference that ties a Pod's claim to its workload; none where cascading is off. */
  public List<OwnerReference> referencesFor(SlimPod pod) {
    if (!enabled) {
      return List.of();
    }
    return top(pod)
        .map(
            owner ->
                List.of(
                    new OwnerReferenceBuilder()
                        .withApiVersion(owner.apiVersion())
                        .withKind(owner.kind())
                        .withName(owner.name())
                        .withUid(owner.uid())
                        .withBlockOwnerDeletion(false)
                        .build()))
        .orElseGet(List::of);
  }

  /**
   * The workload to be recorded on the claim; read only where cascading is on, it costs requests.
   */
  public Optional<OwnerInfo> recorded(SlimPod pod) {
    return enabled ? top(pod) : Optional.empty();
  }

  /** The workload, where a fresh read shows it alive; one that may not be read ends the climb. */
  public Optional<OwnerInfo> top(SlimPod pod) {
    var namespace = pod.getMetadata().getNamespace();
    Optional<OwnerReference> next = controllerOf(pod);
    Optional<OwnerInfo> found = Optional.empty();
    while (next.isPresent()) {
      var reference = next.get();
      boolean through = reference.getKind().equals("ReplicaSet");
      if (!through && !TOP.contains(reference.getKind())) {
        break;
      }
      var owner = read(namespace, reference);
      if (owner.isEmpty()) {
        return Optional.empty();
      }
      if (TOP.contains(reference.getKind())) {
        found =
            Optional.of(
                new OwnerInfo(
                    reference.getApiVersion(),
                    reference.getKind(),
                    reference.getName(),
                    reference.getUid()));
        break;
      }
      next = controllerOf(owner.get());
    }
    return found;
  }

  /** Whether the workload that a claim refers to is certainly gone. */
  public boolean gone(String namespace, List<OwnerReference> references) {
    return !references.isEmpty()
        && references.stream().allMatch(r -> TOP.contains(r.getKind()) && absent(namespace, r));
  }

  private boolean absent(String namespace, OwnerReference reference) {
    return fetch(namespace, reference)
        .map(
            o ->
                !o.getMetadata().getUid().equals(reference.getUid())
                    || o.getMetadata().getDeletionTimestamp() != null)
        .orElse(true);
  }

  private Optional<GenericKubernetesResource> read(String namespace, OwnerReference reference) {
    try {
      return fetch(namespace, reference)
          .filter(o -> o.getMetadata().getUid().equals(reference.getUid()))
          .filter(o -> o.getMetadata().getDeletionTimestamp() == null);
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Optional<GenericKubernetesResource> fetch(String namespace, OwnerReference reference) {
    return Optional.ofNullable(
        client
            .genericKubernetesResources(reference.getApiVersion(), reference.getKind())
            .inNamespace(namespace)
            .withName(reference.getName())
            .get());
  }

  private static Optional<OwnerReference> controllerOf(HasMetadata object) {
    return object.getMetadata().getOwnerReferences() == null
        ? Optional.empty()
        : object.getMetadata().getOwnerReferences().stream()
            .filter(r -> Boolean.TRUE.equals(r.getController()))
            .findFirst();
  }
}
