package io.eniipamd.property.memory;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.property.Action;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records that were restored from the backup of another cluster of the VPC. */
class RestoredRecordsTest {
  private final InMemoryWorld world = new InMemoryWorld();

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 3})
  void shouldTouchNothingOfAnotherClusterWhenOneOfItsRecordsIsRestored(int holder) {
    // given
    world.play(new Action.CreatePod(0, Action.Policy.FIXED));
    world.play(new Action.Work(200));

    // when
    world.play(new Action.RestoreForeignRecord(7, holder));
    world.play(new Action.Work(400));

    // then
    world.assertSound();
    assertThat(world.addressesOfOthers()).hasSize(1);
    assertThat(world.records()).doesNotContainAnyElementsOf(world.addressesOfOthers());
  }

  @Test
  void shouldKeepTheAddressWhenTheRecordOfALivingClaimNamesAnotherClustersEni() {
    // given
    world.play(new Action.CreatePod(0, Action.Policy.FIXED));
    world.play(new Action.Work(200));
    world.play(new Action.DeletePod(3));
    world.play(new Action.Work(200));

    // when
    world.moveToOthers(Cluster.NAMES.get(3));
    world.play(new Action.CreatePod(0, Action.Policy.FIXED));
    world.play(new Action.Work(200));

    // then
    world.assertSound();
    assertThat(world.events()).anyMatch(e -> e.contains("which is not of this cluster"));
  }
}
