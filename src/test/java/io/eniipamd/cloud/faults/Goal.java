package io.eniipamd.cloud.faults;

import io.eniipamd.cloud.CloudException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Something that is wanted of the cloud and asked for until it is there, as the reconcilers do.
 *
 * @param name for messages
 */
record Goal(String name, Ask ask) {

  /** Asks once. */
  @FunctionalInterface
  interface Ask {
    /**
     * Pursues the goal once.
     *
     * @param again whether an earlier try or process may have asked for the same
     */
    CompletionStage<?> once(Ground ground, boolean again);
  }

  /** A read, which blocks. */
  static Goal read(String name, Supplier<?> expected, ReadOnce read) {
    return new Goal(
        name,
        (ground, again) ->
            CompletableFuture.supplyAsync(
                () -> {
                  Object answer = read.of(ground);
                  if (!expected.get().equals(answer)) {
                    throw new AssertionError(name + " was answered with " + answer);
                  }
                  return answer;
                },
                Thread::startVirtualThread));
  }

  /** One request. */
  @FunctionalInterface
  interface ReadOnce {
    Object of(Ground ground);
  }

  /** How it ended. */
  sealed interface Outcome {
    record Reached() implements Outcome {}

    /** For a reason that another try would not change. */
    record Refused(CloudException why) implements Outcome {}
  }
}
