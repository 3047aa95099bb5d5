package io.eniipamd.property.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.property.Action;
import io.eniipamd.property.Move;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Pods of one name that want something else than the one before. */
class ChangedWishesTest {
  private static final int SOLO = 3;
  private static final String NAME = Cluster.NAMES.get(SOLO);

  private final InMemoryWorld world = new InMemoryWorld();

  @Test
  void shouldKeepForAsLongAsTheLastPodSaysWhenThePodBeforeSaidLess() {
    // given
    run(Action.Policy.FIXED_SHORTLY);
    run(Action.Policy.FIXED_LONGER);

    // when
    play(new Action.DeletePod(SOLO));
    world.settle();

    // then
    assertSound();
    assertThat(world.claims()).containsExactly(NAME);
  }

  @Test
  void shouldReleaseWhenTheLastPodSaysSoAndThePodBeforeSaidNothing() {
    // given
    run(Action.Policy.FIXED);
    run(Action.Policy.FIXED_SHORTLY);

    // when
    play(new Action.DeletePod(SOLO));
    world.settle();

    // then
    assertSound();
    assertThat(world.claims()).isEmpty();
  }

  @Test
  void shouldGoByTheClusterWhenTheLastPodSaysNothingAndThePodBeforeDid() {
    // given
    run(Action.Policy.FIXED_SHORTLY);
    run(Action.Policy.FIXED);

    // when
    play(new Action.DeletePod(SOLO));
    world.settle();

    // then
    assertSound();
    assertThat(world.claims()).containsExactly(NAME);
  }

  @Test
  void shouldNeverReleaseWhenTheLastPodCannotBeReadAndThePodBeforeCould() {
    // given
    play(new Action.SetFlags("10m", false));
    run(Action.Policy.FIXED_SHORTLY);
    run(Action.Policy.FIXED_UNREADABLE);

    // when
    play(new Action.DeletePod(SOLO));
    world.settle();

    // then
    assertSound();
    assertThat(world.claims()).containsExactly(NAME);
  }

  @Test
  void shouldGoByTheLastPodThatWasBoundWhenALaterOneWasNot() {
    // given
    run(Action.Policy.FIXED_LONGER);
    play(new Action.DeletePod(SOLO));
    play(new Action.Work(100));
    world.createPodWithoutNode(NAME, Action.Policy.FIXED_SHORTLY);
    play(new Action.Pass(Duration.ofMinutes(15)));

    // when
    play(new Action.ForceDeletePod(SOLO));
    play(new Action.Work(100));
    world.settle();

    // then
    assertSound();
    assertThat(world.claims()).containsExactly(NAME);
  }

  @Test
  void shouldGetTheAddressThatTheWaitingPodNominatesWhenThePodBeforeWaitedForAnother() {
    // given
    run(Action.Policy.FIXED);
    var taken = world.addressOf(NAME);
    var other = Cluster.NAMES.get(4);
    world.createPodNominating(other, taken);
    play(new Action.Work(100));
    play(new Action.ForceDeletePod(4));

    // when
    world.createPodNominating(other, "10.0.0.12");
    world.settle();

    // then
    assertSound();
    assertThat(world.addressOf(other)).isEqualTo("10.0.0.12");
  }

  private void run(Action.Policy policy) {
    play(new Action.DeletePod(SOLO));
    play(new Action.Work(100));
    play(new Action.CreatePod(0, policy));
    play(new Action.Work(200));
    assertThat(world.addressOf(NAME)).isNotEmpty();
  }

  private void assertSound() {
    assertThat(world.broken()).as(() -> String.join("\n", world.story())).isEmpty();
  }

  private void play(Action action) {
    world.play(new Move(action, 7));
  }
}
