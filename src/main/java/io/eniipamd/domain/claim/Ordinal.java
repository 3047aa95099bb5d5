package io.eniipamd.domain.claim;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A Pod's name as a StatefulSet makes it: the set's name, a hyphen and the ordinal.
 *
 * @param set the name of the StatefulSet
 * @param number its place, from the set's {@code ordinals.start} on
 */
public record Ordinal(String set, int number) {

  /** No sign and no leading zero, as the StatefulSet controller writes it. */
  private static final Pattern NAME = Pattern.compile("(.+)-(0|[1-9][0-9]{0,8})");

  /** Reads a Pod's name; empty where no StatefulSet would give it. */
  public static Optional<Ordinal> of(String podName) {
    var parts = NAME.matcher(podName);
    return parts.matches()
        ? Optional.of(new Ordinal(parts.group(1), Integer.parseInt(parts.group(2))))
        : Optional.empty();
  }

  /** Whether a set with these ordinals has it. */
  public boolean within(int start, int replicas) {
    return number >= start && number - start < replicas;
  }
}
