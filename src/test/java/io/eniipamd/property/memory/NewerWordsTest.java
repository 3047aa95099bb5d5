package io.eniipamd.property.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.property.Action;
import io.eniipamd.property.Move;
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
    play(new Action.CreatePod(0, Action.Policy.FIXED));
    play(new Action.Work(200));
    play(new Action.DeletePod(SOLO));
    play(new Action.Work(100));
    play(new Action.LeaveNewerWord(SOLO, field));
    play(new Action.DeleteClaim(SOLO));

    // when
    play(new Action.Restart());
    play(new Action.CreatePod(1, Action.Policy.IMMEDIATE));
    play(new Action.Work(400));

    // then
    assertThat(world.broken()).as(() -> String.join("\n", world.story())).isEmpty();
    assertThat(world.addressOf(Cluster.NAMES.get(SOLO))).isNotEmpty();
    assertThat(world.addressOf(Cluster.NAMES.get(SOLO + 1)))
        .isNotEmpty()
        .isNotEqualTo(world.addressOf(Cluster.NAMES.get(SOLO)));
    assertThat(world.events()).anyMatch(e -> e.contains("that this version does not know"));
    world.settle();
    assertThat(world.broken()).as(() -> String.join("\n", world.story())).isEmpty();
  }

  private void play(Action action) {
    world.play(new Move(action, 7));
  }
}
