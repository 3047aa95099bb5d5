package io.eniipamd.domain.address;

import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IncompatibleAddressException;

/**
 * The address range of a subnet.
 *
 * @param network the first address of the range
 * @param prefixLength bits of the network part, 0 to 32
 */
public record Cidr(Ip network, int prefixLength) {

  /**
   * Reads {@code 10.0.1.0/24}.
   *
   * @throws IllegalArgumentException where the text is anything else; the message quotes it
   */
  public static Cidr parse(String text) {
    try {
      var address = new IPAddressString(text).toAddress();
      if (address == null || !address.isIPv4() || address.getNetworkPrefixLength() == null) {
        throw new IllegalArgumentException(
            "\"" + text + "\" is not an IPv4 CIDR such as 10.0.1.0/24");
      }
      return new Cidr(
          new Ip(address.toPrefixBlock().getLower().toIPv4().intValue()),
          address.getNetworkPrefixLength());
    } catch (AddressStringException | IncompatibleAddressException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not an IPv4 CIDR such as 10.0.1.0/24", e);
    }
  }

  /** The number of addresses in the range, the reserved ones included. */
  public long size() {
    return 1L << (32 - prefixLength);
  }

  public boolean contains(Ip ip) {
    long offset = ip.asLong() - network.asLong();
    return offset >= 0 && offset < size();
  }

  /**
   * Whether a Pod or an ENI may have the address: in the range, and neither its first (the
   * network), its second (the gateway) nor its last (the broadcast).
   */
  public boolean usable(Ip ip) {
    long offset = ip.asLong() - network.asLong();
    return offset >= 2 && offset < size() - 1;
  }

  /** How many addresses Pods and ENIs can have: the size without the three reserved ones. */
  public long usableSize() {
    return Math.max(0, size() - 3);
  }

  /** The second address of the range, where the VPC's router answers. */
  public Ip gateway() {
    return new Ip(network.bits() + 1);
  }

  /** The address at a distance from the first one, {@code 0 <= offset < size()}. */
  public Ip at(long offset) {
    return new Ip((int) (network.asLong() + offset));
  }

  @Override
  public String toString() {
    return network + "/" + prefixLength;
  }
}
