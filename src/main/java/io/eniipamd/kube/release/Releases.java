package io.eniipamd.kube.release;

import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.kube.support.GuardedDelete;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Deletes claims for {@link ReleasePath} only, and knows why a claim was deleted. The delete names
 * UID and version: it fails on a new claim of the same name, and on a claim that has changed since.
 */
@Singleton
public final class Releases {
  private final KubernetesClient client;
  private final OwnerResolver owners;
  private final Clock clock;

  /** Why this process deleted a claim; after a restart the reason follows from the claim itself. */
  private final Map<String, ReleaseReason> reasons = new ConcurrentHashMap<>();

  public Releases(KubernetesClient client, OwnerResolver owners, Clock clock) {
    this.client = client;
    this.owners = owners;
    this.clock = clock;
  }

  /**
   * Deletes this claim as it was read.
   *
   * @return whether it is being deleted; not, where it has changed or gone meanwhile
   */
  boolean delete(VpcIPClaim claim, ReleaseReason reason) {
    var meta = claim.getMetadata();
    if (reasons.putIfAbsent(meta.getUid(), reason) != null) {
      // Deleted a moment ago; the cache does not show it yet.
      return true;
    }
    try {
      GuardedDelete.of(client, claim);
      return true;
    } catch (KubernetesClientException e) {
      reasons.remove(meta.getUid());
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT
          || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
        return false;
      }
      throw e;
    }
  }

  /** Why a claim that is being deleted is. */
  public ReleaseReason reason(VpcIPClaim claim) {
    var known = reasons.get(claim.getMetadata().getUid());
    if (known != null) {
      return known;
    }
    var status = claim.statusOrEmpty();
    if (owners.gone(
        claim.getMetadata().getNamespace(),
        claim.getMetadata().getOwnerReferences() == null
            ? java.util.List.of()
            : claim.getMetadata().getOwnerReferences())) {
      return ReleaseReason.CASCADE;
    }
    if (status.deletePolicy() == DeletePolicy.IMMEDIATE) {
      return ReleaseReason.POD_ENDED;
    }
    if (status.expiresAt() != null
        && !status.expiresAt().isEmpty()
        && !Instant.parse(status.expiresAt()).isAfter(clock.instant())) {
      return ReleaseReason.EXPIRED;
    }
    return ReleaseReason.MANUAL;
  }

  /** The claim is gone; its reason need not be known any more. */
  public void done(VpcIPClaim claim) {
    reasons.remove(claim.getMetadata().getUid());
  }
}
