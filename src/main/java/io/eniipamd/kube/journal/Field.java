package io.eniipamd.kube.journal;

/** What a line may say of a transition, in the order of the lines. */
enum Field {
  ADDRESS("address"),
  SUBNET("subnet"),
  CLAIM("claim"),
  POD_UID("podUID"),
  NODE("node"),
  ENI("eni"),
  /** The instance of an ENI of a Pod's own. */
  INSTANCE("instance"),
  /** Where it was before. */
  FROM("from"),
  REASON("reason"),
  /** Who or what has caused it. */
  BY("by"),
  /** When the claim gives it up. */
  UNTIL("until"),
  /** The id by which the cloud knows the request. */
  REQUEST("request");

  private final String word;

  Field(String word) {
    this.word = word;
  }

  String word() {
    return word;
  }
}
