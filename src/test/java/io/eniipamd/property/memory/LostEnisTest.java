package io.eniipamd.property.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.property.Action;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** ENIs that go, and addresses that are taken off them, without the operator's doing. */
class LostEnisTest {
  private static final int SOLO = 3;

  private final InMemoryWorld world = new InMemoryWorld();

  @BeforeEach
  void runAFixedPod() {
    world.play(new Action.CreatePod(0, Action.Policy.FIXED));
    world.play(new Action.Work(200));
  }

  @Test
  void shouldComeBackWithItsAddressWhenTheMachinesOfAllNodesAreReplaced() {
    // given
    world.play(new Action.DeletePod(SOLO));
    world.play(new Action.Work(100));
    var address = world.addressOf(Cluster.NAMES.get(SOLO));

    // when
    world.play(new Action.ReplaceMachine(0));
    world.play(new Action.ReplaceMachine(1));
    world.play(new Action.CreatePod(0, Action.Policy.FIXED));
    world.settle();

    // then
    world.assertSound();
    assertThat(world.addressOf(Cluster.NAMES.get(SOLO))).isEqualTo(address);
  }

  @Test
  void shouldGetAnAddressWhenTheRecordOfTheNodeListsAnEniThatIsGone() {
    // when
    world.play(new Action.ReplaceMachine(0));
    world.play(new Action.ReplaceMachine(1));
    world.play(new Action.CreatePod(1, Action.Policy.IMMEDIATE));
    world.settle();

    // then
    world.assertSound();
  }

  @Test
  void shouldLetTheClaimGoWhenItIsDeletedAndTheEniOfItsAddressIsGone() {
    // given
    world.play(new Action.DeletePod(SOLO));
    world.play(new Action.Work(100));
    world.play(new Action.ReplaceMachine(0));
    world.play(new Action.ReplaceMachine(1));

    // when
    world.play(new Action.DeleteClaim(SOLO));
    world.settle();

    // then
    world.assertSound();
    assertThat(world.records()).hasSize(2);
  }

  @Test
  void shouldPutAKeptAddressBackWhenItWasTakenOffItsEni() {
    // given
    world.play(new Action.DeletePod(SOLO));
    world.play(new Action.Work(100));

    // when
    world.play(new Action.TakeOff(SOLO));
    world.settle();

    // then
    world.assertSound();
    assertThat(world.events()).anyMatch(e -> e.contains("another user of the VPC took"));
  }

  @Test
  void shouldNotBeBoundWhereItHasLeftWhenItsMoveWasInterruptedAndTheNewEniIsGone() {
    // given
    var solo = Cluster.NAMES.get(SOLO);
    world.play(new Action.DeletePod(SOLO));
    world.play(new Action.Work(100));
    var nodes = world.interruptMove(solo);

    // when
    world.play(new Action.ReplaceMachine(Cluster.NODES.indexOf(nodes.getLast())));
    world.play(new Action.Work(60));
    world.createPodOn(nodes.getFirst(), solo);
    world.settle();

    // then
    world.assertSound();
  }

  @Test
  void shouldLookAtOneEniOnlyWhenThatOneIsFullThoughItHasRoomByTheRecords() {
    assertThat(world.looksWhereFull("eni-a")).containsExactly("eni-a");
    assertThat(world.looksWhereFull("eni-b")).containsExactly("eni-b");
  }
}
