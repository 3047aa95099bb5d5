package io.eniipamd.cloud.decorate;

import io.eniipamd.cloud.CallObserver;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Turns under the limits of requests: a bucket for each action that has a documented limit, and one
 * for each family. They are filled so that no second sees more than the limit.
 */
public final class RequestLimits {

  /** A turn that is this far away is none: the caller comes back later. */
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  private final Map<CloudAction, List<Turns>> buckets = new EnumMap<>(CloudAction.class);
  private final Map<CloudAction.Family, FamilyTurns> families =
      new EnumMap<>(CloudAction.Family.class);
  private final Breakers breakers;
  private final CallObserver observer;

  /**
   * @param familyPerSecond requests a second for each family, at least 1
   * @param breakers say whether a turn would be for nothing
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  public RequestLimits(
      int familyPerSecond, Breakers breakers, LongSupplier nanoTime, CallObserver observer) {
    this.breakers = breakers;
    this.observer = observer;
    for (CloudAction.Family family : CloudAction.Family.values()) {
      families.put(family, new FamilyTurns(family, familyPerSecond, nanoTime, observer));
    }
    for (CloudAction action : CloudAction.values()) {
      var turns = new ArrayList<Turns>();
      action.documentedPerSecond().ifPresent(limit -> turns.add(new Turns(Turns.within(limit))));
      turns.add(families.get(action.family()).ordinary());
      buckets.put(action, turns);
    }
  }

  /** How a turn is waited for; {@code false} where there is none within the time. */
  @FunctionalInterface
  private interface Wait {
    boolean within(Duration longest) throws InterruptedException;
  }

  /**
   * Blocks until a request may go out.
   *
   * @param subject what the request is about, for messages
   * @throws CloudException of kind {@code THROTTLED} where the wait would be absurd; or at once
   *     where the cloud is left alone, as {@link Breakers#check} says
   */
  public void await(CloudAction action, String subject) {
    await(action, subject, buckets.get(action).stream().<Wait>map(turns -> turns::take).toList());
  }

  /**
   * The same for a read of those ENIs that a change waits for: not behind the requests that wait.
   * One at a time, because the others could hear of it too late.
   */
  void awaitLook(String subject) {
    CloudAction action = CloudAction.DESCRIBE_NETWORK_INTERFACES;
    await(action, subject, List.of(families.get(action.family())::takeForLook));
  }

  private void await(CloudAction action, String subject, List<Wait> waits) {
    breakers.check(action, subject);
    long start = System.nanoTime();
    String step = "waiting for a turn of " + action.apiName();
    for (Wait wait : waits) {
      try {
        if (!wait.within(LONGEST_WAIT)) {
          throw new CloudException(
              CloudException.Kind.THROTTLED,
              step,
              null,
              "too many requests are waiting",
              null,
              null);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw Futures.interrupted(step);
      }
    }
    observer.waited(action, Duration.ofNanos(System.nanoTime() - start));
  }

  /** Takes a turn where there is one right now, and never waits. */
  public boolean tryTurn(CloudAction action) {
    return buckets.get(action).stream().allMatch(Turns::tryTake);
  }

  /** Counts a request that has gone out without a turn; those after it wait longer. */
  void owe(CloudAction action, long requests) {
    if (requests > 0) {
      buckets.get(action).forEach(turns -> turns.owe(requests));
    }
  }

  /** The cloud has answered a request that there are too many: the whole family slows down. */
  void throttled(CloudAction action) {
    families.get(action.family()).throttled();
  }

  /** The cloud has answered a request, whatever it says otherwise. */
  void answered(CloudAction action) {
    families.get(action.family()).answered();
  }
}
