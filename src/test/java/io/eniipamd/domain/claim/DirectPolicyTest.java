package io.eniipamd.domain.claim;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.domain.address.Cidr;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.ClaimDecision.Nothing;
import io.eniipamd.domain.claim.ClaimView.Phase;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.domain.node.DirectRoom;
import io.eniipamd.domain.node.EniView;
import io.eniipamd.domain.node.NodeView;
import io.eniipamd.domain.node.SubnetQuotaUse;
import io.eniipamd.domain.node.SubnetRoom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is decided for a claim that is for an ENI of the Pod's own. */
class DirectPolicyTest {
  private static final Ip IP = Ip.parse("10.0.0.10");
  private static final String HERE = "ins-here";
  private static final EniView ENI =
      new EniView(
          "eni-own",
          "20:90:6f:00:00:01",
          "subnet-a",
          Cidr.parse("10.0.0.0/24"),
          Ip.parse("10.0.0.1"),
          1,
          1,
          false,
          false);

  /** It has a shared ENI with room, which must not matter. */
  private static final NodeView NODE =
      new NodeView("node-a", "zone-1", List.of(shared()), Optional.empty(), true);

  private Phase phase = Phase.PENDING;
  private Optional<Ip> address = Optional.empty();
  private Optional<String> boundTo = Optional.empty();
  private boolean moving;
  private boolean direct = true;
  private boolean podIsDirect = true;
  private boolean podIsThere = true;
  private Optional<Ip> podIp = Optional.empty();
  private Optional<ClaimAddress> held = Optional.empty();
  private Optional<LostPlace> lost = Optional.empty();
  private ClaimView.PodRequests requested = ClaimView.PodRequests.NONE;
  private Optional<String> instance = Optional.of(HERE);
  private Optional<Integer> limit = Optional.empty();
  private List<SubnetRoom> subnets =
      List.of(
          new SubnetRoom("subnet-a", "zone-1", 5),
          new SubnetRoom("subnet-b", "zone-1", 50),
          new SubnetRoom("subnet-full", "zone-1", 0));

  @Test
  void shouldAllocateFromTheSubnetWithMostFreeAddresses() {
    assertThat(decided())
        .isEqualTo(new AllocationStep.AllocateDirect(Optional.empty(), "subnet-b", HERE, NODE));
  }

  @Test
  void shouldAllocateFromANominatedSubnetAlone() {
    requested = new ClaimView.PodRequests(Optional.empty(), List.of("subnet-a"), Optional.empty());

    assertThat(decided())
        .isEqualTo(new AllocationStep.AllocateDirect(Optional.empty(), "subnet-a", HERE, NODE));
  }

  @Test
  void shouldSayWhichSubnetIsFull() {
    requested =
        new ClaimView.PodRequests(Optional.empty(), List.of("subnet-full"), Optional.empty());

    assertProblem(NodeReason.SUBNET_FULL, "subnet-full");
  }

  @Test
  void shouldSayWhichQuotaIsMetAndTakeAnotherSubnetWhereThereIsOne() {
    var met = new SubnetQuotaUse("subnet-a", 7, 3, 2, 2, 0, 0, 0);
    var atQuota = new SubnetRoom("subnet-a", "zone-1", 0, Optional.of(met));
    subnets = List.of(atQuota, new SubnetRoom("subnet-b", "zone-1", 1));
    assertThat(decided())
        .isEqualTo(new AllocationStep.AllocateDirect(Optional.empty(), "subnet-b", HERE, NODE));

    subnets = List.of(atQuota);
    assertProblem(NodeReason.SUBNET_QUOTA_EXCEEDED, "may take 7 addresses of subnet-a");

    nominated(Optional.empty(), false);
    assertProblem(NodeReason.SUBNET_QUOTA_EXCEEDED, "may take 7 addresses of subnet-a");
  }

  @Test
  void shouldSayThatNoSubnetOfTheZoneWillDo() {
    requested =
        new ClaimView.PodRequests(Optional.empty(), List.of("subnet-other"), Optional.empty());

    assertProblem(ClaimReason.SUBNET_NOT_ON_NODE, "subnet-other");
  }

  @Test
  void shouldAllocateTheNominatedAddress() {
    nominated(Optional.empty(), false);

    assertThat(decided())
        .isEqualTo(new AllocationStep.AllocateDirect(Optional.of(IP), "subnet-a", HERE, NODE));
  }

