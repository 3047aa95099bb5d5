package io.eniipamd.kube.release;

import java.time.Instant;

/**
 * The record of an automatic pause, which outlives the process: a restart must not resume releases
 * that no user has resumed.
 */
public interface AvalancheStore {

  /**
   * An automatic pause.
   *
   * @param since when it began, UTC
   * @param why which limit was passed by how many, for users
   */
  record Avalanche(Instant since, String why) {}

  /** What the record says. */
  sealed interface State {
    /**
     * There is no record: it was deleted, and what it recorded is not known.
     *
     * @param message what that means and what to do, for users
     */
    record Missing(String message) implements State {}

    /** Nothing is paused. */
    record Clear() implements State {}

    /** This pause is in force. */
    record Paused(Avalanche avalanche) implements State {}
  }

  /** Reads the record. */
  State read();

  /** Records a pause; it fails where there is no record to write it into. */
  void write(Avalanche avalanche);

  /** Records that it is over. */
  void clear();
}
