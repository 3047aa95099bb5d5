package io.eniipamd.property.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.property.Action;
import io.eniipamd.property.memory.InMemoryWorld.Before;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Another machine comes under a node's name so soon that the Pods of the one before stay. */
class ReplacedMachinesTest {
  private static final String SOLO = Cluster.NAMES.get(3);

  private final InMemoryWorld world = new InMemoryWorld();

  @ParameterizedTest
  @CsvSource({"FIXED,GONE", "FIXED,DETACHED", "IMMEDIATE,GONE", "IMMEDIATE,DETACHED"})
  void shouldBindThePodOnTheNewMachineWhenItsEniIsOnNoMachine(Action.Policy policy, Before before) {
    // given
    runAPod(policy);
    var address = world.addressOf(SOLO);

    // when
    var eni = world.replaceMachineUnderItsPods(Cluster.NODES.getFirst(), before);
    world.settle();

    // then
    world.assertSound();
    assertThat(world.addressOf(SOLO)).isEqualTo(address);
    assertThat(world.statusOf(SOLO, "eniId")).isEqualTo(eni);
    assertThat(world.statusOf(SOLO, "phase")).isEqualTo("Bound");
    assertThat(world.eniOf(SOLO)).contains(eni);
    assertThat(world.readyReason(SOLO)).isEqualTo("Bound");
    assertThat(world.events()).filteredOn(e -> e.contains("runs on another machine")).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(
      value = Before.class,
      names = {"GONE", "DETACHED"})
  void shouldBindThePodOnTheLastMachineWhenTheNextOneIsReplacedWhileTheAddressMoves(Before before) {
    // given
    runAPod(Action.Policy.FIXED);
    var address = world.addressOf(SOLO);
    world.replaceMachineUnderItsPods(Cluster.NODES.getFirst(), Before.DETACHED);
    for (int i = 0; i < 1000 && !world.statusOf(SOLO, "phase").equals("Pending"); i++) {
      world.play(new Action.Work(1));
    }
    assertThat(world.statusOf(SOLO, "phase")).isEqualTo("Pending");

    // when
    var eni = world.replaceMachineUnderItsPods(Cluster.NODES.getFirst(), before);
    world.settle();

    // then
    world.assertSound();
    assertThat(world.addressOf(SOLO)).isEqualTo(address);
    assertThat(world.statusOf(SOLO, "eniId")).isEqualTo(eni);
    assertThat(world.eniOf(SOLO)).contains(eni);
    assertThat(world.readyReason(SOLO)).isEqualTo("Bound");
  }

  @Test
  void shouldLeaveTheAddressAndSaySoWhenItsEniIsOnTheMachineBeforeStill() {
    // given
    runAPod(Action.Policy.FIXED);
    var before = world.eniOf(SOLO).orElseThrow();

    // when
    world.replaceMachineUnderItsPods(Cluster.NODES.getFirst(), Before.STILL_ATTACHED);
    world.settle();

    // then
    world.assertSound();
    assertThat(world.eniOf(SOLO)).contains(before);
    assertThat(world.statusOf(SOLO, "eniId")).isEqualTo(before);
    assertThat(world.readyReason(SOLO)).isEqualTo("MachineReplaced");
    assertThat(world.events())
        .filteredOn(e -> e.contains("is still attached to instance"))
        .hasSize(1);
  }

  @Test
  void shouldBindThePodOnTheNewMachineOnceItsEniIsTakenOffTheMachineBefore() {
    // given
    runAPod(Action.Policy.FIXED);
    var before = world.eniOf(SOLO).orElseThrow();
    var eni = world.replaceMachineUnderItsPods(Cluster.NODES.getFirst(), Before.STILL_ATTACHED);
    world.settle();

    // when
    world.detach(before);
    world.settle();

    // then
    world.assertSound();
    assertThat(world.statusOf(SOLO, "eniId")).isEqualTo(eni);
    assertThat(world.readyReason(SOLO)).isEqualTo("Bound");
  }

  @Test
  void shouldAskForTheEniTwiceWhateverTheNumberOfItsPods() {
    // given
    Cluster.NAMES.forEach(
        name -> world.createPodOn(Cluster.NODES.getFirst(), name, Action.Policy.FIXED));
    world.play(new Action.Work(600));
    var before = world.eniOf(SOLO).orElseThrow();
    world.takeLooks();

    // when
    world.replaceMachineUnderItsPods(Cluster.NODES.getFirst(), Before.DETACHED);
    world.play(new Action.Work(600));

    // then
    world.assertSound();
    assertThat(Cluster.NAMES).allSatisfy(n -> assertThat(world.eniOf(n)).isNotEqualTo(before));
    assertThat(world.takeLooks()).filteredOn(before::equals).hasSize(2);
  }

  @Test
  void shouldAskNothingOfTheCloudWhenTheRecordOfTheNodeIsMadeAnewForTheSameMachine() {
    // given
    runAPod(Action.Policy.FIXED);
    // when
    var looks = world.looksWhileTheRecordListsNothing(Cluster.NODES.getFirst());

    // then
    assertThat(looks).doesNotContain("eni-a");
    world.settle();
    world.assertSound();
    assertThat(world.statusOf(SOLO, "eniId")).isEqualTo("eni-a");
  }

  private void runAPod(Action.Policy policy) {
    world.createPodOn(Cluster.NODES.getFirst(), SOLO, policy);
    world.play(new Action.Work(200));
  }
}
