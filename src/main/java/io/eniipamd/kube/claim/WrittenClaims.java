package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimStatus;
import io.eniipamd.kube.journal.AddressJournal;
import io.eniipamd.kube.support.SharedCache;
import jakarta.inject.Singleton;

/** Who has to hear of what the operator has written of a claim. */
@Singleton
final class WrittenClaims {
  private final SharedCache<VpcIPClaim> claims;
  private final AddressJournal journal;

  WrittenClaims(SharedCache<VpcIPClaim> claims, AddressJournal journal) {
    this.claims = claims;
    this.journal = journal;
  }

  /** The API server has answered with this claim. */
  void wrote(VpcIPClaim written) {
    claims.wrote(written);
  }

  /** The same of a write of its status. */
  void wroteStatus(VpcIPClaimStatus before, VpcIPClaim written) {
    claims.wrote(written);
    journal.changed(before, written);
  }
}
