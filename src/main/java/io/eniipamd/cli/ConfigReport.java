package io.eniipamd.cli;

import io.eniipamd.config.ConfigCheck;
import io.eniipamd.config.ConfigKey;
import io.eniipamd.config.ConfiguredValue;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The effective configuration for a reader: every setting as a flag, and where its value comes
 * from. It shows no secret: of the keys of the cloud it says whether they are set, and a value that
 * may hold one is left out, as in {@link ConfigCheck#problems}.
 */
public final class ConfigReport {
  private static final String MASK = "***";
  private static final List<String> SECRETS =
      List.of(ConfigCheck.SECRET_ID_VARIABLE, ConfigCheck.SECRET_KEY_VARIABLE);

  private record Line(String setting, String source) {}

  private ConfigReport() {}

  /**
   * Writes it, a line for each setting in the order of {@code --help}.
   *
   * @param given what the sources set
   * @param variables the names of the environment variables that are set
   */
  public static String of(Map<ConfigKey, ConfiguredValue> given, Set<String> variables) {
    var lines = Arrays.stream(ConfigKey.values()).map(key -> line(key, given.get(key))).toList();
    int width = lines.stream().mapToInt(line -> line.setting().length()).max().orElse(0);
    var settings =
        lines.stream()
            .map(line -> ("%-" + width + "s  %s%n").formatted(line.setting(), line.source()))
            .collect(Collectors.joining());
    var secrets =
        SECRETS.stream()
            .map(
                name ->
                    "%s%s%n".formatted(name, variables.contains(name) ? "=" + MASK : " is not set"))
            .collect(Collectors.joining());
    return settings + secrets;
  }

  private static Line line(ConfigKey key, ConfiguredValue value) {
    if (value == null) {
      return new Line(
          key.defaultValue().map(text -> key.flag() + "=" + text).orElse("# " + key.flag()),
          source(key, key.defaultValue().isPresent() ? "default" : key.defaultText()));
    }
    var text = key.flag() + "=" + ConfigCheck.showable(key, ConfigCheck.normalized(value.text()));
    return new Line(
        text,
        source(
            key,
            switch (value.origin()) {
              case ARGUMENT -> "argument";
              case ENVIRONMENT -> "environment variable " + key.environmentVariable();
              case FILE -> "application.properties, or a system property";
            }));
  }

  private static String source(ConfigKey key, String source) {
    return key.live() ? source + "; live: the ConfigMap overrides it" : source;
  }
}
