package io.eniipamd.cloud.operate;

import java.time.Duration;

/**
 * How {@link EniWorkers} batches, waits and repeats.
 *
 * @param batchWindow how long the first request of a batch waits for company; less where the batch
 *     is full
 * @param lookInterval the least time between two polls of the whole cluster
 * @param slowestLook the longest pause between two polls of an ENI
 * @param taskInterval how long an accepted change is polled before its task is asked for; doubles
 *     each time
 * @param settleTimeout how long a change that was accepted may take to be seen, and how long a
 *     change is asked for again that the cloud refuses because of another task
 * @param staleness how long a read may lag behind a write: within it, a read that contradicts what
 *     was just done is not believed
 * @param attempts how often a call that can be repeated goes out before its stage fails
 * @param firstPause the longest pause before the second attempt; it doubles with each one, and the
 *     pause taken is a random part of it
 * @param longestPause where the doubling ends
 */
public record OperationSettings(
    Duration batchWindow,
    Duration lookInterval,
    Duration slowestLook,
    Duration taskInterval,
    Duration settleTimeout,
    Duration staleness,
    int attempts,
    Duration firstPause,
    Duration longestPause) {

  /** The figures of production. */
  public static final OperationSettings DEFAULTS =
      new OperationSettings(
          Duration.ofMillis(30),
          // Ten polls a second while any caller waits.
          Duration.ofMillis(100),
          Duration.ofSeconds(1),
          // Tasks take a second or two as a rule; this one costs a request of its own.
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(15),
          6,
          Duration.ofMillis(300),
          Duration.ofSeconds(5));
}
