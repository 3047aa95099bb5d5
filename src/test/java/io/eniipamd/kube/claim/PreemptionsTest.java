package io.eniipamd.kube.claim;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PreemptionsTest {
  private final Preemptions preemptions = new Preemptions();

  @Test
  void shouldHaveOneMakeRoomForOneOnly() {
    assertThat(preemptions.ask("waits-1", "keeps-1")).isTrue();
    assertThat(preemptions.ask("waits-1", "keeps-1")).isTrue();
    assertThat(preemptions.ask("waits-2", "keeps-1")).isFalse();

    assertThat(preemptions.wanted("keeps-1")).isTrue();
    assertThat(preemptions.askedFor("waits-1")).contains("keeps-1");
    assertThat(preemptions.askedFor("waits-2")).isEmpty();
  }

  @Test
  void shouldWantTheFirstNoMoreWhenAnotherOneIsAskedForTheSameClaim() {
    preemptions.ask("waits-1", "keeps-1");
    preemptions.ask("waits-1", "keeps-2");

    assertThat(preemptions.wanted("keeps-1")).isFalse();
    assertThat(preemptions.wanted("keeps-2")).isTrue();
  }

  @Test
  void shouldForgetBothWhenEitherIsOver() {
    preemptions.ask("waits-1", "keeps-1");
    preemptions.ask("waits-2", "keeps-2");

    preemptions.done("keeps-1");
    preemptions.forget("waits-2");

    assertThat(preemptions.wanted("keeps-1")).isFalse();
    assertThat(preemptions.askedFor("waits-1")).isEmpty();
    assertThat(preemptions.wanted("keeps-2")).isFalse();
    assertThat(preemptions.ask("waits-3", "keeps-2")).isTrue();
  }
}
