package io.eniipamd.domain.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TaintStepTest {
  private static final String INSTANCE = "ins-node0001";
  private static final String OTHER = "ins-node0009";
  private static final NodeDecision NOTHING_ELSE = new NodeDecision.Nothing();

  /** What the record of a node says, in a word. */
  private enum NecState {
    NONE,
    LEAVING,
    EMPTY,
    WITHOUT_OFFER,
    OF_ANOTHER_MACHINE,
    READY
  }

  @ParameterizedTest(name = "enabled {0}, tainted {1}, record {2}: {3}")
  @CsvSource({
    // A node that joins, with the taint of its kubelet and without.
    "true, false, NONE, PUT",
    "true, true, NONE, NOTHING",
    "true, false, EMPTY, PUT",
    "true, true, EMPTY, NOTHING",
    "true, true, WITHOUT_OFFER, NOTHING",
    // It can serve.
    "true, true, READY, TAKE_AWAY",
    "true, false, READY, NOTHING",
    // The ENI of the machine before is not this one's.
    "true, false, OF_ANOTHER_MACHINE, PUT",
    "true, true, OF_ANOTHER_MACHINE, NOTHING",
    // Its record is about to be created again.
    "true, false, LEAVING, NOTHING",
    "true, true, LEAVING, NOTHING",
    // Switched off.
    "false, true, NONE, TAKE_AWAY",
    "false, true, EMPTY, TAKE_AWAY",
    "false, true, LEAVING, TAKE_AWAY",
    "false, true, READY, TAKE_AWAY",
    "false, false, NONE, NOTHING",
    "false, false, READY, NOTHING",
  })
  void shouldDecideByWhetherAnEniCanCarryPods(
      boolean enabled, boolean tainted, NecState nec, TaintStep expected) {
    assertThat(TaintStep.decide(enabled, tainted, node(INSTANCE), record(nec), NOTHING_ELSE))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"true, true", "true, false", "false, true", "false, false"})
  void shouldLeaveAVirtualNodeAlone(boolean enabled, boolean tainted) {
    var virtual =
        new NodeFacts("eklet-1", "", Optional.empty(), Optional.empty(), true, Optional.empty());

    assertThat(TaintStep.decide(enabled, tainted, virtual, Optional.empty(), NOTHING_ELSE))
        .isEqualTo(TaintStep.NOTHING);
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void shouldLeaveTheTaintOfANodeOnNoInstanceAloneUnlessItIsOff(boolean tainted) {
    var foreign = node("");

    assertThat(TaintStep.decide(true, tainted, foreign, record(NecState.EMPTY), NOTHING_ELSE))
        .isEqualTo(TaintStep.NOTHING);
    assertThat(TaintStep.decide(false, tainted, foreign, record(NecState.EMPTY), NOTHING_ELSE))
        .isEqualTo(tainted ? TaintStep.TAKE_AWAY : TaintStep.NOTHING);
  }

  @Test
  void shouldOfferTheSlotsFirst() {
    var offer = new NodeDecision.Offer(27);
    var fill = new NodeDecision.Fill(Optional.of(INSTANCE), Optional.of("z"), List.of());

    assertThat(TaintStep.decide(true, true, node(INSTANCE), record(NecState.READY), offer))
        .isEqualTo(TaintStep.TAKE_AWAY);
    assertThat(TaintStep.decide(true, true, node(INSTANCE), record(NecState.READY), fill))
        .isEqualTo(TaintStep.NOTHING);
  }

  private static NodeFacts node(String instance) {
    return new NodeFacts(
        "node-a",
        instance.isEmpty() ? "kind://docker/worker" : "qcloud:///160001/" + instance,
        Optional.empty(),
        Optional.empty(),
        false,
        Optional.empty());
  }

  private static Optional<RecordFacts> record(NecState nec) {
    return switch (nec) {
      case NONE -> Optional.empty();
      case LEAVING -> Optional.of(record(true, INSTANCE, true, Optional.of(27)));
      case EMPTY -> Optional.of(record(false, INSTANCE, false, Optional.of(27)));
      case WITHOUT_OFFER -> Optional.of(record(false, INSTANCE, true, Optional.empty()));
      case OF_ANOTHER_MACHINE -> Optional.of(record(false, OTHER, true, Optional.of(27)));
      case READY -> Optional.of(record(false, INSTANCE, true, Optional.of(27)));
    };
  }

  private static RecordFacts record(
      boolean leaving, String instance, boolean ready, Optional<Integer> offer) {
    return new RecordFacts(
        leaving, Optional.of(instance), Optional.empty(), List.of(), ready, offer);
  }
}
