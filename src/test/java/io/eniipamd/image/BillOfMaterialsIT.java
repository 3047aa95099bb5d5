package io.eniipamd.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.Gson;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The bill of materials of the build against what was packaged. */
class BillOfMaterialsIT {
  private static final Path BILL = Path.of("target/bom.json");
  private static final Path LIBRARIES = Path.of("target/quarkus-app/lib");

  @Test
  void shouldNameEveryLibraryWhenTheProgramIsPackaged() throws IOException {
    // Quarkus names a file by group, artifact and version, and perhaps a classifier.
    var named =
        components().stream()
            .map(c -> "%s.%s-%s".formatted(text(c, "group"), text(c, "name"), text(c, "version")))
            .toList();

    try (var files = Files.walk(LIBRARIES)) {
      var packaged =
          files.map(file -> file.getFileName().toString()).filter(name -> name.endsWith(".jar"));
      assertThat(packaged)
          .isNotEmpty()
          .allMatch(
              file ->
                  named.stream()
                      .anyMatch(name -> file.equals(name + ".jar") || file.startsWith(name + "-")));
    }
  }

  @Test
  void shouldNameTheSdkOfTheCloudWhenItIsSlicedIntoTheProgram() throws IOException {
    assertThat(components())
        .anyMatch(
            component ->
                text(component, "name").equals("tencentcloud-sdk-java")
                    && component.has("licenses"));
  }

  @Test
  void shouldNameNothingOfTheTestsWhenItIsMade() throws IOException {
    assertThat(components())
        .extracting(component -> text(component, "name"))
        .doesNotContain("junit-jupiter", "assertj-core", "jib-core", "archunit");
  }

  private static List<JsonObject> components() throws IOException {
    var bill = new Gson().fromJson(Files.readString(BILL), JsonObject.class);
    return bill.getAsJsonArray("components").asList().stream()
        .map(component -> component.getAsJsonObject())
        .toList();
  }

  private static String text(JsonObject component, String field) {
    return component.has(field) ? component.get(field).getAsString() : "";
  }
}
