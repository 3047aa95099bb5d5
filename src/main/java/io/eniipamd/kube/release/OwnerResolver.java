package io.eniipamd.kube.release;

import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.OwnerInfo;
import io.eniipamd.domain.release.Retention;
import io.eniipamd.kube.support.SlimPod;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * The top workload of a Pod: StatefulSet, Deployment (through its ReplicaSet), DaemonSet, Job, or
 * one of the custom kinds that are configured. Read afresh from the API server, because a reference
 * to an owner that is gone kills the claim.
 */
@Singleton
public final class OwnerResolver {
  private static final Logger LOG = Logger.getLogger(OwnerResolver.class);

  private final KubernetesClient client;
  private final Set<GroupKind> known;

  /**
   * A workload that was alive a moment ago.
   *
   * @param info which one
   * @param keepsItsClaims whether it was said of it that its fixed IPs outlive it
   */
  public record Workload(OwnerInfo info, boolean keepsItsClaims) {}

  private sealed interface Read {
    record Alive(GenericKubernetesResource object) implements Read {}

    /** It does not exist, is another one of that name, or is being deleted. */
    record Gone() implements Read {}

    record Forbidden() implements Read {}

    /** The API server knows no such kind, or no such version of it, any more. */
    record Unserved() implements Read {}
  }

  /**
   * @param custom kinds beside the built-in ones
   */
  public OwnerResolver(KubernetesClient client, Set<GroupKind> custom) {
    this.client = client;
    var all = new HashSet<>(GroupKind.BUILT_IN);
    all.addAll(custom);
    this.known = Set.copyOf(all);
  }

  /** What the Pod itself says of its controller; no request. */
  public static Optional<OwnerReference> controllerOf(HasMetadata object) {
    return object.getMetadata().getOwnerReferences() == null
        ? Optional.empty()
        : object.getMetadata().getOwnerReferences().stream()
            .filter(r -> Boolean.TRUE.equals(r.getController()))
            .findFirst();
  }

  /** Whether Pods of this Pod's workload never come back under their names; no request. */
  public static boolean namesDoNotReturn(SlimPod pod) {
    return controllerOf(pod)
        .map(GroupKind::of)
        .filter(GroupKind.NAMES_DO_NOT_RETURN::contains)
        .isPresent();
  }

  /** Whether a climb from this reference can end anywhere. */
  boolean leadsSomewhere(OwnerReference reference) {
    var kind = GroupKind.of(reference);
    return known.contains(kind) || kind.equals(GroupKind.REPLICA_SET);
  }

  /** Whether a claim's reference is one that the operator wrote, by its shape. */
  boolean isOurs(OwnerReference reference) {
    return known.contains(GroupKind.of(reference))
        && Boolean.FALSE.equals(reference.getBlockOwnerDeletion())
        && !Boolean.TRUE.equals(reference.getController());
  }

  /** The reference to a workload as claims have it. */
  static OwnerReference reference(OwnerInfo owner) {
    return new OwnerReferenceBuilder()
        .withApiVersion(owner.apiVersion())
        .withKind(owner.kind())
        .withName(owner.name())
        .withUid(owner.uid())
        .withBlockOwnerDeletion(false)
        .build();
  }

  static OwnerInfo info(OwnerReference reference) {
    return new OwnerInfo(
        reference.getApiVersion(), reference.getKind(), reference.getName(), reference.getUid());
  }

  /**
   * The top workload from there on, where a fresh read shows it alive; an owner that may not be
   * read, or whose kind is not served, ends the climb.
   */
  public Optional<Workload> top(String namespace, OwnerReference from) {
    Optional<Workload> found = Optional.empty();
    Optional<OwnerReference> next = Optional.of(from);
    while (next.filter(this::leadsSomewhere).isPresent()) {
      var reference = next.get();
      switch (read(namespace, reference)) {
        case Read.Alive(var object) -> {
          if (known.contains(GroupKind.of(reference))) {
            found = Optional.of(new Workload(info(reference), keepsItsClaims(object)));
          }
          next = controllerOf(object);
        }
        case Read.Gone _ -> {
          return found;
        }
        case Read.Forbidden _ -> {
          return found;
        }
        case Read.Unserved _ -> {
          return found;
        }
      }
    }
    return found;
  }

  /** Whether a workload is alive still; one that may not be read counts as not. */
  boolean alive(String namespace, OwnerInfo owner) {
    return read(namespace, reference(owner)) instanceof Read.Alive;
  }

  /** A value that cannot be read keeps the addresses. */
  private static boolean keepsItsClaims(HasMetadata workload) {
    var annotations = workload.getMetadata().getAnnotations();
    var word = annotations == null ? null : annotations.get(Names.WHEN_DELETED);
    return word != null && Retention.parse(word).orElse(Retention.RETAIN) == Retention.RETAIN;
  }

  /**
   * Whether the workload that a claim refers to is certainly gone. Any failure to read it answers
   * no: this only words the reason of a release, which must not hang on it.
   */
  public boolean gone(String namespace, List<OwnerReference> references) {
    var ours = references.stream().filter(r -> known.contains(GroupKind.of(r))).toList();
    return !ours.isEmpty() && ours.stream().allMatch(r -> isCertainlyGone(namespace, r));
  }

  private boolean isCertainlyGone(String namespace, OwnerReference reference) {
    try {
      return read(namespace, reference) instanceof Read.Gone;
    } catch (KubernetesClientException e) {
      LOG.debugf("%s %s: %s", reference.getKind(), reference.getName(), e.getMessage());
      return false;
    }
  }

  private Read read(String namespace, OwnerReference reference) {
    GenericKubernetesResource object;
    try {
      object =
          client
              .genericKubernetesResources(reference.getApiVersion(), reference.getKind())
              .inNamespace(namespace)
              .withName(reference.getName())
              .get();
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN) {
        return new Read.Forbidden();
      }
      if (isUnserved(e)) {
        return new Read.Unserved();
      }
      throw e;
    }
    boolean alive =
        object != null
            && object.getMetadata().getUid().equals(reference.getUid())
            && object.getMetadata().getDeletionTimestamp() == null;
    return alive ? new Read.Alive(object) : new Read.Gone();
  }

  /** Where discovery shows no such kind the client asks nothing: no status and no cause. */
  private static boolean isUnserved(KubernetesClientException e) {
    return e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
        || (e.getStatus() == null && e.getCause() == null);
  }
}
