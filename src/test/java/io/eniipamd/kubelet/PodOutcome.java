package io.eniipamd.kubelet;

/** How the containers of a Pod end by themselves. */
public enum PodOutcome {
  SUCCEEDED("Succeeded", 0, "Completed"),
  FAILED("Failed", 1, "Error");

  private final String phase;
  private final int exitCode;
  private final String reason;

  PodOutcome(String phase, int exitCode, String reason) {
    this.phase = phase;
    this.exitCode = exitCode;
    this.reason = reason;
  }

  String phase() {
    return phase;
  }

  int exitCode() {
    return exitCode;
  }

  String reason() {
    return reason;
  }
}
