package io.eniipamd.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.testing.GeneratedFile;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag(GeneratedFile.TAG)
class ConfigurationPageTest {

  @Test
  void shouldBeWhatTheListOfKeysSaysWhenItIsCheckedIn() throws IOException {
    GeneratedFile.at("docs/configuration.md").mustBe(ConfigurationPage.text());
  }

  @Test
  void shouldNameTheActorAndSplitNoNameWhenItIsRead() {
    assertThat(ConfigurationPage.text())
        .doesNotContainPattern("(?i)\\b(nobody|somebody|whoever|anybody|people)\\b")
        .doesNotContainPattern("[a-z]- [a-z]");
  }
}
