package io.eniipamd.property.memory;

import io.eniipamd.property.NodesAction;
import io.eniipamd.property.NodesAction.Move;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A user tears the record of an ENI's primary address away, past its finalizer. Another node that
 * joins picks the address before the operator, which has just started, records it again; and that
 * operator dies. A case that random lives of nodes have found: nothing woke the first node when the
 * other one's record went.
 */
class TornEniRecordsTest {

  /** The chance decides which of its actors the operator lets see what, and when. */
  @ParameterizedTest
  @CsvSource({"8,48", "8,75", "16,48", "16,97", "24,48", "24,97", "40,48", "80,97"})
  void shouldRecordTheAddressOfAnEniAgainThoughAnotherNodeHasPickedIt(int steps, int chance) {
    var world = new NodesWorld();
    play(world, new NodesAction.Join(0), 1);
    play(world, new NodesAction.Work(80), 1);
    play(world, new NodesAction.Restart(), chance);
    play(world, new NodesAction.Work(3), chance);
    play(world, new NodesAction.Join(2), chance);
    play(world, new NodesAction.Crash(1, true), chance);
    play(world, new NodesAction.TearEniRecord(0), chance);
    play(world, new NodesAction.Work(steps), chance);

    world.settle();

    world.requireUnbroken();
  }

  private static void play(NodesWorld world, NodesAction action, int chance) {
    world.play(new Move(action, chance));
  }
}
