package io.eniipamd.cloud;

/** How an ENI is attached to an instance ({@code AttachType}); each mode has a quota of its own. */
public enum AttachMode {
  /** Shared by Pods: 0 in the API. */
  STANDARD(0),
  /** For one Pod alone: 1 in the API, "extension". */
  EXTENSION(1);

  private final long code;

  AttachMode(long code) {
    this.code = code;
  }

  /** The number that the API has for it. */
  public long code() {
    return code;
  }
}
