package io.eniipamd.kube.address;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FullPlacesTest {
  private long now = Long.MAX_VALUE - Duration.ofSeconds(30).toNanos();
  private final FullPlaces full = new FullPlaces(() -> now);

  @Test
  void shouldRememberForAWhileThatAnEniIsFullWhereverTheClockStands() {
    full.note("eni-1");

    now += FullPlaces.FOR.minusSeconds(1).toNanos();
    assertThat(full.isFull("eni-1")).isTrue();
    assertThat(full.isFull("eni-2")).isFalse();
    now += Duration.ofSeconds(1).toNanos();
    assertThat(full.isFull("eni-1")).isFalse();
  }

  @Test
  void shouldRememberNoMoreThanItMayAndForgetTheOldForTheNew() {
    IntStream.range(0, FullPlaces.MOST).forEach(i -> full.note("eni-" + i));
    full.note("eni-more");
    assertThat(full.isFull("eni-more")).isFalse();

    now += FullPlaces.FOR.toNanos();
    full.note("eni-more");

    assertThat(full.isFull("eni-more")).isTrue();
  }
}
