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
import io.eniipamd.domain.node.NodeProblems;
import io.eniipamd.domain.node.Problem;
import io.eniipamd.domain.node.RouteLimits;
import io.eniipamd.kube.support.Conditions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EniReportTest {
  private static final BoundEni ENI = new BoundEni("eni-a", "20:90:6f:00:00:01", SUBNET, ADDRESS);
  private static final Problem QUOTA = NodeProblems.eniLimit("the quota is used up");

  private final NodeBench bench = new NodeBench();
  private final EniReport report = bench.parts.report();
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

  private void write(List<BoundEni> bound, Optional<Problem> wrong) {
    var changes = new EniChanges();
    bound.forEach(changes::bound);
    report.write(bench.nec, bench.known(), changes, wrong, true, this::accept);
  }

  private NodeENIConfig accept(NodeENIConfig nec) {
    writes++;
    return nec;
  }

  private boolean isTrue(NodeConditions type) {
    return Conditions.is(bench.nec.getStatus().conditions(), type, Condition.TRUE);
  }

  private static NodeCloud.Machine machine() {
    return new NodeCloud.Machine(new RouteLimits(3, 9), Optional.of("zone-1"));
  }

  private static EniInfo used(EniInfo info, int used) {
    return EniInfoBuilder.builder(info).used(used).build();
  }
}
