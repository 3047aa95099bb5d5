package io.eniipamd.property.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.property.Action;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Pods of one name that want something else than the one before. */
class ChangedRequestsTest {
  private static final int SOLO = 3;
  private static final String NAME = Cluster.NAMES.get(SOLO);

  private final InMemoryWorld world = new InMemoryWorld();

  @Test
  void shouldKeepForAsLongAsTheLastPodSaysWhenThePodBeforeSaidLess() {
    // given
    run(Action.Policy.FIXED_SHORTLY);
    run(Action.Policy.FIXED_LONGER);

    // when
    world.play(new Action.DeletePod(SOLO));
    world.settle();

    // then
    world.assertSound();
    assertThat(world.claims()).containsExactly(NAME);
  }

  @Test
  void shouldReleaseWhenTheLastPodSaysSoAndThePodBeforeSaidNothing() {
    // given
    run(Action.Policy.FIXED);
    run(Action.Policy.FIXED_SHORTLY);

    // when
    world.play(new Action.DeletePod(SOLO));
    world.settle();

    // then
    world.assertSound();
    assertThat(world.claims()).isEmpty();
  }

  @Test
  void shouldGoByTheClusterWhenTheLastPodSaysNothingAndThePodBeforeDid() {
    // given
    run(Action.Policy.FIXED_SHORTLY);
    run(Action.Policy.FIXED);

    // when
    world.play(new Action.DeletePod(SOLO));
    world.settle();

    // then
    world.assertSound();
    assertThat(world.claims()).containsExactly(NAME);
  }

  @Test
  void shouldNeverReleaseWhenTheLastPodCannotBeReadAndThePodBeforeCould() {
    // given
    world.play(new Action.SetFlags("10m", false));
    run(Action.Policy.FIXED_SHORTLY);
    run(Action.Policy.FIXED_UNREADABLE);

    // when
    world.play(new Action.DeletePod(SOLO));
    world.settle();

    // then
    world.assertSound();
    assertThat(world.claims()).containsExactly(NAME);
  }

  @Test
  void shouldGoByTheLastPodThatWasBoundWhenALaterOneWasNot() {
    // given
    run(Action.Policy.FIXED_LONGER);
    world.play(new Action.DeletePod(SOLO));
    world.play(new Action.Work(100));
    world.createPodWithoutNode(NAME, Action.Policy.FIXED_SHORTLY);
    world.play(new Action.Pass(Duration.ofMinutes(15)));

    // when
    world.play(new Action.ForceDeletePod(SOLO));
    world.play(new Action.Work(100));
    world.settle();

    // then
    world.assertSound();
    assertThat(world.claims()).containsExactly(NAME);
  }

  @Test
  void shouldReleaseWithTheLastPodThatWaitedWhenItSaysSoAndNoneWasEverBound() {
    // given: an address that is on its ENI when its Pod goes, which was not bound yet
    world.play(new Action.CreatePod(0, Action.Policy.FIXED));
    for (int i = 0; i < 500 && !isAnyAssigned(); i++) {
      world.play(new Action.Work(1));
    }
    world.play(new Action.ForceDeletePod(SOLO));
    world.play(new Action.Work(100));
    assertThat(world.statusOf(NAME, "phase")).isEqualTo("Retained");
    assertThat(world.statusOf(NAME, "podUID")).isEmpty();

    // when
    world.createPodWithoutNode(NAME, Action.Policy.IMMEDIATE);
    world.play(new Action.Work(100));
    world.play(new Action.ForceDeletePod(SOLO));
    world.settle();

    // then
    world.assertSound();
    assertThat(world.claims()).isEmpty();
  }

  @Test
  void shouldGetTheAddressThatTheWaitingPodNominatesWhenThePodBeforeWaitedForAnother() {
    // given
    run(Action.Policy.FIXED);
    var taken = world.addressOf(NAME);
    var other = Cluster.NAMES.get(4);
    world.createPodNominating(other, taken);
    world.play(new Action.Work(100));
    world.play(new Action.ForceDeletePod(4));

    // when
    world.createPodNominating(other, "10.0.0.12");
    world.settle();

    // then
    world.assertSound();
    assertThat(world.addressOf(other)).isEqualTo("10.0.0.12");
  }

  /** Whether the address of a claim was ever on its ENI. */
  private boolean isAnyAssigned() {
    return world.story().stream().anyMatch(line -> line.contains(" Assigned of #"));
  }

  private void run(Action.Policy policy) {
    world.play(new Action.DeletePod(SOLO));
    world.play(new Action.Work(100));
    world.play(new Action.CreatePod(0, policy));
    world.play(new Action.Work(200));
    assertThat(world.addressOf(NAME)).isNotEmpty();
  }
}
