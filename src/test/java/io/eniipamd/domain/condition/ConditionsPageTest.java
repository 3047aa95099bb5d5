package io.eniipamd.domain.condition;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.testing.GeneratedFile;
import java.io.IOException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag(GeneratedFile.TAG)
class ConditionsPageTest {

  @Test
  void shouldBeWhatTheDeclarationsSayWhenItIsCheckedIn() throws IOException {
    GeneratedFile.at("docs/conditions.md").mustBe(ConditionsPage.text());
  }

  @Test
  void shouldAppearSomewhereWhenAReasonIsDeclared() {
    assertThat(Reason.all())
        .filteredOn(r -> r.conditions().isEmpty() && r.events().isEmpty())
        .isEmpty();
  }

  @Test
  void shouldNameTheActorWhenItIsRead() {
    assertThat(ConditionsPage.text())
        .doesNotContainPattern("(?i)\\b(nobody|somebody|whoever|anybody|people)\\b");
  }
}
