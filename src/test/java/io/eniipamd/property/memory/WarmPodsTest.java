package io.eniipamd.property.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.property.Action;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Pods that come while a node keeps an address ready. */
class WarmPodsTest {
  private static final String SOLO = Cluster.NAMES.get(3);

  private final InMemoryWorld world = new InMemoryWorld();
  private String warm;

  @BeforeEach
  void keepOneReady() {
    world.play(new Action.KeepWarm(0));
    world.settle();
    assertThat(world.warmRecords()).hasSize(1);
    warm = world.warmRecords().getFirst();
  }

  @Test
  void shouldGiveItToAPodOfTheNode() {
    world.createPodOn(Cluster.NODES.get(0), SOLO);

    world.settle();

    world.assertSound();
    assertThat(world.addressOf(SOLO)).isEqualTo(warm);
    assertThat(world.eniOf(SOLO)).contains("eni-a");
    assertThat(world.warmRecords()).isEmpty();
  }

  @Test
  void shouldLeaveItReadyForAPodOfItsNodeWhenAPodOfAnotherNodeComes() {
    world.createPodOn(Cluster.NODES.get(1), SOLO);

    world.settle();

    world.assertSound();
    assertThat(world.addressOf(SOLO)).isNotEqualTo(warm);
    assertThat(world.warmRecords()).containsExactly(warm);
  }

  @Test
  void shouldMoveItToAnotherNodeWhenItsSubnetHasNoOther() {
    world.strangersTakeTheRest();
    world.createPodOn(Cluster.NODES.get(1), SOLO);

    world.play(new Action.Work(400));

    assertThat(world.addressOf(SOLO)).as(() -> String.join("\n", world.story())).isEqualTo(warm);
    assertThat(world.eniOf(SOLO)).contains("eni-b");
    world.settle();
    world.assertSound();
  }

  @Test
  void shouldReleaseItWhenItsNodeKeepsOneLess() {
    world.play(new Action.ReleaseWarm());

    world.settle();

    world.assertSound();
    assertThat(world.records()).doesNotContain(warm);
  }
}
