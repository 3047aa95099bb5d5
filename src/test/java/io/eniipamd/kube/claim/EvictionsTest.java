package io.eniipamd.kube.claim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EvictionsTest {
  private final Evictions evictions = new Evictions();

  @Test
  void shouldHaveOneMakeRoomForOneOnly() {
    assertThat(evictions.ask("waits-1", "keeps-1")).isTrue();
    assertThat(evictions.ask("waits-1", "keeps-1")).isTrue();
    assertThat(evictions.ask("waits-2", "keeps-1")).isFalse();

    assertThat(evictions.wanted("keeps-1")).isTrue();
    assertThat(evictions.askedFor("waits-1")).contains("keeps-1");
    assertThat(evictions.askedFor("waits-2")).isEmpty();
  }

  @Test
  void shouldWantTheFirstNoMoreWhenAnotherOneIsAskedForTheSameClaim() {
    evictions.ask("waits-1", "keeps-1");
    evictions.ask("waits-1", "keeps-2");

    assertThat(evictions.wanted("keeps-1")).isFalse();
    assertThat(evictions.wanted("keeps-2")).isTrue();
  }

  @Test
  void shouldForgetBothWhenEitherIsOver() {
    evictions.ask("waits-1", "keeps-1");
    evictions.ask("waits-2", "keeps-2");

    evictions.done("keeps-1");
    evictions.forget("waits-2");

    assertThat(evictions.wanted("keeps-1")).isFalse();
    assertThat(evictions.askedFor("waits-1")).isEmpty();
    assertThat(evictions.wanted("keeps-2")).isFalse();
    assertThat(evictions.ask("waits-3", "keeps-2")).isTrue();
  }
}
