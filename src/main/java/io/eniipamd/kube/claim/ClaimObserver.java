package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIPClaim;
import java.time.Duration;

/** Counts what became of claims. */
public interface ClaimObserver {

  /**
   * A Pod got its address.
   *
   * @param sincePodCreation how long it waited; empty of meaning for a Pod that was bound before
   */
  void bound(Duration sincePodCreation);

  /** A claim is gone and its address released. */
  void released(VpcIPClaim claim, ReleaseReason reason);
}
