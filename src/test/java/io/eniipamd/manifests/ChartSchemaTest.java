package io.eniipamd.manifests;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.testing.GeneratedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The part of {@code values.schema.json} that comes from the list of flags. */
@Tag(GeneratedFile.TAG)
class ChartSchemaTest {
  private static final String FILE = "src/main/helm/eni-ipamd/values.schema.json";
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void shouldKnowEveryFlagWhenItIsCheckedIn() throws IOException {
    var schema = JSON.readTree(Path.of(FILE).toFile());
    ((ObjectNode) schema.at("/properties/args")).set("properties", ChartArguments.properties());

    var indented = new DefaultIndenter("  ", "\n");
    var printer =
        new DefaultPrettyPrinter().withObjectIndenter(indented).withArrayIndenter(indented);
    GeneratedFile.at(FILE).mustBe(JSON.writer(printer).writeValueAsString(schema) + "\n");
  }

  @Test
  void shouldAcceptTheDefaultOfEveryFlag() {
    var properties = ChartArguments.properties();

    assertThat(ChartArguments.keys())
        .filteredOn(key -> properties.get(key.key()).has("pattern"))
        .filteredOn(key -> key.defaultValue().isPresent())
        .allSatisfy(
            key ->
                assertThat(key.defaultValue().orElseThrow())
                    .matches(
                        Pattern.compile(properties.get(key.key()).get("pattern").asText())
                            .asPredicate()));
  }
}
