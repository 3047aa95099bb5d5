package io.eniipamd.cloud.decorate;

import io.eniipamd.cloud.CloudException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Waiting on a virtual thread, with interruption as a failure of the port's kind. */
public final class Futures {

  private Futures() {}

  /**
   * The result, when it is there.
   *
   * @param step what is waited for, for messages
   * @throws CloudException what the future failed with, as {@link #failure} says; or of kind {@code
   *     TRANSIENT} where the thread was interrupted
   */
  public static <T> T join(String step, CompletableFuture<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted(step);
    } catch (ExecutionException e) {
      throw failure(step, e.getCause());
    }
  }

  /** The failure as the port's own exception. */
  public static CloudException failure(String step, Throwable cause) {
    if (cause instanceof CloudException e) {
      return e;
    }
    return new CloudException(
        CloudException.Kind.TRANSIENT, step, null, String.valueOf(cause), null, cause);
  }

  /** The failure of a step that the shutdown has ended, of kind {@code TRANSIENT}. */
  public static CloudException interrupted(String step) {
    return new CloudException(
        CloudException.Kind.TRANSIENT, step, null, "interrupted by the shutdown", null, null);
  }
}
