package io.eniipamd.domain.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.node.EniDecision.Step;
import io.eniipamd.domain.node.EniDecision.Work;
import io.eniipamd.domain.node.PendingEni.BindingState;
import io.eniipamd.domain.node.PendingEni.Refusal;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class EniPolicyTest {
  private static final String ZONE = "zone-3";
  private static final String INSTANCE = "ins-0a1b2c3d";
  private static final RouteLimits LIMITS = new RouteLimits(3, 9);
  private static final Ip IP = Ip.parse("10.0.3.7");
  private static final BoundEni BOUND = new BoundEni("eni-1", "20:90:6f:00:00:01", "subnet-a", IP);
  private static final String SAID = "creating ENI node-a-10.0.3.7 in subnet-a: refused";

  @Test
  void shouldAskTheCloudForLimitsAndForWhatIsThereWhenNothingIsKnown() {
    assertThat(EniPolicy.decide(new Facts().limits(null).looked(false).get()))
        .isEqualTo(new EniDecision.Learn(true, true, Optional.empty()));
  }

  @Test
  void shouldLookOnlyWhenTheLimitsAreKnown() {
    assertThat(EniPolicy.decide(new Facts().looked(false).get()))
        .isEqualTo(new EniDecision.Learn(false, true, Optional.empty()));
  }

  @Test
  void shouldAddTheFirstEniWhenThereIsNone() {
    assertThat(EniPolicy.decide(new Facts().get()))
        .isEqualTo(new Work(List.of(), List.of("subnet-a"), Optional.empty(), false));
  }

  @Test
  void shouldSayWhyTheCloudHasNotToldOfASubnetWhenThatIsKnown() {
    var denied = NodeProblems.denied("describing subnets subnet-b: not allowed");

    var decision =
        (Work) EniPolicy.decide(new Facts().unseen("subnet-b").unseenBecause(denied).get());

    assertThat(decision.growth()).isEmpty();
    assertThat(decision.problem()).contains(denied);
    assertThat(decision.settled()).isFalse();
  }

  @Test
  void shouldAddNothingWhenTheSubnetsWereNotLookedAtYet() {
    var decision = (Work) EniPolicy.decide(new Facts().unseen("subnet-b").get());

    assertThat(decision.growth()).isEmpty();
    assertThat(decision.settled()).isFalse();
  }

  @Test
  void shouldBeginWhenAnAddressIsRecordedAndNothingGoesOn() {
    var eni = coming(new BindingState.Open());

    assertThat(EniPolicy.decide(new Facts().coming(eni).get()))
        .isEqualTo(new Work(List.of(new Step.Begin(eni)), List.of(), Optional.empty(), false));
  }

  @Test
  void shouldWaitAndAddNoSecondOneWhenTheCloudIsAtIt() {
    var facts = new Facts().coming(coming(new BindingState.UnderWay())).get();

    assertThat(EniPolicy.decide(facts))
        .isEqualTo(new Work(List.of(), List.of(), Optional.empty(), false));
  }

  @Test
  void shouldWriteItDownWhenTheEniIsOnTheNode() {
    var eni = coming(new BindingState.Bound(BOUND));

    assertThat(EniPolicy.decide(new Facts().coming(eni).get()))
        .isEqualTo(
            new Work(List.of(new Step.RecordBound(eni, BOUND)), List.of(), Optional.empty(), true));
  }

  @Test
  void shouldSayEniLimitAndKeepTheAddressWhenTheQuotaIsUsedUp() {
    var eni = coming(new BindingState.Refused(Refusal.QUOTA, SAID));

    var work = (Work) EniPolicy.decide(new Facts().coming(eni).get());

    assertThat(work.problem()).map(Problem::reason).contains(NodeReason.ENI_LIMIT);
    assertThat(work.steps())
        .containsExactly(new Step.Pause(eni, SAID, work.problem().orElseThrow()));
    assertThat(work.growth()).isEmpty();
  }

  @Test
  void shouldSayWhichQuotaAndItsValueAndItsUseWhenTheVpcIsFull() {
    var use = new QuotaUse(Optional.of(60), Optional.of(59));
    var eni = coming(new BindingState.Refused(Refusal.QUOTA, SAID, use));

    var work = (Work) EniPolicy.decide(new Facts().coming(eni).get());

    assertThat(work.problem().orElseThrow().message())
        .startsWith(SAID)
        .contains("(vpc-max-enis)", "its value is 60, and 59 secondary ENIs are there")
        .contains("0 Pods wait for it on this node", "ask Tencent Cloud for a higher quota");
  }

  @Test
  void shouldSayThatItIsTheInstanceWhenAnEniThatIsThereIsRefused() {
    var eni = coming(new BindingState.Refused(Refusal.INSTANCE_FULL, SAID));

    var work = (Work) EniPolicy.decide(new Facts().coming(eni).get());

    assertThat(work.problem()).map(Problem::reason).contains(NodeReason.ENI_LIMIT);
    assertThat(work.problem().orElseThrow().message())
        .contains("the quota of ENIs of instance", "secondary ENIs for Pods are allowed")
        .doesNotContain("vpc-max-enis");
    assertThat(work.steps())
        .containsExactly(new Step.Pause(eni, SAID, work.problem().orElseThrow()));
  }

  @Test
  void shouldGoOnSayingWhyWhenItPauses() {
    var problem = NodeProblems.eniLimit(SAID, QuotaUse.UNKNOWN, 0);
    var facts = new Facts().coming(coming(new BindingState.Paused(problem))).get();

    assertThat(EniPolicy.decide(facts))
        .isEqualTo(new Work(List.of(), List.of(), Optional.of(problem), false));
  }

  @Test
  void shouldLeaveTheAddressToItsStrangerWhenItIsTaken() {
    var eni = coming(new BindingState.Refused(Refusal.ADDRESS_TAKEN, SAID));

    var work = (Work) EniPolicy.decide(new Facts().coming(eni).get());

    assertThat(work.steps())
        .containsExactly(new Step.GiveUp(eni, true, NodeProblems.addressTaken(SAID)));
    assertThat(work.problem()).isEmpty();
  }

  @Test
  void shouldGiveTheAddressUpWhenTheCloudCallsTheSubnetFull() {
    var eni = coming(new BindingState.Refused(Refusal.SUBNET_FULL, SAID));

    var work = (Work) EniPolicy.decide(new Facts().coming(eni).get());

    assertThat(work.steps())
        .containsExactly(new Step.GiveUp(eni, false, new Problem(NodeReason.SUBNET_FULL, SAID)));
  }

  @Test
  void shouldRecordTheEniFirstWhenTheCloudHasOneOfOursThatNobodyRecorded() {
    assertThat(EniPolicy.decide(new Facts().found(BOUND).get()))
        .isEqualTo(new EniDecision.Adopt(List.of(BOUND)));
  }

  @Test
  void shouldRecordTheAddressAgainWhenItsRecordWasTakenAwayByHand() {
    assertThat(EniPolicy.decide(new Facts().unrecorded(BOUND).get()))
        .isEqualTo(new EniDecision.RecreateRecord(List.of(BOUND)));
  }

  @Test
  void shouldBeginNothingButWriteDownWhatEndedWhenTheNodeIsGone() {
    var ended = coming(new BindingState.Bound(BOUND));
    var open = coming(new BindingState.Open());

    var work = (Work) EniPolicy.decide(new Facts().node(null).coming(ended, open).get());

    assertThat(work.steps()).containsExactly(new Step.RecordBound(ended, BOUND));
    assertThat(work.growth()).isEmpty();
    assertThat(work.problem()).map(Problem::reason).contains(NodeReason.NODE_GONE);
  }

  @Test
  void shouldSayWhatIsMissingWhenNeitherTheCloudNorTheNodeTellsTheZone() {
    var node =
        new NodeFacts(
            "node-a",
            "qcloud:///1/" + INSTANCE,
            Optional.empty(),
            Optional.empty(),
            false,
            Optional.empty());

    var work = (Work) EniPolicy.decide(new Facts().node(node).zone(null).get());

    assertThat(work.problem()).map(Problem::reason).contains(NodeReason.NODE_ZONE_MISSING);
    assertThat(work.growth()).isEmpty();
  }

  @Test
  void shouldAskTheCloudWhenNoLabelOfTheNodeHasTheNameOfItsZone() {
    assertThat(EniPolicy.decide(new Facts().zone(null).unasked().get()))
        .isEqualTo(new EniDecision.Learn(true, false, Optional.empty()));
  }

  @Test
  void shouldHaveTheRecordSayTheZoneWhenTheCloudTellsAnother() {
    assertThat(EniPolicy.decide(new Facts().recordedZone("zone-4").get()))
        .isEqualTo(new EniDecision.Locate(ZONE));
  }

  @Test
  void shouldSayInstanceChangedWhenAnotherInstanceHasTheNodesName() {
    var node =
        new NodeFacts(
            "node-a",
            "qcloud:///1/ins-other1",
            Optional.of(ZONE),
            Optional.empty(),
            false,
            Optional.empty());

    var work = (Work) EniPolicy.decide(new Facts().node(node).get());

    assertThat(work.problem()).map(Problem::reason).contains(NodeReason.INSTANCE_CHANGED);
    assertThat(work.growth()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = LeftEni.Where.class,
      names = {"GONE", "OTHERS"})
  void shouldForgetTheRecordOfAnEniWhenThereIsNoneOfOurs(LeftEni.Where where) {
    var eni = new LeftEni(IP, "eni-1", where, true);

    var work = (Work) EniPolicy.decide(new Facts().left(eni).get());

    assertThat(work.steps()).containsExactly(new Step.Forget(eni));
    assertThat(work.lookAgain()).isFalse();
    // It takes no ENI's place.
    assertThat(work.growth()).containsExactly("subnet-a");
  }

  @Test
  void shouldDeleteAnEniOfTheMachineBeforeWhenItCarriesNothing() {
    var eni = new LeftEni(IP, "eni-1", LeftEni.Where.EMPTY, true);

    var work = (Work) EniPolicy.decide(new Facts().left(eni).get());

    assertThat(work.steps()).containsExactly(new Step.Remove(eni));
  }

  @ParameterizedTest
  @EnumSource(
      value = LeftEni.Where.class,
      names = {"LOADED", "ELSEWHERE"})
  void shouldTellOfAnEniAndLookAgainWhenItCannotBeDeleted(LeftEni.Where where) {
    var eni = new LeftEni(IP, "eni-1", where, true);

    var work = (Work) EniPolicy.decide(new Facts().left(eni).get());

    assertThat(work.steps())
        .containsExactly(new Step.Tell(NodeProblems.eniLeftBehind("node-a", eni)));
    assertThat(work.lookAgain()).isTrue();
    assertThat(work.problem()).isEmpty();
  }

  @Test
  void shouldLookAgainWhenTheNodeIsFullOfEnisThatAreNotOurs() {
    var work = (Work) EniPolicy.decide(new Facts().strangers(3).get());

    assertThat(work.problem()).map(Problem::reason).contains(NodeReason.NODE_FULL);
    assertThat(work.lookAgain()).isTrue();
  }

  private static PendingEni coming(BindingState standing) {
    return new PendingEni(IP, "subnet-a", standing);
  }

  @Test
  void shouldOpenOneClosedEniAgainAndGiveTheOtherBackWhenTheNodeHasNoOther() {
    var first = closed("10.0.0.2", 0, true);
    var second = closed("10.0.0.3", 0, true);

    var work = work(new Facts().leaving(first, second));

    assertThat(work.steps()).containsExactly(new Step.Reopen(first), new Step.GiveBack(second));
    assertThat(work.growth()).isEmpty();
  }

  @Test
  void shouldOpenAClosedEniAgainWhenAnAddressIsOnIt() {
    var empty = closed("10.0.0.2", 0, true);
    var used = closed("10.0.0.3", 1, true);

    var work = work(new Facts().leaving(used, empty));

    assertThat(work.steps()).containsExactly(new Step.Reopen(used), new Step.GiveBack(empty));
  }

  @Test
  void shouldLookFirstWhereAClosedEniIsThatIsNeededAgain() {
    var unseen = closed("10.0.0.2", 0, false);

    assertThat(EniPolicy.decide(new Facts().leaving(unseen).get()))
        .isEqualTo(new EniDecision.Learn(false, true, Optional.empty()));
  }

  @Test
  void shouldStrikeAClosedEniOffWhenItIsGone() {
    var gone =
        new LeavingEni(
            Ip.parse("10.0.0.2"),
            Optional.of("eni-a"),
            "subnet-a",
            LeavingEni.Where.GONE,
            false,
            0,
            true,
            true,
            true);

    var work = work(new Facts().leaving(gone));

    assertThat(work.steps()).containsExactly(new Step.StrikeOff(gone));
    assertThat(work.growth()).containsExactly("subnet-a");
  }

  @Test
  void shouldCloseAnEniThatHasBeenEmptyForLong() {
    var idle = idle("10.0.0.3");

    assertThat(work(new Facts().attached(2, 0).leaving(idle)).steps())
        .containsExactly(new Step.Close(idle));
  }

  @Test
  void shouldKeepTheLastEniWhenAllAreEmpty() {
    var first = idle("10.0.0.2");
    var second = idle("10.0.0.3");

    assertThat(work(new Facts().attached(0, 0).leaving(first, second)).steps())
        .containsExactly(new Step.Close(first));
    assertThat(work(new Facts().attached(0).leaving(first)).steps()).isEmpty();
  }

  @Test
  void shouldKeepAnEmptyEniThatTheDesiredRoomNeeds() {
    var idle = idle("10.0.0.3");

    assertThat(
            work(new Facts().attached(2, 0).leaving(idle).desired(LIMITS.slotsPerEni() + 1))
                .steps())
        .isEmpty();
    assertThat(work(new Facts().attached(2, 0).leaving(idle).desired(LIMITS.slotsPerEni())).steps())
        .hasSize(1);
  }

  @Test
  void shouldKeepAnEmptyEniWhileAPodWaits() {
    assertThat(work(new Facts().attached(2, 0).leaving(idle("10.0.0.3")).waiting()).steps())
        .isEmpty();
  }

  @Test
  void shouldCloseNoFurtherEniBeforeTheLastOneIsGone() {
    var busy =
        new LeavingEni(
            Ip.parse("10.0.0.2"),
            Optional.of("eni-a"),
            "subnet-a",
            LeavingEni.Where.BUSY,
            false,
            0,
            true,
            true,
            true);

    assertThat(work(new Facts().attached(2, 0).leaving(idle("10.0.0.3"), busy)).steps()).isEmpty();
  }

  private static LeavingEni idle(String ip) {
    return new LeavingEni(
        Ip.parse(ip),
        Optional.of("eni-" + ip),
        "subnet-a",
        LeavingEni.Where.ATTACHED,
        false,
        0,
        true,
        true,
        false);
  }

  private static LeavingEni closed(String ip, int used, boolean seen) {
    return new LeavingEni(
        Ip.parse(ip),
        Optional.of("eni-" + ip),
        "subnet-a",
        LeavingEni.Where.ATTACHED,
        seen,
        used,
        true,
        true,
        true);
  }

  private static EniDecision.Work work(Facts facts) {
    return (EniDecision.Work) EniPolicy.decide(facts.get());
  }

  /** A node about which all is known and nothing is done, changed by what a test is about. */
  private static final class Facts {
    private Optional<NodeFacts> node =
        Optional.of(
            new NodeFacts(
                "node-a",
                "qcloud:///1/" + INSTANCE,
                Optional.of(ZONE),
                Optional.empty(),
                false,
                Optional.empty()));
    private Optional<String> zone = Optional.of(ZONE);
    private Optional<String> recordedZone = Optional.empty();
    private boolean asked = true;
    private Optional<RouteLimits> limits = Optional.of(LIMITS);
    private boolean looked = true;
    private int strangers;
    private List<PendingEni> coming = List.of();
    private List<BoundEni> unrecorded = List.of();
    private List<BoundEni> found = List.of();
    private List<LeftEni> left = List.of();
    private List<LeavingEni> leaving = List.of();
    private List<EniRoom> attached = List.of();
    private int desired;
    private List<Set<String>> waiting = List.of();
    private Set<String> unseen = Set.of();
    private Optional<Problem> unseenBecause = Optional.empty();

    Facts node(NodeFacts other) {
      node = Optional.ofNullable(other);
      return this;
    }

    Facts zone(String other) {
      zone = Optional.ofNullable(other);
      return this;
    }

    Facts limits(RouteLimits other) {
      limits = Optional.ofNullable(other);
      return this;
    }

    Facts looked(boolean yes) {
      looked = yes;
      return this;
    }

    Facts coming(PendingEni... enis) {
      coming = List.of(enis);
      return this;
    }

    Facts unrecorded(BoundEni eni) {
      unrecorded = List.of(eni);
      return this;
    }

    Facts found(BoundEni eni) {
      found = List.of(eni);
      return this;
    }

    Facts left(LeftEni eni) {
      left = List.of(eni);
      return this;
    }

    Facts attached(int... used) {
      attached =
          Arrays.stream(used)
              .mapToObj(u -> new EniRoom("subnet-a", LIMITS.slotsPerEni(), u))
              .toList();
      return this;
    }

    Facts desired(int slots) {
      desired = slots;
      return this;
    }

    Facts waiting() {
      waiting = List.of(Set.of());
      return this;
    }

    Facts leaving(LeavingEni... enis) {
      leaving = List.of(enis);
      return this;
    }

    Facts strangers(int count) {
      strangers = count;
      return this;
    }

    Facts unseenBecause(Problem problem) {
      unseenBecause = Optional.of(problem);
      return this;
    }

    Facts unseen(String id) {
      unseen = Set.of(id);
      return this;
    }

    Facts unasked() {
      asked = false;
      return this;
    }

    Facts recordedZone(String other) {
      recordedZone = Optional.of(other);
      return this;
    }

    EniFacts get() {
      return new EniFacts(
          "node-a",
          node,
          new InstanceFacts(
              Optional.of(INSTANCE),
              zone,
              recordedZone.or(() -> zone),
              asked,
              limits,
              looked,
              Optional.empty(),
              strangers),
          attached,
          coming,
          unrecorded,
          found,
          left,
          leaving,
          new SubnetFacts(List.of(new SubnetRoom("subnet-a", ZONE, 100)), unseen, unseenBecause),
          new WantedRoom(desired, waiting));
    }
  }
}