  @Test
  void shouldSayThatTheSubnetOfTheNominatedAddressIsFull() {
    nominated(Optional.empty(), false);
    subnets = List.of(new SubnetRoom("subnet-a", "zone-1", 0));

    assertProblem(NodeReason.SUBNET_FULL, "subnet-a");
  }

  @Test
  void shouldNotTakeANominatedAddressThatIsReadyOnASharedEni() {
    nominated(Optional.empty(), true);

    assertProblem(ClaimReason.NOMINATED_IP_IN_USE, "warm");
  }

  @Test
  void shouldNotTakeANominatedAddressThatAnotherHas() {
    nominated(Optional.of("claim shop/other"), false);

    assertProblem(ClaimReason.NOMINATED_IP_IN_USE, "shop/other");
  }

  @Test
  void shouldWaitWhileTheInstanceOfTheNodeIsNotKnown() {
    instance = Optional.empty();

    assertThat(decided())
        .isInstanceOfSatisfying(
            WaitStep.Await.class, w -> assertThat(w.reason()).isEqualTo(ClaimReason.AWAITING_ENI));
  }

  @Test
  void shouldWaitWhileTheCloudAttachesIt() {
    holds(Optional.of(HERE), Optional.empty(), Optional.empty());

    assertThat(decided())
        .isInstanceOfSatisfying(
            WaitStep.Await.class,
            w -> assertThat(w.reason()).isEqualTo(ClaimReason.ADDRESS_ON_ITS_WAY));
  }

  @Test
  void shouldSayWhatTheCloudRefuses() {
    holds(Optional.of(HERE), Optional.empty(), Optional.of("the quota is used up"));

    assertProblem(ClaimReason.ASSIGN_FAILED, "the quota is used up");
  }

  @Test
  void shouldSayHowManyAreWantedOfHowManyWhenTheInstanceCanHaveNoMore() {
    holds(Optional.of(HERE), Optional.empty(), Optional.of("LimitExceeded"));
    limit = Optional.of(2);
    assertProblem(
        ClaimReason.ASSIGN_FAILED,
        "LimitExceeded; instance %s may have 2 ENIs of Pods' own, and 3 Pods on node node-a want"
                .formatted(HERE)
            + " one; delete a Pod");

    limit = Optional.of(3);
    assertThat(decided())
        .isEqualTo(new WaitStep.Problem(ClaimReason.ASSIGN_FAILED, "LimitExceeded"));
  }

  @Test
  void shouldBindOnlyWhatIsSettledOnTheInstanceOfTheNode() {
    holds(Optional.of(HERE), Optional.of(ENI), Optional.empty());

    assertThat(decided())
        .isInstanceOfSatisfying(
            PlacementStep.Bind.class, bind -> assertThat(bind.eni()).isEqualTo(ENI));
  }

  @Test
  void shouldConfirmFirstThatNoMoveOfBeforeIsUnderWay() {
    moving = true;
    holds(Optional.of(HERE), Optional.of(ENI), Optional.empty());

    assertThat(decided()).isEqualTo(new PlacementStep.ConfirmPlace(IP));
  }

  @Test
  void shouldMoveItToTheInstanceOfTheNode() {
    retained();
    holds(Optional.of("ins-before"), Optional.of(ENI), Optional.empty());

    assertThat(decided()).isEqualTo(new PlacementStep.MoveDirect(held.orElseThrow(), HERE, NODE));
  }

  @Test
  void shouldAttachAKeptOne() {
    retained();
    holds(Optional.empty(), Optional.empty(), Optional.empty());

    assertThat(decided()).isEqualTo(new PlacementStep.MoveDirect(held.orElseThrow(), HERE, NODE));
  }

  @Test
  void shouldMoveNothingThatThePodSaysItRunsWith() {
    podIp = Optional.of(IP);
    holds(Optional.of("ins-before"), Optional.of(ENI), Optional.empty());

    assertProblem(ClaimReason.ENI_NOT_ON_NODE, IP.toString());
  }

  @Test
  void shouldKeepItOnNoInstanceWhileItsPodIsAway() {
    retained();
    podIsThere = false;
    holds(Optional.of(HERE), Optional.of(ENI), Optional.empty());

    assertThat(decided()).isEqualTo(new RetentionStep.Detach(held.orElseThrow()));

    holds(Optional.empty(), Optional.empty(), Optional.empty());
    assertThat(decided()).isEqualTo(new Nothing());
  }

