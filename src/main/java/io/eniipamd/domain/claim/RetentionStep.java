package io.eniipamd.domain.claim;

import java.util.Optional;

/** The claim keeps its address while its Pod is away, and its status stays true. */
public sealed interface RetentionStep extends ClaimDecision {

  /** The Pod has ended, its address stays. */
  record Retain() implements RetentionStep {}

  /**
   * The status says something of policy or expiry that is no longer so.
   *
   * @param pod what the Pod that has the address requests now; empty where the Pod is away
   */
  record RefreshStatus(Optional<PodRequest.Requested> pod) implements RetentionStep {}

  /** The ENI of the Pod's own leaves its instance, and is kept on none. */
  record Detach(ClaimAddress held) implements RetentionStep {}

  /** The retained address leaves its ENI. */
  record Relocate(ClaimAddress held, RetentionView.Relocation relocation)
      implements RetentionStep {}
}
