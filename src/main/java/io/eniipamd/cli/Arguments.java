package io.eniipamd.cli;

import io.eniipamd.config.ConfigGroup;
import io.eniipamd.config.ConfigKey;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgGroupSpec;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Reads the container's arguments: {@code --flag=value}, {@code --flag value}, and switches alone.
 * The flags are built from the list of keys at run time, without annotations, so that there is one
 * list and nothing to reflect on.
 */
public final class Arguments {

  private static final String HELP = "--help";
  private static final String VERSION = "--version";
  private static final String PRINT_CONFIG = "--print-config";
  private static final int WIDTH = 100;

  private static final List<String> FLAGS =
      Stream.concat(
              Arrays.stream(ConfigKey.values()).map(ConfigKey::flag),
              Stream.of(HELP, VERSION, PRINT_CONFIG))
          .toList();

  private Arguments() {}

  /** Reads them; never throws. */
  public static Invocation read(String... arguments) {
    try {
      var result = parser().parseArgs(arguments);
      if (result.hasMatchedOption(HELP)) {
        return new Invocation.Help(help());
      }
      if (result.hasMatchedOption(VERSION)) {
        return new Invocation.Version();
      }
      return result.hasMatchedOption(PRINT_CONFIG)
          ? new Invocation.PrintConfig(flags(result))
          : new Invocation.Run(flags(result));
    } catch (ParameterException e) {
      return new Invocation.Refused(problem(e));
    }
  }

  private static EnumMap<ConfigKey, String> flags(ParseResult result) {
    var flags = new EnumMap<ConfigKey, String>(ConfigKey.class);
    for (var key : ConfigKey.values()) {
      if (result.hasMatchedOption(key.flag())) {
        flags.put(key, result.matchedOptionValue(key.flag(), ""));
      }
    }
    return flags;
  }

  // The picocli texts name its own notions ("parameter", "index"); these name flags, and never the
  // value of an argument that belongs to no flag: it may be a secret that slipped.
  private static String problem(ParameterException problem) {
    return switch (problem) {
      case UnmatchedArgumentException unmatched -> unknown(unmatched);
      case MissingParameterException missing -> missing(missing);
      case OverwrittenOptionException twice ->
          "%s is given twice: remove one".formatted(flag(twice.getOverwritten()));
      default -> "the arguments cannot be read: see %s".formatted(HELP);
    };
  }

  private static String unknown(UnmatchedArgumentException unmatched) {
    var argument = unmatched.getUnmatched().getFirst();
    if (!argument.startsWith("-")) {
      return "an argument belongs to no flag: begin every flag with --, see %s".formatted(HELP);
    }
    var name = argument.split("=", 2)[0];
    return NearestFlag.to(name, FLAGS)
        .map(flag -> "%s is not known: did you mean %s? See %s".formatted(name, flag, HELP))
        .orElseGet(() -> "%s is not known: see %s".formatted(name, HELP));
  }

  private static String missing(MissingParameterException missing) {
    var flag = flag(missing.getMissing().getFirst());
    return Arrays.stream(ConfigKey.values())
        .filter(key -> key.flag().equals(flag))
        .map(key -> "%s needs a value: %s".formatted(flag, key.bound()))
        .findFirst()
        .orElse("%s needs a value: see %s".formatted(flag, HELP));
  }

  private static String flag(ArgSpec option) {
    return option instanceof OptionSpec named ? named.longestName() : "a flag";
  }

  private static CommandLine parser() {
    var spec = CommandSpec.create();
    for (var key : ConfigKey.values()) {
      spec.addOption(option(key));
    }
    return new CommandLine(common(spec))
        .setExpandAtFiles(false)
        .setUnmatchedOptionsAllowedAsOptionParameters(false);
  }

  /** Has no width, and {@link java.text.BreakIterator} breaks no line at it. */
  private static final String NO_BREAK = "\uFEFF";

  private static String help() {
    var spec = CommandSpec.create().name("tke-eni-ipamd");
    for (var group : ConfigGroup.values()) {
      spec.addArgGroup(options(group));
    }
    spec.usageMessage()
        .width(WIDTH)
        .abbreviateSynopsis(true)
        .sortOptions(false)
        .description(
            "",
            unbroken(
                "Gives the Pods of a VPC-CNI cluster their addresses, retains those of stateful Pods,"
                    + " and releases them. Every flag can also be an environment variable (--cluster-id as"
                    + " ENI_IPAMD_CLUSTER_ID) or a line of application.properties (eni-ipamd.cluster-id)."
                    + " An argument overrides the variable, which overrides the file."))
        .footer("", "A bad value stops startup with exit code 2.");
    return new CommandLine(common(spec))
        .getUsageMessage(CommandLine.Help.Ansi.OFF)
        .replace(NO_BREAK, "");
  }

  /**
   * The same text with a mark where picocli must not begin a new line: within a name or a URL. A
   * user copies these from the help.
   */
  private static String unbroken(String text) {
    return text.replaceAll("(?<=[^\\p{Alnum}\\s])(?=\\S)", NO_BREAK);
  }

  private static CommandSpec common(CommandSpec spec) {
    return spec.addOption(
            OptionSpec.builder(HELP, "-h")
                .description("Print this help and exit.")
                .usageHelp(true)
                .build())
        .addOption(
            OptionSpec.builder(VERSION)
                .description("Print the version and exit.")
                .versionHelp(true)
                .build())
        .addOption(
            OptionSpec.builder(PRINT_CONFIG)
                .description(
                    "Print every setting with its value and its source, without secrets, and exit.")
                .build());
  }

  private static ArgGroupSpec options(ConfigGroup group) {
    var options = ArgGroupSpec.builder().exclusive(false).heading("%n" + group.title() + ":%n");
    for (var key : ConfigKey.values()) {
      if (key.group() == group) {
        options.addArg(option(key));
      }
    }
    return options.build();
  }

  private static OptionSpec option(ConfigKey key) {
    var option =
        OptionSpec.builder(key.flag())
            .type(String.class)
            .description(
                unbroken(key.description()),
                unbroken(
                    "Must be %s. %s"
                        .formatted(
                            key.bound(),
                            key.required() ? "Required." : "Default: " + key.defaultText() + ".")));
    return key.isSwitch()
        ? option.arity("0..1").fallbackValue("true").paramLabel("true|false").build()
        : option.arity("1").paramLabel("<" + key.placeholder() + ">").build();
  }
}
