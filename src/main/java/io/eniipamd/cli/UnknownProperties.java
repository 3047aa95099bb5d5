package io.eniipamd.cli;

import io.eniipamd.config.ConfigKey;
import io.eniipamd.config.IpamdConfig;
import java.util.Arrays;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * Finds properties that look like settings of the operator and are none: if ignored, a mistyped one
 * would leave the default in force without notice.
 */
public final class UnknownProperties {

  private static final String PREFIX = IpamdConfig.PREFIX + ".";

  private static final List<String> KNOWN =
      Arrays.stream(ConfigKey.values()).map(ConfigKey::key).toList();

  private UnknownProperties() {}

  /**
   * One line for each.
   *
   * @param names the names of all properties that are set anywhere
   */
  public static List<String> problems(Iterable<String> names) {
    return StreamSupport.stream(names.spliterator(), false)
        .filter(name -> name.startsWith(PREFIX))
        .map(name -> name.substring(PREFIX.length()))
        .filter(key -> !KNOWN.contains(key))
        .distinct()
        .sorted()
        .map(UnknownProperties::problem)
        .toList();
  }

  private static String problem(String key) {
    return NearestFlag.to(key, KNOWN)
        .map(
            nearest ->
                "the property %s is not known: did you mean %s? Rename it, or remove it"
                    .formatted(PREFIX + key, PREFIX + nearest))
        .orElseGet(() -> "the property %s is not known: remove it".formatted(PREFIX + key));
  }
}
