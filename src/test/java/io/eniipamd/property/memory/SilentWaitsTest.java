package io.eniipamd.property.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.property.Action;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A Pod that waits has a reason within seconds, and one that is served at once costs none. */
class SilentWaitsTest {
  private static final int SOLO = 3;
  private static final String NAME = Cluster.NAMES.get(SOLO);

  private final InMemoryWorld world = new InMemoryWorld();

  @Test
  void shouldSayWhatThePodWaitsForWhenTheCloudDoesNotAnswer() {
    // given
    world.play(new Action.CreatePod(0, Action.Policy.FIXED));
    world.workWithoutTheCloud(100);

    // when
    world.play(new Action.Pass(Duration.ofSeconds(12)));
    world.workWithoutTheCloud(100);

    // then
    assertThat(world.events()).anyMatch(e -> e.contains("the cloud is putting"));
    assertThat(world.readyReason(NAME)).isEqualTo("AddressOnItsWay");
  }

  @Test
  void shouldSayNothingWhenThePodIsServedAtOnce() {
    // when
    world.play(new Action.CreatePod(0, Action.Policy.FIXED));
    world.settle();

    // then
    world.assertSound();
    assertThat(world.events()).isEmpty();
    assertThat(world.readyReason(NAME)).isEqualTo("Bound");
  }

  @Test
  void shouldSayWhatTheNextPodWaitsForWhenTheClaimBeforeIsBeingReleased() {
    // given
    world.play(new Action.CreatePod(0, Action.Policy.IMMEDIATE));
    world.play(new Action.Work(200));
    world.play(new Action.ForceDeletePod(SOLO));
    world.play(new Action.CreatePod(0, Action.Policy.IMMEDIATE));
    world.workWithoutTheCloud(100);

    // when
    world.play(new Action.Pass(Duration.ofSeconds(12)));
    world.workWithoutTheCloud(100);

    // then
    assertThat(world.events())
        .anyMatch(e -> e.contains("the claim of an earlier Pod of this name is deleted"));
    world.settle();
    world.assertSound();
    assertThat(world.readyReason(NAME)).isEqualTo("Bound");
  }
}
