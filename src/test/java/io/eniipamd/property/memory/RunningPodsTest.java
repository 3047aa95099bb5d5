package io.eniipamd.property.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.property.Action;
import org.junit.jupiter.api.Test;

/** Pods that run with an address although no claim is bound to them. */
class RunningPodsTest {
  private static final int SOLO = 3;
  private static final String NAME = Cluster.NAMES.get(SOLO);

  private final InMemoryWorld world = new InMemoryWorld();

  @Test
  void shouldGiveNothingAndSaySoOnceWhenAPodOfAnotherNetworkIsAnnotated() {
    // when
    world.annotateARunningPod(NAME, "172.16.0.9");
    world.settle();

    // then
    world.assertSound();
    assertThat(world.claims()).isEmpty();
    assertThat(world.events()).filteredOn(e -> e.contains("172.16.0.9")).hasSize(1);
  }

  @Test
  void shouldRecordNothingWhenThePodsAddressIsInOurSubnetAndNotOnAnEniOfOurs() {
    // given
    world.play(new Action.StrangerComes(3));
    var strangers = world.strangers().getFirst();
    var records = world.records();

    // when
    world.annotateARunningPod(NAME, strangers);
    world.play(new Action.Work(200));

    // then
    assertThat(world.claims()).isEmpty();
    assertThat(world.records()).isEqualTo(records);
    assertThat(world.events()).filteredOn(e -> e.contains(strangers)).hasSize(1);
  }

  @Test
  void shouldGiveNoOtherAddressWhenTheUserMadeTheClaimAndThePodRunsElsewhere() {
    // given
    world.makeClaim(NAME);
    var records = world.records();

    // when
    world.annotateARunningPod(NAME, "172.16.0.9");
    world.play(new Action.Work(200));

    // then
    assertThat(world.records()).isEqualTo(records);
    assertThat(world.events()).filteredOn(e -> e.contains("172.16.0.9")).hasSize(1);
  }

  @Test
  void shouldKeepItsAddressWhenItsClaimAndItsRecordAreTornAway() {
    // given
    world.play(new Action.CreatePod(0, Action.Policy.FIXED));
    world.play(new Action.Work(200));
    var address = world.addressOf(NAME);

    world.tearAway(NAME);
    var byHand = world.broken();

    // when
    world.settle();

    // then
    assertThat(world.broken()).isEqualTo(byHand);
    assertThat(world.addressOf(NAME)).isEqualTo(address);
  }

  @Test
  void shouldKeepItsAddressWhenItsClaimAloneIsTornAway() {
    // given
    world.play(new Action.CreatePod(0, Action.Policy.IMMEDIATE));
    world.play(new Action.Work(200));
    var address = world.addressOf(NAME);

    world.tearAwayClaim(NAME);
    var byHand = world.broken();

    // when
    world.settle();

    // then
    assertThat(world.broken()).isEqualTo(byHand);
    assertThat(world.addressOf(NAME)).isEqualTo(address);
  }
}
