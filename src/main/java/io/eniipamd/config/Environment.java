package io.eniipamd.config;

import java.nio.file.Files;
import java.nio.file.Path;

/** What a check must know of the process besides the values that were set. */
public interface Environment {

  /** Whether the environment variable is there and not blank; its value stays unread. */
  boolean hasVariable(String name);

  /** Whether there is a file or directory that this process may read. */
  boolean canRead(Path file);

  /** Those of this process. */
  static Environment ofThisProcess() {
    return new Environment() {
      @Override
      public boolean hasVariable(String name) {
        var value = System.getenv(name);
        return value != null && !value.isBlank();
      }

      @Override
      public boolean canRead(Path file) {
        return Files.isReadable(file);
      }
    };
  }
}
