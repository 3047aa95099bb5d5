package io.eniipamd.property.memory;

import io.eniipamd.property.NodesAction;
import io.eniipamd.property.NodesAction.Move;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A node that goes together with its record leaves ENIs and records of their addresses behind from
 * which no reconciler starts. These are cases that random lives of nodes have found.
 */
class ForgottenNodesTest {

  /** Before its ENI is chosen, while it is made, and after it is recorded. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 6, 7, 8, 9, 10, 11, 12, 13, 14, 16, 18, 20, 40})
  void shouldLeaveNothingWhenANodeAndItsRecordAreTornAwayAtAnyMoment(int steps) {
    var world = new NodesWorld();
    play(world, new NodesAction.Join(0));
    play(world, new NodesAction.Work(steps));
    play(world, new NodesAction.Leave(0, false));
    play(world, new NodesAction.DeleteNodeRecord(0, true));

    world.settle();

    world.requireUnbroken();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 7, 9, 10, 11, 12, 14, 18, 40})
  void shouldLeaveNothingWhenTheRecordIsDeletedWhileTheOperatorStillSeesTheNode(int steps) {
    var world = new NodesWorld();
    play(world, new NodesAction.Join(0));
    play(world, new NodesAction.Work(steps));
    play(world, new NodesAction.DeleteNodeRecord(0, false));
    play(world, new NodesAction.Leave(0, false));

    world.settle();

    world.requireUnbroken();
  }

  private static void play(NodesWorld world, NodesAction action) {
    world.play(new Move(action, 1));
  }
}
