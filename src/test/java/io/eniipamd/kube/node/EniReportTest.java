package io.eniipamd.kube.node;

import static io.eniipamd.kube.node.NodeBench.ADDRESS;
import static io.eniipamd.kube.node.NodeBench.SUBNET;
import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.EniInfoBuilder;
import io.eniipamd.api.v1.EniPhase;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.NodeENIConfigStatusBuilder;
import io.eniipamd.domain.condition.NodeConditions;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.node.BoundEni;
import io.eniipamd.domain.node.NodeCondition;
import io.eniipamd.domain.node.NodeProblems;
import io.eniipamd.domain.node.Problem;
import io.eniipamd.domain.node.QuotaUse;
import io.eniipamd.domain.node.RouteLimits;
import io.eniipamd.domain.node.SecurityGroupPlan.Said;
import io.eniipamd.kube.node.EniGatherer.Gathered;
import io.eniipamd.kube.support.Conditions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EniReportTest {
  private static final BoundEni ENI = new BoundEni("eni-a", "20:90:6f:00:00:01", SUBNET, ADDRESS);
  private static final Problem QUOTA =
      NodeProblems.eniLimit("the quota is used up", QuotaUse.UNKNOWN, 0);

  private final NodeBench bench = new NodeBench();
  private EniReport report = bench.parts.report();
  private final List<String> withRoom = new ArrayList<>();
  private int writes;

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void shouldWriteTheEniAndTheLimitsAtOnceWhenTheEniIsOnTheInstance() {
    bench.parts.memory().machine("uid-nec", machine());

    write(List.of(ENI), Optional.empty());

    assertThat(writes).isOne();
    assertThat(bench.nec.getStatus().maxRouteENI()).isEqualTo(3);
    assertThat(bench.nec.getStatus().eniInfos())
        .singleElement()
        .satisfies(
            info -> {
              assertThat(info.eniId()).isEqualTo("eni-a");
              assertThat(info.phase()).isEqualTo(EniPhase.ATTACHED);
              assertThat(info.gateway()).isEqualTo("10.0.0.1");
            });
    assertThat(isTrue(NodeConditions.READY)).isTrue();
  }

  @Test
  void shouldTellThatTheNodeHasRoomWhenAnEniWasAdded() {
    report.onRoom(withRoom::add);

    write(List.of(ENI), Optional.empty());

    assertThat(withRoom).containsExactly(NodeBench.NODE);
  }

  @Test
  void shouldWriteNothingWhenTheFirstEniIsUnderWay() {
    write(List.of(), Optional.empty());

    assertThat(writes).isZero();
  }

  @Test
  void shouldWriteNothingWhenOnlyTheUseHasChanged() {
    write(List.of(ENI), Optional.empty());
    var info = bench.nec.getStatus().eniInfos().getFirst();
    bench.nec.setStatus(
        NodeENIConfigStatusBuilder.builder(bench.nec.getStatus())
            .eniInfos(List.of(used(info, 7)))
            .build());

    write(List.of(), Optional.empty());

    assertThat(writes).isOne();

    bench.clock.advance(EniCache.USE_STANDS);
    write(List.of(), Optional.empty());
    write(List.of(), Optional.empty());

    assertThat(writes).isEqualTo(2);
    assertThat(bench.nec.getStatus().slotsUsed()).isZero();
  }

  @Test
  void shouldWriteWhatIsOfferedWhenASubnetTurnsFull() {
    var limits = new RouteLimits(3, 9);
    var full = new AtomicBoolean();
    report = bench.parts.report(new SlotOffers(_ -> true, _ -> !full.get(), _ -> !full.get()));
    write(bench.limited(limits), List.of(ENI));
    assertThat(bench.nec.getStatus().slotsOffered()).isEqualTo(27);

    full.set(true);
    write(bench.limited(limits), List.of());
    write(bench.limited(limits), List.of());

    assertThat(bench.nec.getStatus().slotsOffered()).isZero();
    assertThat(writes).isEqualTo(2);
  }

  @Test
  void shouldTellNobodyWhenTheApiServerDropsWhatItsCrdDoesNotKnow() {
    write(List.of(ENI), Optional.empty());
    report.onRoom(withRoom::add);
    var before = bench.nec.getStatus();
    bench.nec.setStatus(NodeENIConfigStatusBuilder.builder(before).slotsOffered(null).build());
    var stored = bench.nec.getStatus();

    report.write(
        bench.nec,
        bench.limited(new RouteLimits(3, 9)),
        new EniChanges(),
        Optional.empty(),
        true,
        nec -> {
          nec.setStatus(stored);
          return nec;
        });

    assertThat(withRoom).isEmpty();
  }

  @Test
  void shouldTellOfAProblemOnceWhenItLasts() {
    write(List.of(), Optional.of(QUOTA));
    write(List.of(), Optional.of(QUOTA));

    assertThat(writes).isOne();
    assertThat(bench.events).containsExactly(NodeReason.ENI_LIMIT.word() + ": " + QUOTA.message());
    assertThat(isTrue(NodeConditions.READY)).isFalse();
  }

  @Test
  void shouldKeepTheNodeReadyWhenItOnlyCannotGrow() {
    write(List.of(ENI), Optional.empty());

    write(List.of(), Optional.of(QUOTA));

    assertThat(isTrue(NodeConditions.READY)).isTrue();
    assertThat(isTrue(NodeConditions.CAN_GROW)).isFalse();
  }

  private void write(Gathered known, List<BoundEni> bound) {
    report.write(bench.nec, known, changes(bound), Optional.empty(), true, this::accept);
  }

  @Test
  void shouldWriteWhatIsSaidOfSecurityGroupsOnceAndTakeItAwayWhenNothingIs() {
    write(List.of(ENI), Optional.empty());
    var refused = NodeProblems.securityGroupNotFound(List.of("sg-1"), "there is no sg-1");
    var said =
        new NodeCondition(
            NodeConditions.SECURITY_GROUPS_SET, false, refused.reason(), refused.message());

    say(new Said.This(said));
    say(new Said.This(said));
    say(new Said.AsBefore());

    assertThat(writes).isEqualTo(2);
    assertThat(Conditions.failing(conditions(), NodeConditions.SECURITY_GROUPS_SET))
        .hasValueSatisfying(f -> assertThat(f.message()).isEqualTo(refused.message()));
    assertThat(bench.events).containsExactly("SecurityGroupNotFound: " + refused.message());
    say(new Said.Nothing());
    say(new Said.Nothing());
    assertThat(writes).isEqualTo(3);
    assertThat(Conditions.find(conditions(), NodeConditions.SECURITY_GROUPS_SET)).isEmpty();
    assertThat(isTrue(NodeConditions.READY)).isTrue();
  }

  private void say(Said said) {
    var changes = new EniChanges();
    changes.say(said);
    report.write(bench.nec, bench.known(), changes, Optional.empty(), true, this::accept);
  }

  private List<Condition> conditions() {
    return bench.nec.getStatus().conditions();
  }

  private void write(List<BoundEni> bound, Optional<Problem> wrong) {
    report.write(bench.nec, bench.known(), changes(bound), wrong, true, this::accept);
  }

  private static EniChanges changes(List<BoundEni> bound) {
    var changes = new EniChanges();
    bound.forEach(changes::bound);
    return changes;
  }

  private NodeENIConfig accept(NodeENIConfig nec) {
    writes++;
    return nec;
  }

  private boolean isTrue(NodeConditions type) {
    return Conditions.is(bench.nec.getStatus().conditions(), type, Condition.TRUE);
  }

  private static Machines.Machine machine() {
    return new Machines.Machine(new RouteLimits(3, 9), 4, Optional.of("zone-1"));
  }

  private static EniInfo used(EniInfo info, int used) {
    return EniInfoBuilder.builder(info).used(used).build();
  }
}
