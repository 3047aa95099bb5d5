package io.eniipamd.cloud.decorate;

import io.eniipamd.cloud.CloudException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Counts the attempts of one operation and makes the pauses between them, longer each time. */
final class Attempts {

  private final String step;
  private final OperationSettings settings;
  private int made;

  Attempts(String step, OperationSettings settings) {
    this.step = step;
    this.settings = settings;
  }

  /**
   * Pauses where another attempt makes sense.
   *
   * @throws CloudException the failure itself where it does not, or where the attempts are used up
   */
  void pauseAfter(CloudException failure) {
    made++;
    if (!failure.kind().retryable() || made >= settings.attempts()) {
      throw failure;
    }
    pause();
  }

  private void pause() {
    long longest = settings.longestPause().toNanos();
    long grown = settings.firstPause().toNanos() << Math.min(made - 1, 20);
    long bound = Math.max(1, Math.min(longest, grown));
    // At least half of it, so that a cloud that asks for less gets less; the rest by chance, so
    // that those it refused together do not come back together.
    long nanos = bound / 2 + ThreadLocalRandom.current().nextLong(bound / 2 + 1);
    sleep(step, Duration.ofNanos(nanos));
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
