package io.eniipamd.domain.condition;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConditionsPageTest {

  private static final Path PAGE = Path.of("docs", "conditions.md");
  private static final Path FRESH = Path.of("target", "docs", "conditions.md");

  @Test
  void shouldBeWhatTheDeclarationsSayWhenItIsCheckedIn() throws IOException {
    Files.createDirectories(FRESH.getParent());
    Files.writeString(FRESH, ConditionsPage.text());

    assertThat(PAGE)
        .as("%s is stale; the fresh page is %s: copy it over", PAGE, FRESH)
        .hasSameTextualContentAs(FRESH);
  }

  @Test
  void shouldAppearSomewhereWhenAReasonIsDeclared() {
    assertThat(Reason.all())
        .filteredOn(r -> r.conditions().isEmpty() && r.events().isEmpty())
        .isEmpty();
  }
}
