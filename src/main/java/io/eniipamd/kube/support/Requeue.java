package io.eniipamd.kube.support;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;

/**
 * When a reconciler comes back to its object without an event. The pauses that more than one
 * reconciler needs are declared here, each with its reason; a pause that only one step knows is
 * handed to {@link #after}.
 */
public final class Requeue {
  /**
   * The framework hides the event of a write that goes through a reconciler's context, and other
   * state of this process has no event at all: what such a write has changed is there already, and
   * the next pass has nothing to wait for.
   */
  private static final Duration AGAIN = Duration.ofMillis(1);

  /**
   * A cache of this process lags behind the API server: its watch is some ten milliseconds late,
   * and under load some hundred. A pass before that only reads the same again.
   */
  private static final Duration SOON = Duration.ofMillis(200);

  /**
   * Another actor has to write first, and its write enqueues the object; this pause is for the
   * event that is missed. Each of these passes may cost a read from the API server.
   */
  private static final Duration LATER = Duration.ofSeconds(5);

  private Requeue() {}

  /** At once: what the next pass needs is in this process already. */
  public static <P extends HasMetadata> UpdateControl<P> again() {
    return in(AGAIN);
  }

  /** As soon as a cache may have caught up with the API server. */
  public static <P extends HasMetadata> UpdateControl<P> soon() {
    return in(SOON);
  }

  /** When another actor may have written what is missing. */
  public static <P extends HasMetadata> UpdateControl<P> later() {
    return in(LATER);
  }

  /**
   * When a pause of the step's own has passed. The framework cuts off the part of a pause that is
   * less than a millisecond; a pass that comes by so much too early would only wait once more, so
   * that one millisecond is added here, and nowhere else.
   *
   * @param pause one that is negative has passed already
   */
  public static <P extends HasMetadata> UpdateControl<P> after(Duration pause) {
    return in((pause.isNegative() ? Duration.ZERO : pause).plusMillis(1));
  }

  private static <P extends HasMetadata> UpdateControl<P> in(Duration delay) {
    return UpdateControl.<P>noUpdate().rescheduleAfter(delay);
  }
}
