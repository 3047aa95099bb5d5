package io.eniipamd.property;

/** Where moves are played, and which tells what does not hold. */
public interface World extends Observed, AutoCloseable {

  /** Does it, or leaves it where it does not apply. */
  void play(Move move);

  /**
   * Ends all faults, has one operator run, and lets everything settle, until expiries that are set
   * have passed.
   */
  void settle();

  /** How many steps all actors have done so far. */
  long stepsDone();

  @Override
  void close();
}
