package io.eniipamd.controlplane;

/** A server of the control plane did not come up, or ended; the message holds its last words. */
public final class ServerFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  // Enough to see the error above the stack trace that Go prints after it.
  private static final int LINES = 12;

  private final transient String output;

  ServerFailedException(GuardedProcess server, String what) {
    super(
        "%s %s; the end of %s:\n%s"
            .formatted(server.name(), what, server.log(), server.lastLines(LINES)));
    this.output = server.lastLines(Integer.MAX_VALUE);
  }

  /** Whether another process took a port between its choice and its use. */
  boolean portWasTaken() {
    return output.contains("address already in use");
  }
}
