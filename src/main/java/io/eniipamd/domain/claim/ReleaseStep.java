package io.eniipamd.domain.claim;

import io.eniipamd.domain.address.Ip;
import java.util.List;

/** The claim, or an address of it, is on its way back to the subnet. */
public sealed interface ReleaseStep extends ClaimDecision {

  /** The Pod has ended, and its address is not retained: the claim is deleted. */
  record DeleteClaim() implements ReleaseStep {}

  /** Its StatefulSet was scaled away from the claim and releases the addresses of such Pods. */
  record DeleteScaled() implements ReleaseStep {}

  /** The claim is due for release and something pauses releases: the claim says what. */
  record ExplainPause(RetentionView.Pause hold) implements ReleaseStep {}

  /** Second addresses, by a crash or by two operators, are released. */
  record ReleaseSurplus(List<Ip> surplus) implements ReleaseStep {
    public ReleaseSurplus {
      surplus = List.copyOf(surplus);
    }
  }

  /** The claim is being deleted while its Pod lives: it waits and says so. */
  record BlockRelease() implements ReleaseStep {}

  /** The claim is being deleted and nothing uses its addresses: they are released. */
  record ReleaseAddresses(List<Ip> addresses) implements ReleaseStep {
    public ReleaseAddresses {
      addresses = List.copyOf(addresses);
    }
  }

  /** The claim is being deleted and holds no address any more. */
  record RemoveFinalizer() implements ReleaseStep {}
}
