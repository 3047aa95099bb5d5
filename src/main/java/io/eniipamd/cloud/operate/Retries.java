package io.eniipamd.cloud.operate;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.decorate.Backoff;
import io.eniipamd.cloud.decorate.Futures;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Counts the attempts of one operation and makes the pauses between them, longer each time. A cloud
 * that is busy with an earlier task is no failed attempt: it is asked again when that task has
 * ended, for as long as a task may take.
 */
final class Retries {

  /** Codes of a task, of this or of another request, that has to end first. */
  private static final Set<String> BUSY =
      Set.of(
          "UnsupportedOperation.MutexOperationTaskRunning",
          "OperationDenied.MutexTaskRunning",
          "UnsupportedOperation.IdempotentProcessing",
          "UnsupportedOperation.ResourceProcessing");

  /** Beyond this the doubling has met any bound, and must not overflow. */
  private static final int MOST_DOUBLINGS = 10;

  private final String step;
  private final OperationContext context;
  private final int most;
  private final Backoff pauses;
  private final long busyPatience;
  private int made;
  private int busy;
  private long busySince;

  Retries(String step, OperationContext context) {
    this.step = step;
    this.context = context;
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
    if (isBusy(failure)) {
      pauseWhileBusy(failure);
      return;
    }
    made++;
    if (!failure.kind().retryable() || made >= most) {
      throw failure;
    }
    sleep(step, pauses.after(made));
  }

  /**
   * Where the cloud was busy with another task, lets the looks tell when that task has ended: no
   * call goes out while they show it. Returns in time for a call now and then where they show it
   * for long, because a read may be wrong; what the cloud does out of sight costs pauses only.
   *
   * @param failure after which {@link #pauseAfter} has paused
   */
  void awaitEndOfOther(CloudException failure, String... eniIds) {
    if (!isBusy(failure)) {
      return;
    }
    long patience = context.settings().taskInterval().toNanos() << Math.min(busy, MOST_DOUBLINGS);
    for (String eniId : eniIds) {
      long left = Math.max(0, busySince + busyPatience - System.nanoTime());
      var unused =
          context
              .looks()
              .await(step, eniId, Retries::isIdle, Duration.ofNanos(Math.min(left, patience)));
    }
  }

  /** Whether the cloud has refused a call because a task has to end first. */
  static boolean isBusy(CloudException failure) {
    return failure.code().filter(BUSY::contains).isPresent();
  }

  /** Whether no task is seen to change the ENI or an address of it. */
  private static boolean isIdle(Optional<NetworkInterface> eni) {
    return eni.stream()
        .noneMatch(
            seen ->
                isChanging(seen.state())
                    || seen.addresses().stream().anyMatch(Retries::isChanging));
  }

  private static boolean isChanging(NetworkInterface.State state) {
    return switch (state) {
      case PENDING, ATTACHING, DETACHING, DELETING -> true;
      case AVAILABLE, UNKNOWN -> false;
    };
  }

  private static boolean isChanging(NetworkInterface.Address address) {
    return switch (address.state()) {
      case PENDING, MIGRATING, DELETING -> true;
      case AVAILABLE, UNKNOWN -> false;
    };
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
