package io.eniipamd.domain.claim;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.domain.address.Cidr;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.AllocationStep.Allocate;
import io.eniipamd.domain.claim.AllocationStep.AllocateNamed;
import io.eniipamd.domain.claim.AllocationStep.RecreateRecord;
import io.eniipamd.domain.claim.AllocationStep.TakeBack;
import io.eniipamd.domain.claim.AllocationStep.TakeWarm;
import io.eniipamd.domain.claim.AllocationStep.YieldWarm;
import io.eniipamd.domain.claim.ClaimDecision.Nothing;
import io.eniipamd.domain.claim.ClaimView.Phase;
import io.eniipamd.domain.claim.PlacementStep.AwaitRoom;
import io.eniipamd.domain.claim.PlacementStep.Bind;
import io.eniipamd.domain.claim.PlacementStep.ConfirmPlace;
import io.eniipamd.domain.claim.PlacementStep.LookForEni;
import io.eniipamd.domain.claim.PlacementStep.Move;
import io.eniipamd.domain.claim.PlacementStep.Preempt;
import io.eniipamd.domain.claim.ReleaseStep.BlockRelease;
import io.eniipamd.domain.claim.ReleaseStep.DeleteClaim;
import io.eniipamd.domain.claim.ReleaseStep.DeleteScaled;
import io.eniipamd.domain.claim.ReleaseStep.ExplainPause;
import io.eniipamd.domain.claim.ReleaseStep.ReleaseAddresses;
import io.eniipamd.domain.claim.ReleaseStep.ReleaseSurplus;
import io.eniipamd.domain.claim.ReleaseStep.RemoveFinalizer;
import io.eniipamd.domain.claim.RetentionStep.RefreshStatus;
import io.eniipamd.domain.claim.RetentionStep.Relocate;
import io.eniipamd.domain.claim.RetentionStep.Retain;
import io.eniipamd.domain.claim.RetentionView.Pause;
import io.eniipamd.domain.claim.RetentionView.Relocation;
import io.eniipamd.domain.claim.WaitStep.Problem;
import io.eniipamd.domain.claim.WaitStep.Refuse;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.node.EniView;
import io.eniipamd.domain.node.NodeProblems;
import io.eniipamd.domain.node.NodeView;
import io.eniipamd.domain.node.SubnetQuotaUse;
import io.eniipamd.domain.node.WarmAddress;
import io.eniipamd.domain.node.ZoneLabel;
import io.eniipamd.domain.node.ZoneLabels;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ClaimPolicyTest {
  private static final Ip IP = Ip.parse("10.0.3.7");
  private static final Ip OTHER = Ip.parse("10.0.3.8");
  private static final SubnetQuotaUse MET = new SubnetQuotaUse("subnet-a", 5, 3, 1, 1, 0, 0, 0);
  private static final String ZONE = "zone-3";
  private static final String ZONE_LABEL = "topology.kubernetes.io/zone";
  private static final EniView ENI = eni("eni-1", "subnet-a", 9, 3);
  private static final NodeView NODE = node(ENI);
  private static final ClaimAddress ON_ENI =
      held(IP, ClaimAddress.Phase.ASSIGNED, "eni-1", "eni-1");
  private static final ValidationError FATAL =
      new ValidationError(ClaimReason.NETWORK_MODE_CONFLICT, "no", true);

  /** A row of the table; its sentence is the test's name. */
  private interface Row {
    static Arguments of(String sentence, Claim claim, ClaimDecision decision) {
      return Arguments.of(sentence, claim.get(), decision);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("table")
  void shouldDecide(String sentence, ClaimView claim, ClaimDecision decision) {
    assertThat(ClaimPolicy.decide(claim)).isEqualTo(decision);
  }

  static Stream<Arguments> table() {
    return Stream.of(
            coming(),
            warm(),
            bound(),
            replaced(),
            leaving(),
            kept(),
            back(),
            crowded(),
            deleted(),
            withProblem())
        .flatMap(s -> s);
  }

  private static Stream<Arguments> coming() {
    return Stream.of(
        Row.of("a Pod without a node waits", claim().pod(pod().node(null)), new Nothing()),
        Row.of(
            "a Pod without a node waits where it allows the zone of its address",
            retained().pod(pod().uid("pod-2").node(null).only(ZONE)).destinedFor(ZONE),
            new Nothing()),
        Row.of(
            "a Pod without a node that excludes the zone of its address is told so",
            retained().pod(pod().uid("pod-2").node(null).only("zone-4")).destinedFor(ZONE),
            new Problem(
                ClaimReason.ZONE_CONFLICT,
                "the nodeSelector or the required node affinity of the Pod excludes zone zone-3, but"
                    + " its address 10.0.3.7 of subnet subnet-a cannot leave that zone; let the Pod"
                    + " run there (nodeSelector topology.kubernetes.io/zone: zone-3), or delete this"
                    + " claim to release the address")),
        Row.of(
            "a Pod on a node without a record asks for room and waits",
            claim().pod(pod()),
            new AwaitRoom("node-a", Set.of(), Optional.empty())),
        Row.of(
            "a Pod on a node with room gets an address",
            claim().pod(pod()).node(NODE),
            new Allocate(ENI, NODE)),
        Row.of(
            "the fullest ENI with room is taken",
            claim()
                .pod(pod())
                .node(node(ENI, eni("eni-2", "subnet-a", 9, 8), eni("eni-3", "subnet-a", 9, 9))),
            new Allocate(
                eni("eni-2", "subnet-a", 9, 8),
                node(ENI, eni("eni-2", "subnet-a", 9, 8), eni("eni-3", "subnet-a", 9, 9)))),
        Row.of(
            "a full node that may have a further ENI asks for one",
            claim().pod(pod()).node(growing(eni("eni-1", "subnet-a", 9, 9))),
            new AwaitRoom("node-a", Set.of(), Optional.empty())),
        Row.of(
            "a full node that may have none says so",
            claim().pod(pod()).node(node(eni("eni-1", "subnet-a", 9, 9))),
            new Problem(
                ClaimReason.NO_ROOM_ON_NODE,
                "every slot of the ENIs of node node-a is in use and the node can have no further ENI; let the Pod run on another node")),
        Row.of(
            "a full subnet is no room, an ENI of another one is taken",
            claim().pod(pod()).node(node(dry("eni-1", "subnet-a"), eni("eni-2", "subnet-b", 9, 1))),
            new Allocate(
                eni("eni-2", "subnet-b", 9, 1),
                node(dry("eni-1", "subnet-a"), eni("eni-2", "subnet-b", 9, 1)))),
        Row.of(
            "where the ENIs of a node are of a full subnet, one of another is asked for",
            claim().pod(pod()).node(growing(dry("eni-1", "subnet-a"))),
            new AwaitRoom("node-a", Set.of(), Optional.empty())),
        Row.of(
            "of the nominated subnets those are asked for that have addresses",
            claim()
                .pod(pod())
                .node(growing(dry("eni-1", "subnet-a")))
                .subnets("subnet-a", "subnet-b"),
            new AwaitRoom("node-a", Set.of("subnet-b"), Optional.empty())),
        Row.of(
            "nominated subnets that are full say so, whether the node may grow or not",
            claim().pod(pod()).node(growing(dry("eni-1", "subnet-a"))).subnets("subnet-a"),
            subnetFull("subnet-a")),
        Row.of(
            "a node that may have no further ENI says that the subnet is full",
            claim().pod(pod()).node(node(dry("eni-1", "subnet-a"))),
            subnetFull("subnet-a")),
        Row.of(
            "no address makes room on an ENI whose subnet has no address for the Pod",
            claim().pod(pod()).node(node(eni("eni-1", "subnet-a", 9, 9, true))).crowded("eni-1"),
            subnetFull("subnet-a")),
        Row.of(
            "a node whose subnet is at its quota says so",
            claim().pod(pod()).node(atQuota(node(dry("eni-1", "subnet-a")))),
            quotaMet()),
        Row.of(
            "a nominated address of a subnet at its quota is not asked for",
            claim()
                .pod(pod())
                .node(atQuota(node(dry("eni-1", "subnet-a"))))
                .nominated(IP, "subnet-a", null),
            quotaMet()),
        Row.of(
            "a warm address goes where a nominated one is of a subnet at its quota",
            claim()
                .pod(pod())
                .node(atQuota(warm(node(dry("eni-1", "subnet-a")), OTHER, "eni-1", true)))
                .nominated(IP, "subnet-a", null),
            new YieldWarm(Set.of("eni-1"), quotaMet())),
        Row.of(
            "a warm address of another node is taken where the subnet is at its quota",
            claim()
                .pod(pod())
                .node(atQuota(warmElsewhere(node(dry("eni-1", "subnet-a")), "subnet-a"))),
            new TakeWarm(OTHER)),
        Row.of(
            "a nominated address of a full subnet is asked for all the same",
            claim().pod(pod()).node(node(dry("eni-1", "subnet-a"))).nominated(IP, "subnet-a", null),
            new AllocateNamed(IP, dry("eni-1", "subnet-a"), node(dry("eni-1", "subnet-a")))),
        Row.of(
            "only the nominated subnets will do",
            claim().pod(pod()).node(growing(ENI)).subnets("subnet-b"),
            new AwaitRoom("node-a", Set.of("subnet-b"), Optional.empty())),
        Row.of(
            "a node that may have none of the nominated subnets is told",
            claim()
                .pod(pod())
                .node(
                    new NodeView(
                        "node-a",
                        ZONE,
                        List.of(ENI),
                        Optional.empty(),
                        true,
                        Set.of("subnet-a"),
                        Optional.empty()))
                .subnets("subnet-b"),
            new Problem(
                ClaimReason.SUBNET_NOT_ON_NODE,
                "the Pod needs an address of subnet-b, but node node-a may have ENIs of subnet-a only"
                    + " (its label tke.cloud.tencent.com/route-eni-subnet-ids, copied to spec.subnets of its"
                    + " NodeENIConfig); let the Pod run on another node, or change the label")),
        Row.of(
            "the nominated address is asked for",
            claim().pod(pod()).node(NODE).nominated(IP, "subnet-a", null),
            new AllocateNamed(IP, ENI, NODE)),
        Row.of(
            "a nominated address that is in use is waited for",
            claim().pod(pod()).node(NODE).nominated(IP, "subnet-a", "claim a/b"),
            new Problem(
                ClaimReason.NOMINATED_IP_IN_USE,
                "10.0.3.7 is in use by claim a/b; the operator tries again when it becomes free",
                Optional.of(IP))),
        Row.of(
            "an allocated address that is on its way is waited for",
            claim()
                .pod(pod())
                .node(NODE)
                .holds(held(IP, ClaimAddress.Phase.ATTACHING, "eni-1", null)),
            onItsWay("eni-1")),
        Row.of(
            "an address that is there is bound",
            claim().pod(pod()).node(NODE).holds(ON_ENI),
            new Bind(ON_ENI, ENI, NODE, pod().get())),
        Row.of(
            "a terminating Pod gets nothing new",
            claim().pod(pod().terminating()).node(NODE),
            new Nothing()));
  }

  private static Stream<Arguments> warm() {
    var full = eni("eni-1", "subnet-a", 9, 9);
    var other = eni("eni-2", "subnet-b", 9, 9);
    return Stream.of(
        Row.of(
            "a warm address is taken before a new one",
            claim().pod(pod()).node(warm(NODE, OTHER, "eni-1", true)),
            new TakeWarm(OTHER)),
        Row.of(
            "a warm address is taken on a full node",
            claim().pod(pod()).node(warm(growing(full), OTHER, "eni-1", true)),
            new TakeWarm(OTHER)),
        Row.of(
            "one that is on its way is taken too",
            claim().pod(pod()).node(warm(node(full), OTHER, "eni-1", false)),
            new TakeWarm(OTHER)),
        Row.of(
            "a Pod that nominates subnets takes a warm address of these only",
            claim().pod(pod()).node(warm(NODE, OTHER, "eni-1", true)).subnets("subnet-a"),
            new TakeWarm(OTHER)),
        Row.of(
            "a Pod that nominates another subnet waits for an ENI of it",
            claim().pod(pod()).node(warm(growing(full), OTHER, "eni-1", true)).subnets("subnet-b"),
            new AwaitRoom("node-a", Set.of("subnet-b"), Optional.empty())),
        Row.of(
            "a warm address makes room on the ENI that the Pod needs",
            claim()
                .pod(pod())
                .node(warm(growing(full, other), OTHER, "eni-1", true))
                .nominated(IP, "subnet-a", null),
            new YieldWarm(
                Set.of("eni-1"),
                ClaimProblems.noEniInSubnet(growing(full, other), Set.of("subnet-a")))),
        Row.of(
            "a kept address that comes back needs room, and a warm one makes it",
            retained()
                .pod(pod().uid("pod-2"))
                .holdsNothing()
                .holds(held(IP, ClaimAddress.Phase.HELD, null, null))
                .node(warm(node(full), OTHER, "eni-1", true)),
            new YieldWarm(
                Set.of("eni-1"), ClaimProblems.noEniInSubnet(node(full), Set.of("subnet-a")))),
        Row.of(
            "the nominated address is taken where it is warm",
            claim().pod(pod()).node(NODE).nominatedWarm(IP, "subnet-a"),
            new TakeWarm(IP)),
        Row.of(
            "of a full subnet the warm address of another node is taken",
            claim().pod(pod()).node(warmElsewhere(node(dry("eni-1", "subnet-a")), "subnet-a")),
            new TakeWarm(OTHER)),
        Row.of(
            "the warm address of another node is of no use where no ENI of its subnet has room",
            claim()
                .pod(pod())
                .node(warmElsewhere(node(eni("eni-1", "subnet-a", 9, 9, true)), "subnet-a")),
            subnetFull("subnet-a")),
        Row.of(
            "a warm address that was taken is bound before its phase is written",
            claim()
                .pod(pod())
                .node(NODE)
                .holds(held(IP, ClaimAddress.Phase.AVAILABLE, "eni-1", "eni-1")),
            new Bind(
                held(IP, ClaimAddress.Phase.AVAILABLE, "eni-1", "eni-1"), ENI, NODE, pod().get())));
  }

  private static NodeView warm(NodeView node, Ip ip, String eniId, boolean ready) {
    return with(node, List.of(new WarmAddress(ip, eniId, ready)), Map.of());
  }

  private static NodeView warmElsewhere(NodeView node, String subnet) {
    return with(node, List.of(), Map.of(subnet, OTHER));
  }

  private static NodeView with(
      NodeView node, List<WarmAddress> warm, Map<String, Ip> warmElsewhere) {
    return new NodeView(
        node.name(),
        node.zone(),
        node.enis(),
        node.problem(),
        node.mayGrow(),
        node.subnets(),
        node.zoneLabel(),
        warm,
        warmElsewhere,
        Map.of());
  }

  private static ClaimDecision onItsWay(String eniId) {
    return new WaitStep.Await(
        ClaimReason.ADDRESS_ON_ITS_WAY,
        "the cloud is putting %s on ENI %s; see the VpcIP %s for its progress"
            .formatted(IP, eniId, IP));
  }

  private static Stream<Arguments> bound() {
    return Stream.of(
        Row.of("a bound Pod is left alone", boundClaim().pod(pod()).node(NODE), new Nothing()),
        Row.of(
            "a bound Pod whose record was deleted gets it again",
            boundClaim().pod(pod()).node(NODE).holdsNothing(),
            new RecreateRecord(IP)),
        Row.of(
            "a bound Pod whose address is being released by mistake takes it back",
            boundClaim()
                .pod(pod())
                .node(NODE)
                .holdsNothing()
                .holds(held(IP, ClaimAddress.Phase.RELEASING, "eni-1", "eni-1")),
            new TakeBack(IP)),
        Row.of(
            "the second address of a bound Pod goes, not the one in use",
            boundClaim()
                .pod(pod())
                .node(NODE)
                .holdsNothing()
                .holds(held(OTHER, ClaimAddress.Phase.ASSIGNED, "eni-1", "eni-1"))
                .holds(ON_ENI),
            new ReleaseSurplus(List.of(OTHER))),
        Row.of(
            "of two addresses before the first binding the older stays",
            claim()
                .pod(pod())
                .node(NODE)
                .holds(held(OTHER, ClaimAddress.Phase.ASSIGNED, "eni-1", "eni-1"))
                .holds(ON_ENI),
            new ReleaseSurplus(List.of(IP))),
        Row.of(
            "what the claim's own annotation newly says is copied while the Pod runs",
            boundClaim().pod(pod()).node(NODE).retention(STALE),
            new RefreshStatus(pod().get().request().requested())));
  }

  private static Stream<Arguments> replaced() {
    var there = eni("eni-2", "subnet-a", 9, 3);
    return Stream.of(
        Row.of(
            "where the ENI of a bound Pod is that its machine has not is asked first",
            boundClaim().pod(pod()).node(node(there)).lost(LostPlace.Where.UNSURE),
            new LookForEni("eni-1")),
        Row.of(
            "an address whose ENI is on the machine before stays there",
            boundClaim().pod(pod()).node(node(there)).lost(LostPlace.Where.ELSEWHERE),
            new Problem(
                ClaimReason.MACHINE_REPLACED,
                "node node-a runs on ins-new now, but the Pod is bound to 10.0.3.7 on ENI eni-1, which"
                    + " is still attached to instance ins-old and stays there, because a Pod may run with it;"
                    + " terminate that instance or detach the ENI from it, and the address moves to this"
                    + " machine")),
        Row.of(
            "an address whose ENI is on no machine follows its Pod",
            boundClaim().pod(pod()).node(node(there)).lost(LostPlace.Where.NOWHERE),
            new Move(ON_ENI, there, node(there))),
        Row.of(
            "an address that was on its way to a machine which is replaced in turn moves on",
            claim()
                .bound(Phase.PENDING)
                .moving()
                .holds(ON_ENI)
                .pod(pod().runningWith(IP))
                .node(node(there)),
            new Move(ON_ENI, there, node(there))),
        Row.of(
            "where the machine has no room for it, room is asked for",
            boundClaim().pod(pod()).node(growing()).lost(LostPlace.Where.NOWHERE),
            new AwaitRoom("node-a", Set.of("subnet-a"), Optional.empty())),
        Row.of(
            "a Pod whose ENI is back is bound again, so that users are told no more",
            boundClaim().pod(pod()).node(NODE).lost(LostPlace.Where.BACK),
            new Bind(ON_ENI, ENI, NODE, pod().get())),
        Row.of(
            "a Pod that ends keeps its place until it has ended",
            boundClaim().pod(pod().terminating()).node(node(there)).lost(LostPlace.Where.NOWHERE),
            new Nothing()),
        Row.of(
            "before the node has a record there is no other place",
            boundClaim().pod(pod()).lost(LostPlace.Where.NOWHERE),
            new Nothing()));
  }

  private static Stream<Arguments> leaving() {
    return Stream.of(
        Row.of(
            "without a Pod an Immediate claim goes", boundClaim().immediate(), new DeleteClaim()),
        Row.of(
            "a Pod that has succeeded has ended",
            boundClaim().immediate().pod(pod().ended()),
            new DeleteClaim()),
        Row.of("without a Pod a fixed claim is retained", boundClaim(), new Retain()),
        Row.of(
            "a fixed Pod that was evicted is retained",
            boundClaim().pod(pod().ended()),
            new Retain()),
        Row.of(
            "a terminating Pod owns its address still",
            boundClaim().immediate().pod(pod().terminating()).node(NODE),
            new Nothing()),
        Row.of(
            "a Pod that lost its annotations owns its address still",
            boundClaim().immediate().pod(pod().notOurs()).node(NODE),
            new Nothing()),
        Row.of(
            "a claim that a user made in advance waits for its Pod",
            claim().madeByUser(),
            new Nothing()),
        Row.of("a claim that holds nothing goes, fixed or not", claim(), new DeleteClaim()),
        Row.of(
            "a new Pod of the name of an Immediate one gets a claim of its own",
            boundClaim().immediate().pod(pod().uid("pod-2")).node(NODE),
            new DeleteClaim()));
  }

  private static final RetentionView STALE =
      new RetentionView(true, false, Optional.empty(), Optional.empty());
  private static final Pause UNTOLD = new Pause(ClaimReason.RELEASES_PAUSED, "paused", false);
  private static final Pause TOLD = new Pause(ClaimReason.RELEASES_PAUSED, "paused", true);
  private static final Relocation EVICTION = new Relocation("node-a", false);

  private static Stream<Arguments> kept() {
    return Stream.of(
        Row.of("a retained claim is left alone", retained(), new Nothing()),
        Row.of(
            "its deleted record is made again", retained().holdsNothing(), new RecreateRecord(IP)),
        Row.of(
            "its status is kept true",
            retained().retention(STALE),
            new RefreshStatus(Optional.empty())),
        Row.of(
            "what its StatefulSet was scaled away from goes",
            retained()
                .retention(new RetentionView(false, true, Optional.empty(), Optional.empty())),
            new DeleteScaled()),
        Row.of(
            "a pause holds that up, and users are told",
            retained()
                .retention(new RetentionView(false, true, Optional.of(UNTOLD), Optional.empty())),
            new ExplainPause(UNTOLD)),
        Row.of(
            "users are told once",
            retained()
                .retention(new RetentionView(false, true, Optional.of(TOLD), Optional.empty())),
            new Nothing()),
        Row.of(
            "an address that has to make room leaves its ENI",
            retained()
                .retention(
                    new RetentionView(false, false, Optional.empty(), Optional.of(EVICTION))),
            new Relocate(ON_ENI, EVICTION)),
        Row.of(
            "one that was kept before the cloud refused it its ENI goes to another",
            retained()
                .holdsNothing()
                .holds(refused(true))
                .retention(
                    new RetentionView(false, false, Optional.empty(), Optional.of(EVICTION))),
            new Relocate(refused(true), EVICTION)),
        Row.of(
            "one that may be on its way to its ENI stays",
            retained()
                .holdsNothing()
                .holds(refused(false))
                .retention(
                    new RetentionView(false, false, Optional.empty(), Optional.of(EVICTION))),
            new Nothing()),
        Row.of(
            "one that is on its way already is not sent again",
            retained()
                .holdsNothing()
                .holds(held(IP, ClaimAddress.Phase.ASSIGNED, "eni-2", "eni-1"))
                .retention(
                    new RetentionView(false, false, Optional.empty(), Optional.of(EVICTION))),
            new Nothing()),
        Row.of(
            "by its own annotation it may become Immediate while it is kept",
            retained().immediate(),
            new DeleteClaim()));
  }

  private static Stream<Arguments> back() {
    var elsewhere = node(eni("eni-9", "subnet-a", 9, 0));
    var moved =
        new ClaimAddress(
            IP,
            "subnet-a",
            Optional.of(ZONE),
            ClaimAddress.Phase.ASSIGNED,
            Optional.of("eni-1"),
            Optional.of("eni-1"),
            Optional.empty(),
            false,
            false,
            false);
    return Stream.of(
        Row.of(
            "back on the same node it is bound at once",
            retained().pod(pod().uid("pod-2")).node(NODE),
            new Bind(ON_ENI, ENI, NODE, pod().uid("pod-2").get())),
        Row.of(
            "what was promised is recorded again before another address is used",
            retained()
                .pod(pod().uid("pod-2"))
                .node(NODE)
                .holdsNothing()
                .holds(held(OTHER, ClaimAddress.Phase.ASSIGNED, "eni-1", "eni-1")),
            new RecreateRecord(IP)),
        Row.of(
            "back on another node the address moves there",
            retained().pod(pod().uid("pod-2")).node(elsewhere),
            new Move(ON_ENI, eni("eni-9", "subnet-a", 9, 0), elsewhere)),
        Row.of(
            "an address on no ENI is put on one",
            retained()
                .holdsNothing()
                .holds(held(IP, ClaimAddress.Phase.HELD, null, null))
                .pod(pod().uid("pod-2"))
                .node(NODE),
            new Move(held(IP, ClaimAddress.Phase.HELD, null, null), ENI, NODE)),
        Row.of(
            "a claim whose address was to move is not bound the cheap way",
            retained().moving().holdsNothing().holds(moved).pod(pod().uid("pod-2")).node(NODE),
            new ConfirmPlace(IP)),
        Row.of(
            "once the record was written since, it is bound",
            retained().moving().pod(pod().uid("pod-2")).node(NODE),
            new Bind(ON_ENI, ENI, NODE, pod().uid("pod-2").get())),
        Row.of(
            "in the wrong zone it waits and nothing is released",
            retained()
                .pod(pod().uid("pod-2"))
                .node(new NodeView("node-b", "zone-4", List.of(), Optional.empty(), true)),
            new Problem(
                ClaimReason.ZONE_MISMATCH,
                "the Pod is scheduled to node node-b in zone zone-4, but its address 10.0.3.7 belongs"
                    + " to subnet subnet-a in zone zone-3 and cannot leave that zone; let the Pod run in"
                    + " zone-3 (nodeSelector topology.kubernetes.io/zone), or delete this claim to release"
                    + " the address")),
        Row.of(
            "an address that expired and is in quarantine comes back",
            claim().pod(pod()).node(NODE).quarantined(IP),
            new TakeBack(IP)),
        Row.of(
            "a Pod that runs with an address keeps it with a new claim",
            claim().pod(pod()).node(NODE).worn(IP),
            new TakeBack(IP)));
  }

  private static Stream<Arguments> crowded() {
    var full = node(eni("eni-1", "subnet-a", 9, 9));
    var stuck =
        new NodeView(
            "node-a",
            ZONE,
            List.of(eni("eni-1", "subnet-a", 9, 9)),
            Optional.of(new io.eniipamd.domain.node.Problem(NodeReason.ENI_LIMIT, "used up")),
            true);
    var fullProblem =
        new Problem(
            ClaimReason.NO_ROOM_ON_NODE,
            "every slot of the ENIs of node node-a is in use and the node can have no further ENI; let the Pod run on another node");
    return Stream.of(
        Row.of(
            "on a full node a kept address makes room",
            claim().pod(pod()).node(full).crowded("eni-1"),
            new Preempt(Set.of("eni-1"), fullProblem)),
        Row.of(
            "where the node could grow but does not, too",
            claim().pod(pod()).node(stuck).crowded("eni-1"),
            new Preempt(Set.of("eni-1"), fullProblem)),
        Row.of(
            "not for a Pod that wants another subnet",
            claim().pod(pod()).node(full).subnets("subnet-b").crowded("eni-1"),
            new Problem(
                ClaimReason.NO_ROOM_ON_NODE,
                "node node-a has no ENI of subnet-b with a free slot and can have no further ENI; let the Pod run on another node of that zone")),
        Row.of(
            "while the node grows no address is sent away",
            claim().pod(pod()).node(growing(eni("eni-1", "subnet-a", 9, 9))).crowded("eni-1"),
            new AwaitRoom("node-a", Set.of(), Optional.empty())));
  }

  private static Stream<Arguments> deleted() {
    return Stream.of(
        Row.of(
            "while its Pod runs, a deleted claim waits",
            boundClaim().deleting().pod(pod()).node(NODE),
            new BlockRelease()),
        Row.of(
            "terminating counts as running",
            boundClaim().deleting().pod(pod().terminating()).node(NODE),
            new BlockRelease()),
        Row.of(
            "when its Pod has ended, the address goes back",
            boundClaim().deleting().pod(pod().ended()),
            new ReleaseAddresses(List.of(IP))),
        Row.of(
            "a new Pod of the same name does not hold it, and is not bound to it",
            boundClaim().deleting().pod(pod().uid("pod-2")).node(NODE),
            new ReleaseAddresses(List.of(IP))),
        Row.of(
            "a retained one goes back at once",
            retained().deleting(),
            new ReleaseAddresses(List.of(IP))),
        Row.of(
            "it waits for its address to be gone from its ENI",
            retained()
                .deleting()
                .holdsNothing()
                .holds(held(IP, ClaimAddress.Phase.RELEASING, "eni-1", "eni-1")),
            new Nothing()),
        Row.of(
            "the Pod that comes after it waits for that, and is told so",
            retained()
                .deleting()
                .pod(pod().uid("pod-2"))
                .holdsNothing()
                .holds(held(IP, ClaimAddress.Phase.RELEASING, "eni-1", "eni-1")),
            new WaitStep.Await(
                ClaimReason.AWAITING_RELEASE,
                "the claim of an earlier Pod of this name is deleted, and its address 10.0.3.7 is"
                    + " leaving its ENI; then the operator creates the claim of this Pod")),
        Row.of(
            "its finalizer goes when its address is in quarantine",
            retained()
                .deleting()
                .holdsNothing()
                .holds(held(IP, ClaimAddress.Phase.QUARANTINED, null, null)),
            new RemoveFinalizer()),
        Row.of(
            "the finalizer of one that holds nothing goes",
            claim().deleting(),
            new RemoveFinalizer()));
  }

  private static Stream<Arguments> withProblem() {
    return Stream.of(
        Row.of(
            "a request that cannot be followed is refused",
            claim().pod(pod().complaining(FATAL)).node(NODE),
            new Refuse(FATAL)),
        Row.of(
            "what the cloud says to an assign is passed on",
            claim()
                .pod(pod())
                .node(NODE)
                .holds(
                    new ClaimAddress(
                        IP,
                        "subnet-a",
                        Optional.of(ZONE),
                        ClaimAddress.Phase.ATTACHING,
                        Optional.of("eni-1"),
                        Optional.empty(),
                        Optional.of("no slot left"),
                        true,
                        false,
                        false)),
            new Problem(ClaimReason.ASSIGN_FAILED, "no slot left")),
        Row.of(
            "an address that is under way stays where it was sent, though the ENI is full",
            refusing()
                .holds(refused(false))
                .node(node(full("eni-1"), eni("eni-2", "subnet-a", 9, 1))),
            new Problem(ClaimReason.ASSIGN_FAILED, "no slot left")),
        Row.of(
            "where the cloud has no address left, one of another subnet is taken",
            refusing()
                .holds(withoutAddress())
                .node(
                    node(
                        eni("eni-1", "subnet-a", 9, 1),
                        eni("eni-2", "subnet-a", 9, 1),
                        eni("eni-3", "subnet-b", 9, 1))),
            new ReleaseSurplus(List.of(IP))),
        Row.of(
            "where the cloud has no address left, an ENI of another subnet is asked for, and why"
                + " is told at once",
            refusing()
                .holds(withoutAddress())
                .node(growing(eni("eni-1", "subnet-a", 9, 1), eni("eni-2", "subnet-a", 9, 1))),
            new AwaitRoom("node-a", Set.of(), Optional.of(refusedSubnet()))),
        Row.of(
            "where the cloud has no address left of what the Pod asks for, it is told",
            refusing()
                .subnets("subnet-a")
                .holds(withoutAddress())
                .node(growing(eni("eni-1", "subnet-a", 9, 1), eni("eni-3", "subnet-b", 9, 1))),
            refusedSubnet()),
        Row.of(
            "a promised address waits where the cloud has none left, and why is told",
            claim()
                .nominated(IP, "subnet-a", null)
                .pod(pod())
                .holds(withoutAddress())
                .node(growing(eni("eni-1", "subnet-a", 9, 1), eni("eni-3", "subnet-b", 9, 1))),
            refusedSubnet()),
        Row.of(
            "where the cloud puts no more on an ENI, another one of the subnet is taken",
            refusing()
                .holds(refused(true))
                .node(node(full("eni-1"), eni("eni-2", "subnet-a", 9, 1))),
            new Move(
                refused(true),
                eni("eni-2", "subnet-a", 9, 1),
                node(full("eni-1"), eni("eni-2", "subnet-a", 9, 1)))),
        Row.of(
            "where there is none, an address that no Pod was promised goes for one of another",
            refusing()
                .holds(refused(true))
                .node(node(full("eni-1"), eni("eni-2", "subnet-b", 9, 1))),
            new ReleaseSurplus(List.of(IP))),
        Row.of(
            "a nominated one waits for an ENI of its subnet",
            refusing()
                .holds(refused(true))
                .nominated(IP, "subnet-a", null)
                .node(growing(full("eni-1"), eni("eni-2", "subnet-b", 9, 1))),
            new AwaitRoom(
                "node-a",
                Set.of("subnet-a"),
                Optional.of(new Problem(ClaimReason.ASSIGN_FAILED, "no slot left")))),
        Row.of(
            "where nothing has room and the node may not grow, the cloud's words are told",
            refusing().holds(refused(true)).node(node(full("eni-1"))),
            new Problem(ClaimReason.ASSIGN_FAILED, "no slot left")),
        Row.of(
            "a new address goes to the ENI that the cloud has not refused",
            claim().pod(pod()).node(node(full("eni-1"), eni("eni-2", "subnet-a", 9, 1))),
            new Allocate(
                eni("eni-2", "subnet-a", 9, 1),
                node(full("eni-1"), eni("eni-2", "subnet-a", 9, 1)))),
        Row.of(
            "a migration under way is waited for before the next",
            retained()
                .holdsNothing()
                .holds(held(IP, ClaimAddress.Phase.ASSIGNED, "eni-2", "eni-1"))
                .pod(pod().uid("pod-2"))
                .node(NODE),
            onItsWay("eni-2")));
  }

  // ------------------------------------------------------------------------------------ builders

  private static EniView eni(String id, String subnet, int slots, int used) {
    return eni(id, subnet, slots, used, false);
  }

  /** One with slots of a subnet without addresses. */
  private static EniView dry(String id, String subnet) {
    return eni(id, subnet, 9, 3, true);
  }

  /** One that has room by the records, and on which the cloud puts no more. */
  private static EniView full(String id) {
    return new EniView(
        id,
        "20:90:6f:00:00:01",
        "subnet-a",
        Cidr.parse("10.0.3.0/24"),
        Ip.parse("10.0.3.1"),
        9,
        3,
        true,
        false);
  }

  private static Claim refusing() {
    return claim().pod(pod());
  }

  /** An address that was to be on eni-1. */
  private static ClaimAddress refused(boolean forNow) {
    return new ClaimAddress(
        IP,
        "subnet-a",
        Optional.of(ZONE),
        ClaimAddress.Phase.ATTACHING,
        Optional.of("eni-1"),
        Optional.empty(),
        Optional.of("no slot left"),
        true,
        forNow,
        false);
  }

  /** An address of subnet-a that was to be on eni-1, and that the cloud has not. */
  private static ClaimAddress withoutAddress() {
    var same = refused(true);
    return new ClaimAddress(
        same.ip(),
        same.subnetId(),
        same.zone(),
        same.phase(),
        same.intendedEni(),
        same.confirmedEni(),
        Optional.of("none left"),
        true,
        true,
        true);
  }

  private static Problem refusedSubnet() {
    var said = NodeProblems.subnetRefused("none left", "subnet-a", ZONE);
    return new Problem(said.reason(), said.message());
  }

  private static EniView eni(String id, String subnet, int slots, int used, boolean subnetFull) {
    return new EniView(
        id,
        "20:90:6f:00:00:01",
        subnet,
        Cidr.parse("10.0.3.0/24"),
        Ip.parse("10.0.3.1"),
        slots,
        used,
        false,
        subnetFull);
  }

  private static Problem subnetFull(String subnet) {
    var said = NodeProblems.subnetFull(ZONE, Set.of(subnet));
    return new Problem(said.reason(), said.message());
  }

  private static NodeView atQuota(NodeView node) {
    return node.withMetQuotas(Map.of("subnet-a", MET));
  }

  private static Problem quotaMet() {
    var said = NodeProblems.subnetFull(ZONE, Set.of("subnet-a"), List.of(MET));
    return new Problem(said.reason(), said.message());
  }

  private static NodeView node(EniView... enis) {
    return new NodeView("node-a", ZONE, List.of(enis), Optional.empty(), false);
  }

  private static NodeView growing(EniView... enis) {
    return new NodeView("node-a", ZONE, List.of(enis), Optional.empty(), true);
  }

  private static ClaimAddress held(
      Ip ip, ClaimAddress.Phase phase, String intended, String confirmed) {
    return new ClaimAddress(
        ip,
        "subnet-a",
        Optional.of(ZONE),
        phase,
        Optional.ofNullable(intended),
        Optional.ofNullable(confirmed),
        Optional.empty(),
        true,
        false,
        false);
  }

  private static Claim claim() {
    return new Claim();
  }

  private static Claim boundClaim() {
    return new Claim().bound(Phase.BOUND).holds(ON_ENI);
  }

  private static Claim retained() {
    return new Claim().bound(Phase.RETAINED).holds(ON_ENI);
  }

  private static PodSketch pod() {
    return new PodSketch();
  }

  private static final class PodSketch {
    private String uid = "pod-1";
    private boolean ended;
    private boolean terminating;
    private String node = "node-a";
    private boolean ours = true;
    private Optional<Ip> ip = Optional.empty();
    private List<ValidationError> errors = List.of();
    private PodZones zones = PodZones.ANY;

    PodSketch uid(String value) {
      uid = value;
      return this;
    }

    PodSketch ended() {
      ended = true;
      return this;
    }

    PodSketch terminating() {
      terminating = true;
      return this;
    }

    PodSketch node(String value) {
      node = value;
      return this;
    }

    PodSketch only(String zone) {
      zones = new PodZones(Map.of(ZONE_LABEL, zone), List.of());
      return this;
    }

    PodSketch runningWith(Ip value) {
      ip = Optional.of(value);
      return this;
    }

    PodSketch notOurs() {
      ours = false;
      return this;
    }

    PodSketch complaining(ValidationError error) {
      errors = List.of(error);
      return this;
    }

    PodView get() {
      return new PodView(
          uid,
          ended,
          terminating,
          Optional.ofNullable(node),
          zones,
          ip,
          ours
              ? new PodRequest.Requested(
                  false, true, Optional.empty(), List.of(), Optional.empty(), errors)
              : new PodRequest.NotOurs(Optional.empty()));
    }
  }

  private static final class Claim {
    private boolean deleting;
    private boolean ours = true;
    private Phase phase = Phase.PENDING;
    private Optional<Ip> address = Optional.empty();
    private boolean moving;
    private Optional<String> boundTo = Optional.empty();
    private boolean fixed = true;
    private Optional<PodView> pod = Optional.empty();
    private List<ClaimAddress> held = List.of();
    private Optional<NodeView> node = Optional.empty();
    private ClaimView.PodRequests requested = ClaimView.PodRequests.NONE;
    private Optional<Ip> quarantined = Optional.empty();
    private Optional<Worn> worn = Optional.empty();
    private Optional<LostPlace> lost = Optional.empty();
    private Optional<Destination> destination = Optional.empty();
    private boolean requestIsNew;
    private Set<String> crowded = Set.of();
    private RetentionView retention = RetentionView.QUIETLY;

    Claim bound(Phase value) {
      phase = value;
      address = Optional.of(IP);
      boundTo = Optional.of("pod-1");
      return this;
    }

    Claim deleting() {
      deleting = true;
      return this;
    }

    Claim madeByUser() {
      ours = false;
      return this;
    }

    Claim immediate() {
      fixed = false;
      return this;
    }

    Claim moving() {
      moving = true;
      return this;
    }

    Claim pod(PodSketch sketch) {
      pod = Optional.of(sketch.get());
      return this;
    }

    Claim node(NodeView value) {
      node = Optional.of(value);
      return this;
    }

    Claim holds(ClaimAddress address) {
      held = Stream.concat(held.stream(), Stream.of(address)).toList();
      return this;
    }

    Claim holdsNothing() {
      held = List.of();
      return this;
    }

    Claim subnets(String... ids) {
      requested = new ClaimView.PodRequests(requested.ip(), List.of(ids), requested.nominated());
      return this;
    }

    Claim nominatedWarm(Ip ip, String subnet) {
      requested =
          new ClaimView.PodRequests(
              Optional.of(ip),
              requested.subnets(),
              Optional.of(
                  new ClaimView.Nominated(
                      Optional.of(subnet), Optional.empty(), true, Optional.empty(), true)));
      return this;
    }

    Claim nominated(Ip ip, String subnet, String holder) {
      requested =
          new ClaimView.PodRequests(
              Optional.of(ip),
              List.of(),
              Optional.of(
                  new ClaimView.Nominated(
                      Optional.of(subnet), Optional.of(ZONE), true, Optional.ofNullable(holder))));
      return this;
    }

    Claim quarantined(Ip ip) {
      quarantined = Optional.of(ip);
      return this;
    }

    Claim worn(Ip ip) {
      worn = Optional.of(new Worn(ip, Worn.Where.OURS));
      return this;
    }

    Claim lost(LostPlace.Where where) {
      lost = Optional.of(new LostPlace("eni-1", where, Optional.of("ins-old"), "ins-new"));
      return this;
    }

    Claim destinedFor(String zone) {
      destination =
          Optional.of(
              new Destination(
                  Optional.of(IP),
                  "subnet-a",
                  zone,
                  Optional.of(
                      new ZoneLabels(new ZoneLabel(ZONE_LABEL, zone), Map.of(ZONE_LABEL, zone)))));
      return this;
    }

    Claim crowded(String... enis) {
      crowded = Set.of(enis);
      return this;
    }

    Claim retention(RetentionView value) {
      retention = value;
      return this;
    }

    ClaimView get() {
      return new ClaimView(
          deleting,
          ours,
          new ClaimView.Recorded(phase, address, moving, boundTo, fixed),
          new ClaimView.Requester(pod, node, requested, requestIsNew, worn, lost, destination),
          held,
          quarantined,
          crowded,
          retention);
    }
  }
}
