package io.eniipamd.domain.claim;

import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.condition.Reason;
import java.util.Optional;

/** The Pod waits, and the operator tells the user why. */
public sealed interface WaitStep extends ClaimDecision {

  /** The Pod waits for what usually comes by itself; the operator reports it if it lasts. */
  record Await(Reason reason, String message) implements WaitStep {}

  /**
   * The Pod waits for what may never come by itself; the operator reports it at once.
   *
   * @param awaited the address whose release ends the wait, where there is one
   */
  record Problem(Reason reason, String message, Optional<Ip> awaited) implements WaitStep {
    public Problem(Reason reason, String message) {
      this(reason, message, Optional.empty());
    }
  }

  /** Something the user wrote keeps the operator from serving the Pod. */
  record Refuse(ValidationError error) implements WaitStep {}
}
