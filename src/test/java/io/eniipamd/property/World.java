package io.eniipamd.property;

import java.util.List;

/** Where moves are played, and which tells what does not hold. */
public interface World extends AutoCloseable {

  /** Does it, or leaves it where it does not apply. */
  void play(Move move);

  /**
   * Ends all faults, has one operator run, and lets everything settle, until expiries that are set
   * have passed.
   */
  void settle();

  /** What was seen not to hold so far, in sentences; empty where all is well. */
  List<String> broken();

  /** What happened, the newest last, for the reader of a failure. */
  List<String> story();

  /** How many steps all actors have done so far. */
  long stepsDone();

  @Override
  void close();
}
