package io.eniipamd.domain.condition;

/** The conditions of a {@code VpcIP}. */
public enum AddressConditions implements ConditionType {
  ATTACHED(
      "Attached",
      "True while the cloud has the address on the ENI that the record names. False says why it has"
          + " not."),
  RESERVED(
      "Reserved",
      "True while the cloud reserves an address that is on no ENI (reserve-retained-ips). Unknown"
          + " while the operator asks for that; False after the reservation has ended.");

  private final String word;
  private final String meaning;

  AddressConditions(String word, String meaning) {
    this.word = word;
    this.meaning = meaning;
  }

  @Override
  public String word() {
    return word;
  }

  @Override
  public ObjectKind on() {
    return ObjectKind.ADDRESS;
  }

  @Override
  public String meaning() {
    return meaning;
  }
}
