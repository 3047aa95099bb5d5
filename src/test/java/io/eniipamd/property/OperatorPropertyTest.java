package io.eniipamd.property;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.property.memory.InMemoryWorld;
import java.util.List;
import net.jqwik.api.AfterFailureMode;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class OperatorPropertyTest {

  @Property(afterFailure = AfterFailureMode.RANDOM_SEED, edgeCases = EdgeCasesMode.NONE)
  void shouldKeepEveryInvariantWhateverHappens(@ForAll("sequences") List<Move> moves) {
    try (var world = new InMemoryWorld()) {
      for (var move : moves) {
        world.play(move);
        verify(world);
      }
      world.settle();
      verify(world);
    }
  }

  private static void verify(World world) {
    assertThat(world.broken())
        .as(() -> "what has to hold, in this story:\n" + String.join("\n", world.story()))
        .isEmpty();
  }

  @Provide
  Arbitrary<List<Move>> sequences() {
    return Moves.sequences(60);
  }
}
