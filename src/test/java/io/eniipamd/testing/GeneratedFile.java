package io.eniipamd.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that is generated from the code and checked in, so that a review shows what changes in it.
 * One command writes all of them: {@value #COMMAND}. It runs the tests that have the tag {@value
 * #TAG}.
 *
 * @param path from the root of the repository
 */
public record GeneratedFile(Path path) {

  /** Of every test that holds such a file against the code. */
  public static final String TAG = "generated";

  /** Writes all generated files again. */
  public static final String COMMAND = "./mvnw -Pgenerate";

  /** The file at this path, from the root of the repository. */
  public static GeneratedFile at(String path) {
    return new GeneratedFile(Path.of(path));
  }

  /**
   * Fails when the checked-in file differs from this text. Under {@value #COMMAND} the file is
   * written first.
   *
   * @throws IOException when the file cannot be read or written
   */
  public void mustBe(String text) throws IOException {
    if (Boolean.getBoolean("generate")) {
      Files.createDirectories(path.getParent());
      Files.writeString(path, text);
    }
    assertThat(path).as("%s is missing: run %s", path, COMMAND).exists();
    assertThat(Files.readString(path))
        .as("%s is stale: run %s and commit what it changes", path, COMMAND)
        .isEqualTo(text);
  }
}
