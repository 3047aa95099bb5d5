package io.eniipamd.kube.node;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.kube.support.SharedCache;
import jakarta.inject.Singleton;

/**
 * Whether a Pod of this cluster has ever asked for an ENI of its own. An earlier version has not
 * recorded how many of them a node may have; the cloud is asked for that only when somebody wants
 * to know.
 */
@Singleton
final class DirectDemand {
  private final SharedCache<NodeENIConfig> necs;
  private volatile boolean asked;

  DirectDemand(SharedCache<VpcIPClaim> claims, SharedCache<NodeENIConfig> necs) {
    this.necs = necs;
    claims.listen(
        new SharedCache.Listener<>() {
          @Override
          public void changed(VpcIPClaim claim) {
            if (!asked && claim.wantsOwnEni()) {
              begin();
            }
          }

          @Override
          public void deleted(VpcIPClaim claim) {}
        });
  }

  private synchronized void begin() {
    if (!asked) {
      asked = true;
      necs.all().filter(this::isToBeLearnt).forEach(nec -> necs.enqueue(name(nec)));
    }
  }

  /** Whether the cloud has to be asked how many ENIs of Pods' own the node may have. */
  boolean isToBeLearnt(NodeENIConfig nec) {
    return asked && nec.statusOrEmpty().maxDirectENI() == null;
  }

  private static String name(NodeENIConfig nec) {
    return nec.getMetadata().getName();
  }
}
