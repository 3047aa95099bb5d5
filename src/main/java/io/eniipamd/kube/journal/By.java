package io.eniipamd.kube.journal;

import io.eniipamd.api.v1.ReleaseReason;

/** Who or what has caused a transition. */
enum By {
  /** A Pod that came, or that has ended. */
  POD("pod"),
  /** Somebody who deleted the claim. */
  USER("user"),
  /** The workload: it was deleted, or scaled down. */
  OWNER("owner"),
  /** The expiry of the claim. */
  EXPIRY("expiry"),
  /** The operator: nothing wants the address. */
  OPERATOR("operator"),
  /** Another user of the VPC. */
  ANOTHER_USER("another-user");

  private final String word;

  By(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }

  /** What has caused a release of this reason; null where another version wrote the reason. */
  static String wordOf(ReleaseReason reason) {
    return switch (reason) {
      case EXPIRED -> EXPIRY.word;
      case MANUAL -> USER.word;
      case CASCADE, SCALED_DOWN -> OWNER.word;
      case POD_ENDED -> POD.word;
      case SURPLUS, STRAY -> OPERATOR.word;
      case UNKNOWN -> null;
    };
  }
}
