package io.eniipamd.cloud;

/**
 * Asked before each changing call: may this process still change things? A leader whose lease is
 * not fresh may have a successor already.
 */
@FunctionalInterface
public interface Fence {

  /** A fence that is always open, for a process that is alone with its cloud. */
  Fence OPEN = _ -> {};

  /**
   * Returns where the change may go out.
   *
   * @param step what is about to be done, for the message
   * @throws CloudException of kind {@link CloudException.Kind#TRANSIENT} where it may not
   */
  void check(String step);

  /** The change with which this thread was let through last has its answer, or did not go out. */
  default void answered() {}

  /** The change with which this thread was let through last will have no answer: it may happen. */
  default void lost() {}
}