  @Test
  void shouldRetainBeforeAnythingElseWhenThePodIsGone() {
    phase = Phase.BOUND;
    address = Optional.of(IP);
    boundTo = Optional.of("pod-1");
    podIsThere = false;
    holds(Optional.of(HERE), Optional.of(ENI), Optional.empty());

    assertThat(decided()).isEqualTo(new RetentionStep.Retain());
  }

  @Test
  void shouldTouchNothingOfAPodThatLives() {
    phase = Phase.BOUND;
    address = Optional.of(IP);
    boundTo = Optional.of("pod-1");
    instance = Optional.of("ins-another-machine");
    lost =
        Optional.of(
            new LostPlace("eni-own", LostPlace.Where.NOWHERE, Optional.empty(), "ins-another"));
    holds(Optional.of(HERE), Optional.of(ENI), Optional.empty());

    assertThat(decided()).isEqualTo(new Nothing());
  }

  @Test
  void shouldRefuseAPodThatAsksForTheOtherNetwork() {
    retained();
    holds(Optional.empty(), Optional.empty(), Optional.empty());
    podIsDirect = false;
    assertRefused();

    direct = false;
    podIsDirect = true;
    assertRefused();
  }

  @Test
  void shouldSayThatTheZoneIsAnother() {
    holds(Optional.of(HERE), Optional.of(ENI), Optional.empty());
    held = held.map(h -> inZone(h, "zone-2"));

    assertProblem(ClaimReason.ZONE_MISMATCH, "zone-2");
  }

  private void assertRefused() {
    assertThat(decided())
        .isInstanceOfSatisfying(
            WaitStep.Refuse.class,
            r -> assertThat(r.error().reason()).isEqualTo(ClaimReason.NETWORK_MODE_CONFLICT));
  }

  private void assertProblem(Reason reason, String says) {
    assertThat(decided())
        .isInstanceOfSatisfying(
            WaitStep.Problem.class,
            p -> {
              assertThat(p.reason()).isEqualTo(reason);
              assertThat(p.message()).contains(says);
            });
  }

  private void retained() {
    phase = Phase.RETAINED;
    address = Optional.of(IP);
    boundTo = Optional.of("pod-0");
  }

  private void holds(
      Optional<String> wantedOn, Optional<EniView> settled, Optional<String> problem) {
    held =
        Optional.of(
            new ClaimAddress(
                IP,
                "subnet-a",
                Optional.of("zone-1"),
                settled.isPresent() ? ClaimAddress.Phase.ASSIGNED : ClaimAddress.Phase.HELD,
                Optional.empty(),
                Optional.of("eni-own"),
                problem,
                false,
                false,
                false,
                Optional.of(new DirectEni(wantedOn, settled))));
  }

  private static ClaimAddress inZone(ClaimAddress held, String zone) {
    return new ClaimAddress(
        held.ip(),
        held.subnetId(),
        Optional.of(zone),
        held.phase(),
        held.intendedEni(),
        held.confirmedEni(),
        held.problem(),
        held.newerThanClaim(),
        held.refused(),
        held.subnetFull(),
        held.direct());
  }

  private void nominated(Optional<String> holder, boolean warm) {
    requested =
        new ClaimView.PodRequests(
            Optional.of(IP),
            List.of(),
            Optional.of(
                new ClaimView.Nominated(
                    Optional.of("subnet-a"), Optional.of("zone-1"), true, holder, warm)));
  }

  private ClaimDecision decided() {
    var pod =
        new PodView(
            "pod-1",
            false,
            false,
            Optional.of("node-a"),
            PodZones.ANY,
            podIp,
            new PodRequest.Requested(
                podIsDirect, true, Optional.empty(), List.of(), Optional.empty(), List.of()));
    return ClaimPolicy.decide(
        new ClaimView(
            false,
            true,
            new ClaimView.Recorded(phase, address, moving, boundTo, true, direct),
            new ClaimView.Requester(
                Optional.of(pod).filter(_ -> podIsThere),
                Optional.of(NODE),
                requested,
                false,
                Optional.empty(),
                lost,
                Optional.empty(),
                Optional.of(new DirectRoom(instance, subnets, limit, 3))),
            held.stream().toList(),
            Optional.empty(),
            Set.of(),
            RetentionView.QUIETLY));
  }

  private static EniView shared() {
    return new EniView(
        "eni-shared",
        "20:90:6f:00:00:02",
        "subnet-a",
        Cidr.parse("10.0.0.0/24"),
        Ip.parse("10.0.0.1"),
        9,
        1,
        false,
        false);
  }
}
