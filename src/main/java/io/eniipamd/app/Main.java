package io.eniipamd.app;

import io.eniipamd.cli.Arguments;
import io.eniipamd.cli.ConfigReport;
import io.eniipamd.cli.Invocation;
import io.eniipamd.cli.UnknownProperties;
import io.eniipamd.cli.UnknownVariables;
import io.eniipamd.config.ConfigCheck;
import io.eniipamd.config.ConfigKey;
import io.eniipamd.config.ConfiguredValue;
import io.eniipamd.config.Environment;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.smallrye.config.Expressions;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Reads the arguments, checks all that is set, and runs. A bad value ends the process with code 2
 * before it has started anything or sent any request.
 */
@QuarkusMain
public final class Main {

  /** The exit code where the arguments or the settings are at fault, as is usual. */
  private static final int BAD_USAGE = 2;

  private static final String APPLICATION = "tke-eni-ipamd";

  // From the manifest of the jar; read while a native image is built, where there is a jar still.
  private static final String VERSION =
      Objects.requireNonNullElse(Main.class.getPackage().getImplementationVersion(), "unknown");

  Main() {}

  /** The entry point. */
  @SuppressWarnings("SystemOut") // The answers of a command line belong there.
  public static void main(String... arguments) {
    switch (Arguments.read(arguments)) {
      case Invocation.Help(var text) -> System.out.print(text);
      case Invocation.Version() -> System.out.println(APPLICATION + " " + VERSION);
      case Invocation.PrintConfig(var flags) -> print(flags);
      case Invocation.Refused(var problem) -> refuse(List.of(problem));
      case Invocation.Run(var flags) -> run(flags);
    }
  }

  /** What would be in force, and then what is wrong with it, as a start would say. */
  @SuppressWarnings("SystemOut") // The answer of a command line belongs there.
  private static void print(Map<ConfigKey, String> flags) {
    var given = given(flags, ConfigProvider.getConfig());
    System.out.print(ConfigReport.of(given, System.getenv().keySet()));
    var problems = problems(given);
    if (!problems.isEmpty()) {
      refuse(problems);
    }
  }

  private static List<String> problems(Map<ConfigKey, ConfiguredValue> given) {
    var problems = new ArrayList<>(UnknownVariables.problems(System.getenv().keySet()));
    problems.addAll(UnknownProperties.problems(ConfigProvider.getConfig().getPropertyNames()));
    problems.addAll(ConfigCheck.problems(given, Environment.ofThisProcess()));
    return problems;
  }

  private static void run(Map<ConfigKey, String> flags) {
    var given = given(flags, ConfigProvider.getConfig());
    var problems = problems(given);
    if (!problems.isEmpty()) {
      refuse(problems);
    } else {
      // What was checked is what is read: system properties go before every other source.
      given.forEach(
          (key, value) -> System.setProperty(key.property(), ConfigCheck.normalized(value.text())));
      Quarkus.run();
    }
  }

  private static Map<ConfigKey, ConfiguredValue> given(
      Map<ConfigKey, String> flags, Config config) {
    var given = new EnumMap<ConfigKey, ConfiguredValue>(ConfigKey.class);
    for (var key : ConfigKey.values()) {
      if (flags.containsKey(key)) {
        given.put(key, new ConfiguredValue(flags.get(key), ConfiguredValue.Origin.ARGUMENT));
        continue;
      }
      var written = Expressions.withoutExpansion(() -> config.getConfigValue(key.property()));
      if (written.getRawValue() != null) {
        var origin =
            System.getenv(key.environmentVariable()) != null
                ? ConfiguredValue.Origin.ENVIRONMENT
                : ConfiguredValue.Origin.FILE;
        given.put(key, new ConfiguredValue(expanded(key, written.getValue(), config), origin));
      }
    }
    return given;
  }

  /** What is written, with the variables that it names; as it is where one of them is not set. */
  private static String expanded(ConfigKey key, String written, Config config) {
    try {
      return config.getOptionalValue(key.property(), String.class).orElse(written);
    } catch (NoSuchElementException | IllegalArgumentException _) {
      return written;
    }
  }

  @SuppressWarnings("SystemOut") // No log is set up yet, and a person reads this.
  private static void refuse(List<String> problems) {
    problems.forEach(problem -> System.err.println(APPLICATION + ": " + problem));
    System.exit(BAD_USAGE);
  }
}
