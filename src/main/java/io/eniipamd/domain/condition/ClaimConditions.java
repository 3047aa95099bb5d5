package io.eniipamd.domain.condition;

/** The conditions of a {@code VpcIPClaim}. */
public enum ClaimConditions implements ConditionType {
  READY(
      "Ready",
      "True while the Pod of the claim's name has its address. False while the Pod waits, and while"
          + " the address is retained for a Pod that is away."),
  VALID(
      "Valid",
      "True when the annotations of the Pod and of the claim can be read. False names the one that"
          + " cannot."),
  RELEASE_BLOCKED(
      "ReleaseBlocked",
      "True while the claim is deleted, or due for release, and something holds the release up."),
  PLACED(
      "Placed",
      "False while the address moves from one ENI to another, True after it has arrived;"
          + " absent if it has never moved.");

  private final String word;
  private final String meaning;

  ClaimConditions(String word, String meaning) {
    this.word = word;
    this.meaning = meaning;
  }

  @Override
  public String word() {
    return word;
  }

  @Override
  public ObjectKind on() {
    return ObjectKind.CLAIM;
  }

  @Override
  public String meaning() {
    return meaning;
  }
}
