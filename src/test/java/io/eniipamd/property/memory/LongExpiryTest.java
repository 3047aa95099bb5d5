package io.eniipamd.property.memory;

import io.eniipamd.property.Action;
import io.eniipamd.property.Action.Policy;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An expiry that ends while an idle world is watched is passed before the watch begins. */
class LongExpiryTest {
  private static final int SOLO = 3;
  private static final String NAME = Cluster.NAMES.get(SOLO);

  private final InMemoryWorld world = new InMemoryWorld();

  @ParameterizedTest
  @ValueSource(ints = {26, 29, 32, 35, 38, 41, 44})
  void shouldNotTakeAnExpiryForUnrest(int minutes) {
    world.createPodOn(Cluster.NODES.getFirst(), NAME, Policy.FIXED_LONGER);
    world.play(new Action.Work(60));
    world.play(new Action.DeletePod(SOLO));
    world.play(new Action.Work(60));
    world.play(new Action.Pass(Duration.ofMinutes(minutes)));

    world.settle();

    world.assertSound();
  }
}
