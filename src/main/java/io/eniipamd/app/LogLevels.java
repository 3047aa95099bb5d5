package io.eniipamd.app;

import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Logger;
import org.jboss.logmanager.Level;

/** Sets the levels of the log while the operator runs. */
@Singleton
final class LogLevels {

  /**
   * The loggers whose levels are set, and the levels that they had before. The log manager forgets
   * a logger, and its level, that nobody holds.
   */
  private final Map<Logger, Optional<java.util.logging.Level>> before = new HashMap<>();

  /**
   * Sets these levels, and gives those that are not among them any more back what they had.
   *
   * @param levels the name of a package to OFF, ERROR, WARN, INFO or DEBUG
   */
  synchronized void set(Map<String, String> levels) {
    before
        .entrySet()
        .removeIf(
            set -> {
              boolean over = !levels.containsKey(set.getKey().getName());
              if (over) {
                set.getKey().setLevel(set.getValue().orElse(null));
              }
              return over;
            });
    levels.forEach(
        (name, level) -> {
          var logger = Logger.getLogger(name);
          before.computeIfAbsent(logger, l -> Optional.ofNullable(l.getLevel()));
          logger.setLevel(levelOf(level));
        });
  }

  private static java.util.logging.Level levelOf(String word) {
    return switch (word) {
      case "OFF" -> Level.OFF;
      case "ERROR" -> Level.ERROR;
      case "WARN" -> Level.WARN;
      case "INFO" -> Level.INFO;
      case "DEBUG" -> Level.DEBUG;
      default -> throw new IllegalArgumentException("%s is no level of the log".formatted(word));
    };
  }
}
