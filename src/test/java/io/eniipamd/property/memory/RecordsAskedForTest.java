package io.eniipamd.property.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.property.Action;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** When the API server is asked for the records of a claim that holds none by the cache. */
class RecordsAskedForTest {
  private static final int SOLO = 3;
  private static final String NAME = Cluster.NAMES.get(SOLO);

  private final InMemoryWorld world = new InMemoryWorld();

  @Test
  void shouldAskForNoRecordsWhenAPodIsDeletedBeforeItWasScheduled() {
    // given
    world.play(new Action.Pass(Duration.ofMinutes(2)));
    long before = world.recordLists();

    // when
    world.createPodWithoutNode(NAME, Action.Policy.IMMEDIATE);
    world.play(new Action.Work(60));
    assertThat(world.claims()).containsExactly(NAME);
    world.play(new Action.ForceDeletePod(SOLO));
    world.settle();

    // then
    world.assertSound();
    assertThat(world.claims()).isEmpty();
    assertThat(world.recordLists()).isEqualTo(before);
  }

  @Test
  void shouldGiveTheAddressBackWhenTheAnswerToItsCreationWasLostAndThePodHasGone() {
    // given
    world.play(new Action.Pass(Duration.ofMinutes(2)));
    world.play(new Action.WatchBreaks(Action.WatchedKind.ADDRESSES));

    // when
    world.loseTheAnswerToTheNextRecord();
    world.play(new Action.CreatePod(0, Action.Policy.IMMEDIATE));
    world.play(new Action.Work(60));
    world.play(new Action.ForceDeletePod(SOLO));
    world.settle();

    // then
    world.assertSound();
    assertThat(world.claims()).isEmpty();
    assertThat(world.records()).hasSize(2);
  }
}
