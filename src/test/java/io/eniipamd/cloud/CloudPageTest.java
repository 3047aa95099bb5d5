package io.eniipamd.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class CloudPageTest {

  private static final Path PAGE = Path.of("docs", "cloud.md");

  private static final Pattern ROW =
      Pattern.compile("\\| `([A-Z]\\w+)` \\| (vpc|cvm) \\| (\\d*) ?\\| .+ \\|");

  @Test
  void shouldNameEveryCallWithItsLimitWhenARightIsAskedFor() throws IOException {
    List<String> rows =
        Files.readAllLines(PAGE).stream()
            .map(ROW::matcher)
            .filter(row -> row.matches())
            .map(row -> String.join(" ", row.group(1), row.group(2), row.group(3)).strip())
            .toList();

    assertThat(rows)
        .containsExactlyInAnyOrderElementsOf(
            Arrays.stream(CloudAction.values()).map(CloudPageTest::row).toList());
  }

  private static String row(CloudAction action) {
    var limit = action.documentedPerSecond();
    return String.join(
            " ",
            action.apiName(),
            action.family().name().toLowerCase(Locale.ROOT),
            limit.isPresent() ? Integer.toString(limit.getAsInt()) : "")
        .strip();
  }
}
