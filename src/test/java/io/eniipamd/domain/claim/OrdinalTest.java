package io.eniipamd.domain.claim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrdinalTest {

  @ParameterizedTest
  @CsvSource({
    "web-0, web, 0",
    "my-web-12, my-web, 12",
    "web-0-1, web-0, 1",
    "a-999999999, a, 999999999"
  })
  void shouldReadSetAndNumberWhenAStatefulSetGaveTheName(String name, String set, int number) {
    assertThat(Ordinal.of(name)).contains(new Ordinal(set, number));
  }

  @ParameterizedTest
  @ValueSource(strings = {"web", "web-", "-0", "web-01", "web-x1", "web--", "web-1234567890"})
  void shouldReadNothingWhenNoStatefulSetWouldGiveTheName(String name) {
    assertThat(Ordinal.of(name)).isEmpty();
  }

  @Test
  void shouldBeWithinWhenTheSetHasIt() {
    assertThat(new Ordinal("web", 0).within(0, 1)).isTrue();
    assertThat(new Ordinal("web", 1).within(0, 1)).isFalse();
    assertThat(new Ordinal("web", 4).within(5, 3)).isFalse();
    assertThat(new Ordinal("web", 7).within(5, 3)).isTrue();
    assertThat(new Ordinal("web", 8).within(5, 3)).isFalse();
    assertThat(new Ordinal("web", 0).within(0, 0)).isFalse();
    assertThat(new Ordinal("web", 5).within(5, Integer.MAX_VALUE)).isTrue();
  }
}
