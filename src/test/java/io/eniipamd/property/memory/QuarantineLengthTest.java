package io.eniipamd.property.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.property.Action;
import io.eniipamd.property.Move;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a released address stays unused. */
class QuarantineLengthTest {
  private static final int ENOUGH = 1000;

  private final InMemoryWorld world = new InMemoryWorld();

  @ParameterizedTest
  @ValueSource(ints = {-3600, -6, 6, 60, 3600})
  void shouldRestInFullWhenTheClockOfTheNextLeaderIsOff(int seconds) {
    // given
    world.play(new Action.CreatePod(0, Action.Policy.IMMEDIATE));
    world.play(new Action.Work(200));
    world.play(new Action.DeletePod(3));
    for (int i = 0; i < ENOUGH && world.quarantined().isEmpty(); i++) {
      // Another seed each time, or the same step would be drawn again and again.
      world.play(new Move(new Action.Work(1), i));
    }
    assertThat(world.quarantined()).hasSize(1);

    // when
    world.play(new Action.LocalClockJump(Duration.ofSeconds(seconds)));
    world.play(new Action.Restart());
    world.play(new Action.Work(ENOUGH));

    // then
    world.assertSound();
    assertThat(world.quarantined()).isEmpty();
  }
}
