package io.eniipamd.property.memory;

import io.eniipamd.property.NodesAction;
import io.eniipamd.property.NodesAction.Move;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An ENI that the record of its node lists by a write of an operator that died, and that its
 * successor binds once more before it sees that write. A case that random lives of nodes have
 * found.
 */
class ListedEnisTest {

  /** The write of the list is this changing call of a node that joins. */
  private static final int WRITE_OF_THE_LIST = 6;

  /** The chance decides which of its actors the successor lets see what, and when. */
  @ParameterizedTest
  @ValueSource(ints = {1, 5, 11, 17, 20, 33})
  void shouldGiveTheNodeAnotherEniWhenAUserDeletesTheOneThatTwoOperatorsHaveBound(int chance) {
    var world = new NodesWorld();
    world.play(new Move(new NodesAction.Join(0), 1));
    world.play(new Move(new NodesAction.Crash(WRITE_OF_THE_LIST, true), chance));
    world.play(new Move(new NodesAction.Work(80), chance));
    world.play(new Move(new NodesAction.DeleteEni(0), chance));

    world.settle();

    world.requireUnbroken();
  }
}
