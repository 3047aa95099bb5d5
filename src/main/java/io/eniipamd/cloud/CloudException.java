package io.eniipamd.cloud;

import java.util.Optional;

/**
 * The one way in which a call to the cloud fails. The message says which step failed on what, and
 * never holds a secret.
 */
public final class CloudException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** What a failure means to the caller. */
  public enum Kind {
    /** A quota of the account, the VPC, the instance or the ENI is used up. */
    QUOTA,
    /** The subnet has no address left. */
    SUBNET_FULL,
    /** An address that was asked for by name belongs to another user of the VPC. */
    ADDRESS_TAKEN,
    /** What the call is about does not exist. */
    NOT_FOUND,
    /** Too many requests: the same one may succeed later. */
    THROTTLED,
    /** The credentials are not known or not allowed to do this. */
    DENIED,
    /** The answer is not known or the state does not allow it yet: observe, then perhaps again. */
    TRANSIENT,
    /** The request will never succeed as it is. */
    INVALID;

    /** Whether the same request may succeed later without any action of a user. */
    public boolean retryable() {
      return switch (this) {
        case THROTTLED, TRANSIENT -> true;
        case QUOTA, SUBNET_FULL, ADDRESS_TAKEN, NOT_FOUND, DENIED, INVALID -> false;
      };
    }
  }

  private final Kind kind;
  private final String code;
  private final String detail;
  private final String requestId;
  private final String missingEni;
  private final boolean sent;

  /**
   * @param step what was being done on what, like {@code assigning 10.0.3.7 to eni-abc}
   * @param code the cloud's error code, or null where there was no answer
   * @param detail the cloud's message
   * @param requestId the cloud's request id, or null
   */
  public CloudException(
      Kind kind, String step, String code, String detail, String requestId, Throwable cause) {
    this(kind, step, code, detail, requestId, cause, true);
  }

  private CloudException(
      Kind kind,
      String step,
      String code,
      String detail,
      String requestId,
      Throwable cause,
      boolean sent) {
    super(step + ": " + (code == null ? "" : code + ": ") + detail, cause);
    this.kind = kind;
    this.code = code;
    this.detail = detail;
    this.requestId = requestId;
    this.missingEni = null;
    this.sent = sent;
  }

  private CloudException(Kind kind, CloudException same) {
    super(same.getMessage(), same.getCause());
    this.kind = kind;
    this.code = same.code;
    this.detail = same.detail;
    this.requestId = same.requestId;
    this.missingEni = same.missingEni;
    this.sent = same.sent;
  }

  private CloudException(CloudException refusal, String missingEni) {
    super(refusal.getMessage() + "; the cloud does not list " + missingEni, refusal);
    this.kind = Kind.NOT_FOUND;
    this.code = refusal.code;
    this.detail = refusal.detail;
    this.requestId = refusal.requestId;
    this.missingEni = missingEni;
    this.sent = refusal.sent;
  }

  /**
   * The failure of a call that this process has held back, so that the cloud knows nothing of it.
   *
   * @param step as in the constructor
   * @param code of the answer because of which it is held back, or null
   * @param why follows the words "not sent,"
   */
  public static CloudException notSent(Kind kind, String step, String code, String why) {
    return new CloudException(kind, step, code, "not sent, " + why, null, null, false);
  }

  /** The same as {@link Kind#NOT_FOUND}, because a read has not found this ENI either. */
  public CloudException withMissing(String eniId) {
    return new CloudException(this, eniId);
  }

  /** The same failure, which means something else to this caller. */
  public CloudException as(Kind other) {
    return new CloudException(other, this);
  }

  public Kind kind() {
    return kind;
  }

  /** Whether the cloud may have done what was asked for: a changing call without a clear answer. */
  public boolean mayHaveHadEffect() {
    return kind == Kind.TRANSIENT && sent;
  }

  /**
   * Whether nothing comes of the call any more that its answer does not say: the cloud has
   * answered, or was not asked.
   */
  public boolean answered() {
    return code != null || !mayHaveHadEffect();
  }

  /** The cloud's own code, absent where there was no answer. */
  public Optional<String> code() {
    return Optional.ofNullable(code);
  }

  /** The cloud's own words, without the step and the code. */
  public String detail() {
    return detail;
  }

  public Optional<String> requestId() {
    return Optional.ofNullable(requestId);
  }

  /**
   * With {@link Kind#NOT_FOUND}: the ENI that a read has not found either. Empty where no look has
   * shown that an ENI is gone: then something else of the call does not exist.
   */
  public Optional<String> missingEni() {
    return Optional.ofNullable(missingEni);
  }
}
