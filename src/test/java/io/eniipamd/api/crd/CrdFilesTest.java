package io.eniipamd.api.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.fabric8.crdv2.generator.CRDGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The CRDs are a public interface, so they are checked in: a change of a schema is read in review.
 * {@code ./mvnw test -Dtest=CrdFilesTest -Dcrds.write} writes them from the types.
 */
class CrdFilesTest {
  private static final Path CHECKED_IN = Path.of("src", "main", "kubernetes", "crds");

  @TempDir Path generated;

  @Test
  void shouldMatchTheTypesWhenCheckedIn() {
    new CRDGenerator()
        .customResourceClasses(VpcIPClaim.class, VpcIP.class, NodeENIConfig.class)
        .forCRDVersions("v1")
        .withPostProcessor(new CrdCompletion())
        .inOutputDir(generated.toFile())
        .detailedGenerate();
    if (Boolean.getBoolean("crds.write") || "".equals(System.getProperty("crds.write"))) {
      write();
    }

    assertThat(contents(CHECKED_IN))
        .as("run ./mvnw test -Dtest=CrdFilesTest -Dcrds.write")
        .containsExactlyInAnyOrderEntriesOf(contents(generated));
  }

  private void write() {
    try {
      Files.createDirectories(CHECKED_IN);
      for (Map.Entry<String, String> file : contents(generated).entrySet()) {
        Files.writeString(CHECKED_IN.resolve(file.getKey()), file.getValue());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + CHECKED_IN, e);
    }
  }

  private static Map<String, String> contents(Path directory) {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        contents.put(file.getFileName().toString(), Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + directory, e);
    }
    return contents;
  }
}
