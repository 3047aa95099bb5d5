package io.eniipamd.domain.address;

import inet.ipaddr.AddressStringException;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;

/**
 * One IPv4 address.
 *
 * @param bits the 32 bits in network order, as an {@code int} whose sign carries no meaning
 */
public record Ip(int bits) implements Comparable<Ip> {

  /** Four decimal octets and nothing else: "10.1" and "0x0a.0.0.1" are typing errors here. */
  private static final IPAddressStringParameters DOTTED_QUAD =
      new IPAddressStringParameters.Builder()
          .allowAll(false)
          .allowEmpty(false)
          .allowPrefix(false)
          .allowMask(false)
          .allowPrefixOnly(false)
          .allowWildcardedSeparator(false)
          .allowSingleSegment(false)
          .allowIPv6(false)
          .getIPv4AddressParametersBuilder()
          .allow_inet_aton(false)
          .allowLeadingZeros(false)
          .getParentBuilder()
          .toParams();

  /**
   * Reads a dotted quad.
   *
   * @throws IllegalArgumentException where the text is anything else; the message quotes it
   */
  public static Ip parse(String text) {
    try {
      var address = new IPAddressString(text, DOTTED_QUAD).toAddress();
      if (address == null || !address.isIPv4() || address.isMultiple()) {
        throw new IllegalArgumentException(
            "\"" + text + "\" is not an IPv4 address such as 10.0.1.7");
      }
      return new Ip(address.toIPv4().intValue());
    } catch (AddressStringException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not an IPv4 address such as 10.0.1.7", e);
    }
  }

  /** The address as an unsigned number from 0 to 2³²−1. */
  public long asLong() {
    return Integer.toUnsignedLong(bits);
  }

  @Override
  public int compareTo(Ip other) {
    return Integer.compareUnsigned(bits, other.bits);
  }

  /** The dotted quad, which is the name of the address's {@code VpcIP} too. */
  @Override
  public String toString() {
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 255)
        + "."
        + (bits >>> 8 & 255)
        + "."
        + (bits & 255);
  }
}
