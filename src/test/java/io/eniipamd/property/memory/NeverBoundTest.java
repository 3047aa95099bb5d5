package io.eniipamd.property.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.property.Action;
import org.junit.jupiter.api.Test;

/** Fixed Pods that go before their address is on an ENI. */
class NeverBoundTest {
  private static final int SOLO = 3;

  private final InMemoryWorld world = new InMemoryWorld();

  @Test
  void shouldKeepNothingWhenThePodGoesBeforeItsAddressIsOnAnEniAndAStrangerHasIt() {
    // given
    world.play(new Action.CreatePod(0, Action.Policy.FIXED));
    world.workWithoutTheCloud(100);
    var recorded = world.records();
    assertThat(recorded).hasSize(3);
    world.strangerTakes(recorded.getLast());

    // when
    world.play(new Action.ForceDeletePod(SOLO));
    world.play(new Action.Work(200));

    // then
    world.settle();
    world.assertSound();
    assertThat(world.claims()).isEmpty();
    assertThat(world.records()).hasSize(2);
  }

  @Test
  void shouldKeepTheAddressWhenThePodGoesAfterItWasBound() {
    // given
    world.play(new Action.CreatePod(0, Action.Policy.FIXED));
    world.play(new Action.Work(200));

    // when
    world.play(new Action.ForceDeletePod(SOLO));
    world.settle();

    // then
    world.assertSound();
    assertThat(world.claims()).hasSize(1);
  }
}
