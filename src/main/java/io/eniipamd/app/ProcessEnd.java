package io.eniipamd.app;

import org.jboss.logging.Logger;

/**
 * Why this process ends by itself, with the exit code that the kubelet shows. It ends at once,
 * without the orderly way: an API server that does not answer would hold that up, and a leader may
 * be killed at any moment.
 */
enum ProcessEnd {
  /** The lease is not this process's any more. */
  LEASE_LOST(3),
  /** The lease is held, and the start that follows on it has failed. */
  START_FAILED(4),
  /** The rights to the lease are missing. */
  NOT_ALLOWED(5);

  private static final Logger LOG = Logger.getLogger(ProcessEnd.class);

  private final int exitCode;

  ProcessEnd(int exitCode) {
    this.exitCode = exitCode;
  }

  /**
   * Ends the process.
   *
   * @param message what happened
   * @param cause for the log; may be null
   */
  void now(String message, Throwable cause) {
    LOG.fatalf(
        cause,
        "%s; the process exits with code %d, and the kubelet starts it again",
        message,
        exitCode);
    Runtime.getRuntime().halt(exitCode);
  }
}
