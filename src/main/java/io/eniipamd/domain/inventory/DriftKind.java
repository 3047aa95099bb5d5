package io.eniipamd.domain.inventory;

/** The ways in which the cloud and the records can differ. */
public enum DriftKind {
  /**
   * An ENI with the tag of this cluster that no {@code NodeENIConfig} lists and no {@code VpcIP}
   * has whose node has a {@code NodeENIConfig}.
   */
  UNOWNED_ENI("unowned_eni"),

  /** A {@code VpcIP} of type {@code ENI}, or of an ENI of a Pod's own, whose ENI does not exist. */
  ENI_GONE("eni_gone"),

  /** A secondary address on an ENI of this cluster that no {@code VpcIP} and no claim has. */
  STRAY_ADDRESS("stray_address"),

  /** A {@code VpcIP} says that its address is on an ENI, and no ENI of this cluster has it. */
  ADDRESS_MISSING("address_missing"),

  /**
   * A {@code VpcIP} says that its address is on one ENI of this cluster, and another one has it.
   */
  ADDRESS_ELSEWHERE("address_elsewhere"),

  /** Another user of the VPC has an address that a {@code VpcIP} keeps. */
  ADDRESS_TAKEN("address_taken"),

  /** A reservation of this cluster whose address no {@code VpcIP} and no claim has. */
  UNWANTED_RESERVATION("unwanted_reservation");

  private final String word;

  DriftKind(String word) {
    this.word = word;
  }

  /** As metrics and log lines name it. */
  public String word() {
    return word;
  }
}
