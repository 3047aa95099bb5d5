package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.kube.support.SharedCache;
import jakarta.inject.Singleton;
import java.util.Optional;

/** The claims that hold addresses, by the cache. */
@Singleton
final class ClaimLookup {
  private final SharedCache<VpcIPClaim> claims;

  ClaimLookup(SharedCache<VpcIPClaim> claims) {
    this.claims = claims;
  }

  /** The claim that holds an address; empty where it is another one of that name. */
  Optional<VpcIPClaim> holding(VpcIP vip) {
    var ref = vip.getSpec() == null ? null : vip.getSpec().claimRef();
    return ref == null
        ? Optional.empty()
        : claims
            .get(ref.namespace(), ref.name())
            .filter(c -> c.getMetadata().getUid().equals(ref.uid()));
  }
}
