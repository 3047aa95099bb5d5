package io.eniipamd.simulator.model;

/** A request that the cloud does not meet, with the code that the API documents for it. */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  /** A refusal with the API's code and a message for users. */
  public Refusal(String code, String message) {
    super(message);
    this.code = code;
  }

  /** Like {@code ResourceInUse}. */
  public String code() {
    return code;
  }

  /** {@code ResourceNotFound}, with the id in the message. */
  public static Refusal notFound(String id) {
    return new Refusal("ResourceNotFound", "The resource `" + id + "` is not found.");
  }

  /** {@code UnsupportedOperation.InvalidState}. */
  public static Refusal invalidState(String what) {
    return new Refusal("UnsupportedOperation.InvalidState", "Invalid resource state: " + what);
  }
}
