package io.eniipamd.simulator.model;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An IPv4 address; ordered as a number. */
public record Ipv4(long bits) implements Comparable<Ipv4> {
  private static final Pattern DOTTED =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})");
  private static final int OCTETS = 4;

  public Ipv4 {
    if (bits < 0 || bits > 0xFFFF_FFFFL) {
      throw new IllegalArgumentException("not an IPv4 address: " + bits);
    }
  }

  /** The address of a dotted text, or empty. */
  public static Optional<Ipv4> parse(String text) {
    Matcher m = DOTTED.matcher(text);
    if (!m.matches()) {
      return Optional.empty();
    }
    long bits = 0;
    for (int i = 1; i <= OCTETS; i++) {
      int octet = Integer.parseInt(m.group(i));
      if (octet > 255) {
        return Optional.empty();
      }
      bits = bits << 8 | octet;
    }
    return Optional.of(new Ipv4(bits));
  }

  /**
   * The address of a dotted text.
   *
   * @throws IllegalArgumentException when it is none
   */
  public static Ipv4 of(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("not an IPv4 address: " + text));
  }

  @Override
  public int compareTo(Ipv4 other) {
    return Long.compare(bits, other.bits);
  }

  @Override
  public String toString() {
    return (bits >> 24) + "." + (bits >> 16 & 255) + "." + (bits >> 8 & 255) + "." + (bits & 255);
  }
}
