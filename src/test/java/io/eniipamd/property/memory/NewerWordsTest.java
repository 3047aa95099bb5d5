package io.eniipamd.property.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.property.Action;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A roll-back finds objects with words that this version does not know. */
class NewerWordsTest {
  private static final int SOLO = 3;

  private final InMemoryWorld world = new InMemoryWorld();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6})
  void shouldLeaveTheObjectAloneAndServeTheOthersWhenItHasAWordOfANewerVersion(int field) {
    // given
    world.play(new Action.CreatePod(0, Action.Policy.FIXED));
    world.play(new Action.Work(200));
    world.play(new Action.DeletePod(SOLO));
    world.play(new Action.Work(100));
    world.play(new Action.LeaveNewerWord(SOLO, field));
    world.play(new Action.DeleteClaim(SOLO));

    // when
    world.play(new Action.Restart());
    world.play(new Action.CreatePod(1, Action.Policy.IMMEDIATE));
    world.play(new Action.Work(400));

    // then
    world.assertSound();
    assertThat(world.addressOf(Cluster.NAMES.get(SOLO))).isNotEmpty();
    assertThat(world.addressOf(Cluster.NAMES.get(SOLO + 1)))
        .isNotEmpty()
        .isNotEqualTo(world.addressOf(Cluster.NAMES.get(SOLO)));
    assertThat(world.events()).anyMatch(e -> e.contains("that this version does not know"));
    world.settle();
    world.assertSound();
  }
}
