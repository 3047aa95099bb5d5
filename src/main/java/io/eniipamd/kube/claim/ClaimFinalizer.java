package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.kube.support.SharedCache;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The operator's finalizer on claims: the first write to a claim, and the last write of a release.
 */
@Singleton
final class ClaimFinalizer {
  private final KubernetesClient client;
  private final SharedCache<VpcIPClaim> claims;

  /** UIDs of claims that lost it a moment ago and that the cache still shows with it. */
  private final Set<String> removed = ConcurrentHashMap.newKeySet();

  ClaimFinalizer(KubernetesClient client, SharedCache<VpcIPClaim> claims) {
    this.client = client;
    this.claims = claims;
  }

  static boolean isOn(VpcIPClaim claim) {
    return claim.getMetadata().getFinalizers().contains(Names.CLAIM_FINALIZER);
  }

  /** Adds it to a claim that a user made in advance, or whose finalizer was stripped. */
  void add(VpcIPClaim claim, Context<VpcIPClaim> context) {
    claim.addFinalizer(Names.CLAIM_FINALIZER);
    claims.wrote(context.resourceOperations().updatePrimary(claim));
  }

  /**
   * Removes it, after which the API server deletes the claim.
   *
   * @return whether this call did; not, where one before did and the cache does not show it yet
   */
  boolean remove(VpcIPClaim claim) {
    var uid = claim.getMetadata().getUid();
    if (!removed.add(uid)) {
      return false;
    }
    claim.removeFinalizer(Names.CLAIM_FINALIZER);
    try {
      // Past the cache: the object is gone with this very write.
      client.resource(claim).update();
    } catch (KubernetesClientException e) {
      removed.remove(uid);
      throw e;
    }
    return true;
  }

  /** The claim is gone. */
  void forget(String uid) {
    removed.remove(uid);
  }
}
