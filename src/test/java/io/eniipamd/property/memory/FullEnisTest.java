package io.eniipamd.property.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.property.Action;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** ENIs on which the cloud puts fewer addresses than the records say that they have room for. */
class FullEnisTest {
  private static final int SOLO = 3;
  private static final String NODE = Cluster.NODES.getFirst();
  private static final String NAME = Cluster.NAMES.get(SOLO);

  /** Of two ENIs with the same room it is the first that is taken. */
  private static final String FIRST_TAKEN = "eni-a2";

  private final InMemoryWorld world = new InMemoryWorld();

  @BeforeEach
  void addAnEni() {
    world.addEni(NODE, FIRST_TAKEN);
    world.limit(FIRST_TAKEN, 0);
    world.play(new Action.Work(40));
  }

  @Test
  void shouldComeUpOnTheOtherEniOfItsNodeWhenTheCloudPutsNoMoreOnTheFirst() {
    world.createPodOn(NODE, NAME);

    world.settle();

    world.assertSound();
    assertThat(world.eniOf(NAME)).contains("eni-a");
  }

  @Test
  void shouldKeepNothingWhenThePodWentBeforeTheCloudHadPutItsAddressAnywhere() {
    // given
    world.limit("eni-a", 0);
    world.createPodOn(NODE, NAME);
    world.play(new Action.Work(60));

    // when
    world.play(new Action.DeletePod(SOLO));
    world.settle();

    // then
    world.assertSound();
    assertThat(world.claims()).isEmpty();
  }
}
