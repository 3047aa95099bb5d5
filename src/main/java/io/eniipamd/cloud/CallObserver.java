package io.eniipamd.cloud;

import java.time.Duration;
import java.util.Optional;

/**
 * Hears of every request, for metrics, and of outages. Implementations are quick and never throw.
 */
public interface CallObserver {

  /** Ignores everything. */
  CallObserver NONE = new CallObserver() {};

  /**
   * A request has ended.
   *
   * @param failure its kind, empty where it succeeded
   * @param took from sending to the answer
   */
  default void called(CloudAction action, Optional<CloudException.Kind> failure, Duration took) {}

  /** A request had to wait for its turn under the limits of requests. */
  default void waited(CloudAction action, Duration waited) {}

  /** A changing request carried so many addresses. */
  default void carried(CloudAction action, int addresses) {}

  /**
   * An answer has come, but what it says of one thing cannot be read.
   *
   * @param id of the thing
   * @param why what cannot be read
   */
  default void unreadable(CloudAction action, String id, CloudException why) {}

  /**
   * The cloud has said that there are too many requests, or has not said so for a while: from now
   * on fewer or more of the family go out.
   *
   * @param perSecond how many a second
   * @param cap how many at most, when nothing slows them down
   */
  default void rateChanged(CloudAction.Family family, double perSecond, int cap) {}

  /**
   * So many requests of a family in a row have found the cloud down, or the key refused, that none
   * is sent for a while. Said once an outage.
   *
   * @param last what the last of them met
   */
  default void down(CloudAction.Family family, CloudException last) {}

  /**
   * The family answers again.
   *
   * @param after since {@link #down}
   */
  default void up(CloudAction.Family family, Duration after) {}
}
