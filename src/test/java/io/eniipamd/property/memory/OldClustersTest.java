package io.eniipamd.property.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.property.Action;
import org.junit.jupiter.api.Test;

/** StatefulSets that ask for fixed IPs in the way of older clusters. */
class OldClustersTest {
  private final InMemoryWorld world = new InMemoryWorld();

  @Test
  void shouldKeepTheAddressesWhenTheStatefulSetSaysSoAndItsPodsSayNothing() {
    // given
    world.deployAsOldClustersDo(1, "true");
    world.play(new Action.Work(200));
    var address = world.addressOf("web-0");

    // when
    world.play(new Action.Scale(0));
    world.play(new Action.Work(200));
    world.settle();
    world.play(new Action.Scale(1));
    world.settle();

    // then
    world.assertSound();
    assertThat(world.addressOf("web-0")).isEqualTo(address);
  }

  @Test
  void shouldKeepNothingAndSaySoWhenTheWordCannotBeRead() {
    // given
    world.deployAsOldClustersDo(1, "yes");
    world.play(new Action.Work(200));

    // when
    world.play(new Action.Scale(0));
    world.settle();

    // then
    assertThat(world.claims()).isEmpty();
    assertThat(world.events()).filteredOn(e -> e.contains("enable-static-ip")).hasSize(1);
  }
}
