package io.eniipamd.api.crd;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.testing.GeneratedFile;
import io.fabric8.crdv2.generator.CRDGenerator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The CRDs are a public interface, so they are checked in: a change of a schema is read in review.
 */
@Tag(GeneratedFile.TAG)
class CrdFilesTest {
  private static final Path CHECKED_IN = Path.of("src", "main", "kubernetes", "crds");

  @TempDir Path generated;

  @Test
  void shouldMatchTheTypesWhenCheckedIn() throws IOException {
    new CRDGenerator()
        .customResourceClasses(VpcIPClaim.class, VpcIP.class, NodeENIConfig.class)
        .forCRDVersions("v1")
        .withPostProcessor(new CrdCompletion())
        .inOutputDir(generated.toFile())
        .detailedGenerate();

    for (String name : names(generated)) {
      new GeneratedFile(CHECKED_IN.resolve(name)).mustBe(Files.readString(generated.resolve(name)));
    }
    assertThat(names(CHECKED_IN))
        .as("%s has files that no type generates: delete them", CHECKED_IN)
        .isEqualTo(names(generated));
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
