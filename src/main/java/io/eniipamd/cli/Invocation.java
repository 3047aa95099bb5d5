package io.eniipamd.cli;

import io.eniipamd.config.ConfigKey;
import java.util.Map;

/** What the arguments ask for. */
public sealed interface Invocation {

  /**
   * To run, with these flags.
   *
   * @param flags the text of each flag that was given, as written, not checked
   */
  record Run(Map<ConfigKey, String> flags) implements Invocation {
    public Run {
      flags = Map.copyOf(flags);
    }
  }

  /**
   * To print the effective configuration.
   *
   * @param flags as those of {@link Run}
   */
  record PrintConfig(Map<ConfigKey, String> flags) implements Invocation {
    public PrintConfig {
      flags = Map.copyOf(flags);
    }
  }

  /** To say which version this is. */
  record Version() implements Invocation {}

  /**
   * To print the list of flags.
   *
   * @param text the list
   */
  record Help(String text) implements Invocation {}

  /**
   * Nothing that can be followed.
   *
   * @param problem one line: which argument, and what is accepted
   */
  record Refused(String problem) implements Invocation {}
}
