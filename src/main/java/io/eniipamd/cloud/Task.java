package io.eniipamd.cloud;

/**
 * An asynchronous change, by the request id of the call that began it.
 *
 * @param detail what the cloud says of a failure, perhaps empty
 */
public record Task(State state, String detail) {

  /** Its state. */
  public enum State {
    RUNNING,
    SUCCEEDED,
    /** It has ended and its effect will not come. */
    FAILED,
    /** The cloud did not say anything that this version knows. */
    UNKNOWN
  }
}
