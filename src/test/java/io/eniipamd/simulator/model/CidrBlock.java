package io.eniipamd.simulator.model;

/** A range of IPv4 addresses. */
public record CidrBlock(Ipv4 network, int prefix) {
  private static final int BITS = 32;

  public CidrBlock {
    if (prefix < 1 || prefix > BITS || network.bits() % (1L << (BITS - prefix)) != 0) {
      throw new IllegalArgumentException("not a network: " + network + "/" + prefix);
    }
  }

  /**
   * The range of a text like {@code 10.0.0.0/24}.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static CidrBlock of(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("not a CIDR block: " + text);
    }
    return new CidrBlock(
        Ipv4.of(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
  }

  /** The number of addresses, those of the platform included. */
  public long size() {
    return 1L << (BITS - prefix);
  }

  /** Whether the address lies in the range. */
  public boolean contains(Ipv4 ip) {
    long offset = ip.bits() - network.bits();
    return offset >= 0 && offset < size();
  }

  /** Whether the whole other range lies in this one. */
  public boolean contains(CidrBlock other) {
    return contains(other.network) && contains(other.at(other.size() - 1));
  }

  /** The address at an offset from the network's. */
  public Ipv4 at(long offset) {
    return new Ipv4(network.bits() + offset);
  }

  /** The offset of an address of this range. */
  public int offsetOf(Ipv4 ip) {
    return Math.toIntExact(ip.bits() - network.bits());
  }

  @Override
  public String toString() {
    return network + "/" + prefix;
  }
}
