package io.eniipamd.controlplane;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A directory that holds every {@link Program} as an executable file.
 *
 * @param directory where they are
 */
public record Binaries(Path directory) {

  /** The path of one program. */
  public Path path(Program program) {
    return directory.resolve(program.fileName());
  }

  /** The names of the programs that a directory lacks; empty when it is complete. */
  static List<String> missingIn(Path directory) {
    return Arrays.stream(Program.values())
        .map(Program::fileName)
        .filter(name -> !Files.isExecutable(directory.resolve(name)))
        .toList();
  }
}
