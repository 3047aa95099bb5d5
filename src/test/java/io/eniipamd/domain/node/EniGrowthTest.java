package io.eniipamd.domain.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.domain.condition.NodeReason;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class EniGrowthTest {
  private static final String HERE = "zone-3";
  private static final String ELSEWHERE = "zone-4";
  private static final RouteLimits LIMITS = new RouteLimits(3, 9);
  private static final SubnetRoom SMALL = new SubnetRoom("subnet-small", HERE, 20);
  private static final SubnetRoom BIG = new SubnetRoom("subnet-big", HERE, 200);
  private static final SubnetRoom FAR = new SubnetRoom("subnet-far", ELSEWHERE, 1000);

  @Test
  void shouldAddOneEniOfTheEmptiestSubnetInTheZoneWhenTheNodeHasNone() {
    var growth = EniGrowth.plan(needs(List.of(), List.of(SMALL, BIG, FAR), 0, List.of()));

    assertThat(growth.subnets()).containsExactly("subnet-big");
    assertThat(growth.problem()).isEmpty();
  }

  @Test
  void shouldAddNoneWhenTheNodeHasOneAndNobodyWaits() {
    var growth =
        EniGrowth.plan(needs(List.of(new EniRoom("subnet-big", 9, 9)), List.of(BIG), 0, List.of()));

    assertThat(growth.subnets()).isEmpty();
    assertThat(growth.problem()).isEmpty();
  }

  @Test
  void shouldAddOneWhenAPodWaitsAndAllSlotsAreUsed() {
    var growth =
        EniGrowth.plan(
            needs(List.of(new EniRoom("subnet-big", 9, 9)), List.of(BIG), 0, List.of(Set.of())));

    assertThat(growth.subnets()).containsExactly("subnet-big");
  }

  @Test
  void shouldAddNoneWhenTheWaitingPodsFitOnWhatIsComing() {
    var growth =
        EniGrowth.plan(
            needs(
                List.of(new EniRoom("subnet-big", 9, 9), new EniRoom("subnet-big", 9, 0)),
                List.of(BIG),
                0,
                times(9, Set.of())));

    assertThat(growth.subnets()).isEmpty();
  }

  @Test
  void shouldAddOneOfTheSubnetThatAPodAsksForWhenOnlyOthersHaveRoom() {
    var growth =
        EniGrowth.plan(
            needs(
                List.of(new EniRoom("subnet-big", 9, 0)),
                List.of(BIG, SMALL),
                0,
                List.of(Set.of("subnet-small"))));

    assertThat(growth.subnets()).containsExactly("subnet-small");
  }

  @Test
  void shouldKeepTheSlotForThePodThatAsksForItsSubnetWhenAnotherTakesAny() {
    var growth =
        EniGrowth.plan(
            needs(
                List.of(new EniRoom("subnet-small", 9, 8)),
                List.of(BIG, SMALL),
                0,
                List.of(Set.of(), Set.of("subnet-small"))));

    assertThat(growth.subnets()).containsExactly("subnet-big");
  }

  @Test
  void shouldAddAnEniOfAnotherSubnetWhenTheOneWithFreeSlotsHasNoAddressLeft() {
    var full = new SubnetRoom("subnet-small", HERE, 0);

    var growth =
        EniGrowth.plan(
            needs(
                List.of(new EniRoom("subnet-small", 9, 1)),
                List.of(full, BIG),
                0,
                List.of(Set.of())));

    assertThat(growth.subnets()).containsExactly("subnet-big");
  }

  @Test
  void shouldReachTheDesiredNumberOfSlotsWhenOneIsSet() {
    var growth = EniGrowth.plan(needs(List.of(), List.of(BIG), 10, List.of()));

    assertThat(growth.subnets()).hasSize(2);
  }

  @Test
  void shouldStopAtTheLimitAndSayNothingWhenMoreIsDesired() {
    var growth = EniGrowth.plan(needs(List.of(), List.of(BIG), 1000, List.of()));

    assertThat(growth.subnets()).hasSize(3);
    assertThat(growth.problem()).isEmpty();
  }

  @Test
  void shouldSayNodeFullWhenPodsWaitAndTheLimitIsReached() {
    var full = new EniRoom("subnet-big", 9, 9);

    var growth =
        EniGrowth.plan(needs(List.of(full, full, full), List.of(BIG), 0, List.of(Set.of())));

    assertThat(growth.subnets()).isEmpty();
    assertThat(growth.problem()).map(Problem::reason).contains(NodeReason.NODE_FULL);
  }

  @Test
  void shouldCountEnisOfOthersWhenTheyAreOnTheInstance() {
    var needs =
        new EniNeeds("node-a", HERE, LIMITS, 3, List.of(), List.of(BIG), 0, List.of(Set.of()));

    var growth = EniGrowth.plan(needs);

    assertThat(growth.subnets()).isEmpty();
    assertThat(growth.problem()).map(Problem::reason).contains(NodeReason.NODE_FULL);
  }

  @Test
  void shouldSayNoSubnetInZoneWhenAllLieElsewhere() {
    var growth = EniGrowth.plan(needs(List.of(), List.of(FAR), 0, List.of()));

    assertThat(growth.subnets()).isEmpty();
    assertThat(growth.problem())
        .contains(
            new Problem(
                NodeReason.NO_SUBNET_IN_ZONE,
                "node node-a is in zone zone-3, in which it has no subnet (subnet-far in zone-4); add"
                    + " one of that zone (--eni-subnets, or label tke.cloud.tencent.com/route-eni-subnet-ids"
                    + " of the node)"));
  }

  @Test
  void shouldSaySubnetFullWhenNoAddressIsLeftInTheZone() {
    var growth =
        EniGrowth.plan(
            needs(List.of(), List.of(new SubnetRoom("subnet-a1", HERE, 0), FAR), 0, List.of()));

    assertThat(growth.subnets()).isEmpty();
    assertThat(growth.problem())
        .contains(
            new Problem(
                NodeReason.SUBNET_FULL,
                "no address is left in subnet-a1 (zone zone-3); add a subnet of that zone"
                    + " (--eni-subnets), or release addresses: kubectl get vipc -A shows the claims that"
                    + " retain some"));
  }

  @Test
  void shouldSayWhichQuotaLeavesNoAddressForAnEniAndOneOfItsPod() {
    var use = new SubnetQuotaUse("subnet-a1", 5, 2, 1, 1, 0, 0, 0);
    var room = new SubnetRoom("subnet-a1", HERE, 1, Optional.of(use));

    var growth = EniGrowth.plan(needs(List.of(), List.of(room, FAR), 0, List.of(Set.of())));

    assertThat(growth.problem())
        .hasValueSatisfying(
            problem -> {
              assertThat(problem.reason()).isEqualTo(NodeReason.SUBNET_QUOTA_EXCEEDED);
              assertThat(problem.message())
                  .startsWith("this cluster may take 5 addresses of subnet-a1 and has 4: ");
            });
  }

  @Test
  void shouldAddOneOfAnotherSubnetWhenTheQuotaOfOneIsMet() {
    var use = new SubnetQuotaUse("subnet-a1", 4, 2, 1, 1, 0, 0, 0);
    var met = new SubnetRoom("subnet-a1", HERE, 0, Optional.of(use));

    var growth = EniGrowth.plan(needs(List.of(), List.of(met, SMALL), 0, List.of(Set.of())));

    assertThat(growth.subnets()).containsExactly("subnet-small");
    assertThat(growth.problem()).isEmpty();
  }

  @Property(seed = "20260101")
  void shouldNeverHaveMoreEnisThanTheLimitNorOneOfAnotherZone(@ForAll("needs") EniNeeds needs) {
    var growth = EniGrowth.plan(needs);

    if (!growth.subnets().isEmpty()) {
      assertThat(needs.strangers() + needs.present().size() + growth.subnets().size())
          .isLessThanOrEqualTo(needs.limits().enis());
    }
    var zones =
        needs.subnets().stream().collect(Collectors.toMap(SubnetRoom::id, SubnetRoom::zone));
    assertThat(growth.subnets()).allSatisfy(id -> assertThat(zones).containsEntry(id, HERE));
  }

  @Property(seed = "20260101")
  void shouldNeverTakeMorePrimaryAddressesThanASubnetHas(@ForAll("needs") EniNeeds needs) {
    var growth = EniGrowth.plan(needs);

    Map<String, Long> free =
        needs.subnets().stream().collect(Collectors.toMap(SubnetRoom::id, SubnetRoom::free));
    growth.subnets().stream()
        .collect(Collectors.groupingBy(id -> id, Collectors.counting()))
        .forEach((id, count) -> assertThat(count).isLessThanOrEqualTo(free.get(id)));
  }

  @Property(seed = "20260101")
  void shouldHaveRoomForAllOrSayWhyNotWhenPodsTakeAnySubnet(@ForAll("needs") EniNeeds needs) {
    var anyOnly =
        new EniNeeds(
            needs.node(),
            needs.zone(),
            needs.limits(),
            needs.strangers(),
            needs.present(),
            needs.subnets().stream().map(s -> new SubnetRoom(s.id(), s.zone(), 10_000)).toList(),
            0,
            needs.waiting().stream().map(w -> Set.<String>of()).toList());

    var growth = EniGrowth.plan(anyOnly);

    int room =
        needs.present().stream().mapToInt(EniRoom::free).sum()
            + growth.subnets().size() * needs.limits().slotsPerEni();
    assertThat(room >= needs.waiting().size() || growth.problem().isPresent()).isTrue();
  }

  @Test
  void shouldLeaveTheSlotThatAnotherPodNeedsWhenAPodHasTheChoice() {
    var present = List.of(new EniRoom("subnet-c", 9, 8), new EniRoom("subnet-b", 9, 8));
    var subnets = List.of(new SubnetRoom("subnet-b", HERE, 2));

    // The first could have either; the second takes b only.
    var growth =
        EniGrowth.plan(
            needs(
                present,
                subnets,
                0,
                List.of(Set.of("subnet-c", "subnet-b"), Set.of("subnet-a", "subnet-b"))));

    assertThat(growth.subnets()).isEmpty();
  }

  @Property(seed = "20260101")
  void shouldAddNothingWhenItsOwnPlanHasComeTrue(@ForAll("needs") EniNeeds needs) {
    var growth = EniGrowth.plan(needs);
    // If one was left out, more may be possible once the others have their places.
    Assume.that(growth.problem().isEmpty());
    var present = new java.util.ArrayList<>(needs.present());
    growth.subnets().forEach(id -> present.add(new EniRoom(id, needs.limits().slotsPerEni(), 0)));
    var subnets =
        needs.subnets().stream()
            .map(
                s ->
                    new SubnetRoom(
                        s.id(),
                        s.zone(),
                        s.free() - growth.subnets().stream().filter(s.id()::equals).count()))
            .toList();

    var after =
        EniGrowth.plan(
            new EniNeeds(
                needs.node(),
                needs.zone(),
                needs.limits(),
                needs.strangers(),
                present,
                subnets,
                needs.desiredSlots(),
                needs.waiting()));

    assertThat(after.subnets()).isEmpty();
  }

  @Provide
  Arbitrary<EniNeeds> needs() {
    var ids = List.of("subnet-a", "subnet-b", "subnet-c", "subnet-d");
    Arbitrary<List<SubnetRoom>> subnets =
        Combinators.combine(
                Arbitraries.of(HERE, ELSEWHERE).list().ofSize(ids.size()),
                Arbitraries.longs().between(0, 30).list().ofSize(ids.size()))
            .as(
                (zones, free) ->
                    java.util.stream.IntStream.range(0, ids.size())
                        .mapToObj(i -> new SubnetRoom(ids.get(i), zones.get(i), free.get(i)))
                        .toList());
    Arbitrary<EniRoom> eni =
        Combinators.combine(Arbitraries.of(ids), Arbitraries.integers().between(0, 9))
            .as((id, used) -> new EniRoom(id, 9, used));
    return Combinators.combine(
            Arbitraries.integers().between(0, 7),
            Arbitraries.integers().between(1, 29),
            Arbitraries.integers().between(0, 2),
            eni.list().ofMaxSize(4),
            subnets,
            Arbitraries.integers().between(0, 60),
            Arbitraries.of(ids).set().ofMaxSize(2).list().ofMaxSize(30))
        .as(
            (enis, slots, strangers, present, rooms, desired, waiting) ->
                new EniNeeds(
                    "node-a",
                    HERE,
                    new RouteLimits(enis, slots),
                    strangers,
                    present,
                    rooms,
                    desired,
                    waiting));
  }

  private static EniNeeds needs(
      List<EniRoom> present, List<SubnetRoom> subnets, int desired, List<Set<String>> waiting) {
    return new EniNeeds("node-a", HERE, LIMITS, 0, present, subnets, desired, waiting);
  }

  private static List<Set<String>> times(int n, Set<String> request) {
    return java.util.Collections.nCopies(n, request);
  }
}
