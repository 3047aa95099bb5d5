package io.eniipamd.domain.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.EniDecision.Step;
import io.eniipamd.domain.node.LeavingEni.Where;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class LeavePolicyTest {
  private static final Duration OVER = Duration.ZERO;
  private static final Duration A_MINUTE = Duration.ofMinutes(1);

  @Test
  void shouldWaitForTheNodeFirst() {
    assertThat(decide(false, A_MINUTE, true, eni(Where.ATTACHED, 0, true, true)))
        .isEqualTo(new LeaveDecision.Wait(A_MINUTE));
  }

  @Test
  void shouldNotWaitForANodeWhoseRecordAUserDeletes() {
    assertThat(decide(true, A_MINUTE, false)).isEqualTo(new LeaveDecision.Look());
  }

  @Test
  void shouldLookBeforeAnythingElseIsDone() {
    assertThat(decide(false, OVER, false, eni(Where.ATTACHED, 0, true, true)))
        .isEqualTo(new LeaveDecision.Look());
  }

  @ParameterizedTest(name = "{0}, {1} used, listed {2}, closed {3}: {4}")
  @CsvSource({
    // Nothing is put on it any more, then it is removed.
    "ATTACHED, 0, true, false, Close",
    "ATTACHED, 0, true, true, GiveBack",
    "LOOSE, 0, true, false, Close",
    "LOOSE, 0, true, true, GiveBack",
    // One that is not listed gets no addresses anyway.
    "ATTACHED, 0, false, false, GiveBack",
    "LOOSE, 0, false, false, GiveBack",
    // Addresses leave first.
    "ATTACHED, 1, true, false, none",
    "ATTACHED, 1, true, true, none",
    "LOOSE, 3, true, false, none",
    "LOOSE, 3, true, true, none",
    "ATTACHED, 1, false, false, none",
    // What the cloud is at is not disturbed.
    "COMING, 0, false, false, none",
    "BUSY, 0, true, true, none",
    "ELSEWHERE, 0, true, false, Mention",
    "GONE, 0, true, true, StrikeOff",
    "GONE, 2, true, false, StrikeOff",
    "OTHERS, 0, true, false, StrikeOff",
    "NEVER_MADE, 0, false, false, StrikeOff",
  })
  void shouldTakeTheNextStepForEachEni(
      Where where, int used, boolean listed, boolean closed, String step) {
    var decision = decide(false, OVER, true, eni(where, used, listed, closed));

    assertThat(decision).isInstanceOf(LeaveDecision.Work.class);
    assertThat(((LeaveDecision.Work) decision).steps())
        .extracting(s -> s.getClass().getSimpleName())
        .containsExactly(step.equals("none") ? new String[0] : new String[] {step});
  }

  @Test
  void shouldGiveBackOneEniWhileAnotherCarriesAddresses() {
    var empty = eni(Where.ATTACHED, 0, true, true);
    var used = eni(Where.ATTACHED, 1, true, false);

    assertThat(decide(false, OVER, true, used, empty))
        .isEqualTo(new LeaveDecision.Work(List.of(new Step.GiveBack(empty)), false));
  }

  @Test
  void shouldEndWhenNothingIsLeft() {
    assertThat(decide(false, OVER, true)).isEqualTo(new LeaveDecision.End());
    assertThat(decide(true, OVER, true)).isEqualTo(new LeaveDecision.End());
  }

  @ParameterizedTest
  @EnumSource(names = {"GONE", "OTHERS"})
  void shouldEndWhenOnlyTheListSpeaksOfAnEniThatIsNotThere(Where where) {
    var unrecorded = eni(where, 0, false, true, true);

    assertThat(decide(false, OVER, true, unrecorded)).isEqualTo(new LeaveDecision.End());
  }

  @Test
  void shouldKeepTheRecordInSightOfAnEniThatAUserHasPutOnAnotherInstance() {
    var moved = eni(Where.ELSEWHERE, 0, true, false);

    assertThat(decide(false, OVER, true, moved))
        .isInstanceOfSatisfying(
            LeaveDecision.Work.class, work -> assertThat(work.lookAgain()).isTrue());
    assertThat(decide(true, OVER, true, moved)).isEqualTo(new LeaveDecision.End());
  }

  private static LeaveDecision decide(
      boolean deleted, Duration left, boolean looked, LeavingEni... enis) {
    return LeavePolicy.decide(new LeaveFacts("node-a", deleted, left, looked, List.of(enis)));
  }

  private static LeavingEni eni(Where where, int used, boolean listed, boolean closed) {
    return eni(where, used, true, listed, closed);
  }

  private static LeavingEni eni(
      Where where, int used, boolean recorded, boolean listed, boolean closed) {
    return new LeavingEni(
        Ip.parse("10.0.0.2"),
        Optional.of("eni-a"),
        "subnet-a",
        where,
        true,
        used,
        recorded,
        listed,
        closed);
  }
}
