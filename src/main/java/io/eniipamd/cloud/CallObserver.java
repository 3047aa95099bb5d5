package io.eniipamd.cloud;

import java.time.Duration;
import java.util.Optional;

/** Is told of every request, for metrics. Implementations are quick and never throw. */
public interface CallObserver {

  /** Looks away. */
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
}
