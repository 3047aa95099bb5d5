package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.ReleaseReason;
import java.time.Duration;

/** Is told what became of claims, to count it. */
public interface ClaimObserver {

  /**
   * A Pod got its address.
   *
   * @param sincePodCreation how long it waited; empty of meaning for a Pod that was bound before
   */
  void bound(Duration sincePodCreation);

  /** A claim is gone and its address given back. */
  void released(ReleaseReason reason);
}
