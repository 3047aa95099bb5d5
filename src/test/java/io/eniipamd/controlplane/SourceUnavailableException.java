package io.eniipamd.controlplane;

/** A source cannot give the binaries; the message is the one line that says why. */
final class SourceUnavailableException extends Exception {

  private static final long serialVersionUID = 1L;

  SourceUnavailableException(String message) {
    super(message);
  }

  SourceUnavailableException(String message, Throwable cause) {
    super(message, cause);
  }
}
