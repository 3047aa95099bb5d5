package io.eniipamd.cloud.operate;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.decorate.Backoff;
import io.eniipamd.cloud.decorate.Futures;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Counts the attempts of one operation and makes the pauses between them, longer each time. A cloud
 * that is busy with an earlier task is no failed attempt: it is asked again for as long as a task
 * may take.
 */
final class Retries {

  /** Codes of a task, of this or of another request, that has to end first. */
  private static final Set<String> BUSY =
      Set.of(
          "UnsupportedOperation.MutexOperationTaskRunning",
          "OperationDenied.MutexTaskRunning",
          "UnsupportedOperation.IdempotentProcessing",
          "UnsupportedOperation.ResourceProcessing");

  private final String step;
  private final int most;
  private final Backoff pauses;
  private final long busyPatience;
  private int made;
  private int busy;
  private long busySince;

  Retries(String step, OperationContext context) {
    this.step = step;
    OperationSettings settings = context.settings();
    most = settings.attempts();
    busyPatience = settings.settleTimeout().toNanos();
    pauses = new Backoff(settings.firstPause(), settings.longestPause(), context.random());
  }

  /**
   * Pauses where another attempt makes sense.
   *
   * @throws CloudException the failure itself where it does not, or where the attempts are used up;
   *     where the cloud is busy, when it has been for as long as a task may take
   */
  void pauseAfter(CloudException failure) {
    if (failure.code().filter(BUSY::contains).isPresent()) {
      pauseWhileBusy(failure);
      return;
    }
    made++;
    if (!failure.kind().retryable() || made >= most) {
      throw failure;
    }
    sleep(step, pauses.after(made));
  }

  private void pauseWhileBusy(CloudException failure) {
    long now = System.nanoTime();
    if (busy == 0) {
      busySince = now;
    }
    long left = busySince + busyPatience - now;
    if (left <= 0) {
      throw failure;
    }
    busy++;
    sleep(step, pauses.after(busy));
  }

  /** Lets time pass on a virtual thread. */
  static void sleep(String step, Duration duration) {
    try {
      TimeUnit.NANOSECONDS.sleep(duration.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Futures.interrupted(step);
    }
  }
}
