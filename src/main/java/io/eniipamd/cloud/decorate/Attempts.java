package io.eniipamd.cloud.decorate;

import io.eniipamd.cloud.CloudException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Counts the attempts of one operation and makes the pauses between them, longer each time. */
final class Attempts {

  private final String step;
  private final int most;
  private final Pauses pauses;
  private int made;

  Attempts(String step, OperationContext context) {
    this.step = step;
    OperationSettings settings = context.settings();
    most = settings.attempts();
    pauses = new Pauses(settings.firstPause(), settings.longestPause(), context.random());
  }

  /**
   * Pauses where another attempt makes sense.
   *
   * @throws CloudException the failure itself where it does not, or where the attempts are used up
   */
  void pauseAfter(CloudException failure) {
    made++;
    if (!failure.kind().retryable() || made >= most) {
      throw failure;
    }
    sleep(step, pauses.after(made));
  }

  /** Lets time pass on a virtual thread. */
  static void sleep(String step, Duration duration) {
    try {
      TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Blocking.interrupted(step);
    }
  }
}
