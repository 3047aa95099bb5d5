package io.eniipamd.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigurationPageTest {

  private static final Path PAGE = Path.of("docs", "configuration.md");
  private static final Path FRESH = Path.of("target", "docs", "configuration.md");

  @Test
  void shouldBeWhatTheListOfKeysSaysWhenItIsCheckedIn() throws IOException {
    Files.createDirectories(FRESH.getParent());
    Files.writeString(FRESH, ConfigurationPage.text());

    assertThat(PAGE)
        .as("%s is stale; the fresh page is %s: copy it over", PAGE, FRESH)
        .hasSameTextualContentAs(FRESH);
  }
}
