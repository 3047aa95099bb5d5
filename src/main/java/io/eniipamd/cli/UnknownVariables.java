package io.eniipamd.cli;

import io.eniipamd.config.ConfigKey;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Finds environment variables that look like settings of the operator and are none: if ignored, a
 * mistyped one would leave the default in force without notice.
 */
public final class UnknownVariables {

  private static final String PREFIX = "ENI_IPAMD_";

  // What the kubelet sets for a Service whose name begins with "eni-ipamd".
  private static final Predicate<String> OF_A_SERVICE =
      Pattern.compile(
              "ENI_IPAMD_(\\w+_)?"
                  + "(SERVICE_HOST|SERVICE_PORT(_\\w+)?"
                  + "|PORT(_\\d+_(TCP|UDP|SCTP)(_(ADDR|PORT|PROTO))?)?)")
          .asMatchPredicate();

  private static final List<String> KNOWN =
      Arrays.stream(ConfigKey.values()).map(ConfigKey::environmentVariable).toList();

  private UnknownVariables() {}

  /**
   * One line for each.
   *
   * @param names the names of all environment variables of the process
   */
  public static List<String> problems(Collection<String> names) {
    return names.stream()
        .filter(name -> name.startsWith(PREFIX) && !KNOWN.contains(name))
        .filter(OF_A_SERVICE.negate())
        .sorted()
        .map(UnknownVariables::problem)
        .toList();
  }

  private static String problem(String name) {
    return NearestFlag.to(name.substring(PREFIX.length()), shortNames())
        .map(
            nearest ->
                "the environment variable %s is not known: did you mean %s? Rename it, or remove it"
                    .formatted(name, PREFIX + nearest))
        .orElseGet(() -> "the environment variable %s is not known: remove it".formatted(name));
  }

  // Without what all begin with, so that a short one is not near to all.
  private static List<String> shortNames() {
    return KNOWN.stream().map(name -> name.substring(PREFIX.length())).toList();
  }
}
