package io.eniipamd.kube.node;

import static io.eniipamd.kube.node.NodeBench.ADDRESS;
import static io.eniipamd.kube.node.NodeBench.NODE;
import static io.eniipamd.kube.node.NodeBench.SUBNET;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.EniPhase;
import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.NodeENIConfigStatusBuilder;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.domain.node.LeavingEni;
import io.eniipamd.domain.node.LeavingEni.Where;
import io.eniipamd.kube.node.EniGatherer.Gathered;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of the ENIs and of the record of a node that is gone. */
class NodeDepartureTest {
  private static final String ENI = "eni-a";
  private static final Duration DELAY = Duration.ofMinutes(2);

  private final NodeBench bench = new NodeBench();
  private final List<NodeENIConfig> statuses = new ArrayList<>();
  private final NodeDeparture departure = bench.parts.departure(bench.warm(), bench.own());

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void shouldSaySoAndWaitWhenTheNodeIsGone() {
    lists(EniPhase.ATTACHED);

    var control = leave(attached(0, false), bench.record(ADDRESS));

    assertThat(statuses).hasSize(1);
    assertThat(reasons()).contains("NodeGone");
    assertThat(control.getScheduleDelay()).contains(DELAY.toMillis() + 1);
    assertThat(bench.operations.asked).isEmpty();
    assertThat(bench.questions).isEmpty();
    assertThat(bench.vpc.calls(CloudAction.DESCRIBE_NETWORK_INTERFACES)).isEmpty();
  }

  @Test
  void shouldKeepEverythingWhileAPodNamesTheNode() {
    bench.podIsThere = true;
    overdue();

    var control = leave(attached(0, false), bench.record(ADDRESS));

    assertThat(control.getScheduleDelay()).contains(20_001L);
    assertThat(bench.operations.asked).isEmpty();
    assertThat(bench.vpc.calls(CloudAction.DESCRIBE_NETWORK_INTERFACES)).isEmpty();
  }

  @Test
  void shouldKeepEverythingWhenTheNodeIsThereAndTheCacheDoesNotKnow() {
    bench.nodeIsThere = true;
    overdue();

    leave(attached(0, false), bench.record(ADDRESS));

    assertThat(bench.operations.asked).isEmpty();
    assertThat(bench.vpc.calls(CloudAction.DESCRIBE_NETWORK_INTERFACES)).isEmpty();
  }

  @Test
  void shouldCloseTheEniBeforeItIsRemoved() {
    var vip = bench.record(ADDRESS);
    looked();

    leave(attached(0, false), vip);

    assertThat(statuses.getLast().getStatus().eniInfos())
        .extracting(EniInfo::phase)
        .containsExactly(EniPhase.DETACHING);
    assertThat(bench.operations.asked).isEmpty();

    leave(attached(0, true), vip);
    leave(attached(0, true), vip);

    assertThat(bench.operations.asked).containsExactly("remove " + ENI);
    assertThat(bench.stored(ADDRESS)).isPresent();
  }

  @Test
  void shouldAskAgainRightBeforeTheDetachment() {
    var vip = bench.record(ADDRESS);
    looked();
    leave(attached(0, true), vip);
    var seen =
        new NetworkInterface(
            ENI,
            SUBNET,
            "20:90:6f:00:00:01",
            NetworkInterface.State.AVAILABLE,
            Optional.of(NodeBench.INSTANCE),
            List.of(),
            Map.of("eni-ipamd-cluster", "cls-a"),
            List.of());
    assertThat(bench.operations.due.test(seen)).isTrue();

    bench.clock.advance(Duration.ofSeconds(3));
    bench.podIsThere = true;
    assertThat(bench.operations.due.test(seen)).isFalse();

    bench.clock.advance(Duration.ofSeconds(30));
    bench.podIsThere = false;
    bench.nodeIsThere = true;
    assertThat(bench.operations.due.test(seen)).isFalse();
  }

  @Test
  void shouldDropTheRecordOfTheAddressWhenTheEniIsGone() {
    var vip = bench.record(ADDRESS);
    looked();

    leave(eni(Where.GONE, 0, true), vip);

    assertThat(bench.stored(ADDRESS)).isEmpty();
    assertThat(statuses.getLast().getStatus().eniInfos()).isEmpty();
  }

  @Test
  void shouldComeBackWhenTheAddressesHaveLeft() {
    looked();

    var control = leave(attached(2, false), bench.record(ADDRESS));

    assertThat(control.getScheduleDelay()).isPresent();
    assertThat(bench.operations.asked).isEmpty();
    assertThat(statuses).hasSize(1);
  }

  @Test
  void shouldDeleteTheRecordAsItWasReadWhenNothingIsLeft() {
    looked();

    perform(bench.leaving(List.of()));

    assertThat(bench.writes).containsExactly("DELETE " + NODE);
  }

  @Test
  void shouldKeepTheRecordWhenNothingIsLeftAndTheNodeIsBack() {
    looked();
    bench.clock.advance(Duration.ofSeconds(3));
    bench.nodeIsThere = true;

    perform(bench.leaving(List.of()));

    assertThat(bench.writes).isEmpty();
  }

  @Test
  void shouldLetTheRecordGoWhenItIsDeletedAndNothingIsLeft() {
    bench.nec.getMetadata().setDeletionTimestamp("2026-01-31T12:00:00Z");
    bench.parts.memory();
    looked();

    perform(bench.leaving(List.of()));

    // Through the client: a cache that ran ahead would show the record when it is gone.
    assertThat(bench.writes).containsExactly("PUT " + NODE);
    assertThat(bench.nec.hasFinalizer(Names.NODE_FINALIZER)).isFalse();
  }

  @Test
  void shouldGiveTheEnisBackAtOnceWhenAUserDeletesTheRecordOfANodeThatIsGone() {
    bench.nec.getMetadata().setDeletionTimestamp("2026-01-31T12:00:00Z");
    lists(EniPhase.DETACHING);
    look();

    leave(attached(0, true), bench.record(ADDRESS));

    assertThat(bench.operations.asked).containsExactly("remove " + ENI);
    assertThat(bench.writes).doesNotContain("PUT " + NODE);
  }

  @Test
  void shouldBeginAgainWhenTheNodeWasBack() {
    looked();
    departure.isBack(bench.nec);

    var control = leave(attached(0, false), bench.record(ADDRESS));

    assertThat(control.getScheduleDelay()).contains(DELAY.toMillis() + 1);
    assertThat(bench.parts.memory().look("uid-nec")).isEmpty();
  }

  /** The node is gone for long enough, and the record says so. */
  private void overdue() {
    lists(EniPhase.ATTACHED);
    perform(bench.leaving(List.of()));
    bench.clock.advance(DELAY);
  }

  /** And the cloud was asked what it has left. */
  private void looked() {
    overdue();
    look();
  }

  private void look() {
    perform(bench.leaving(List.of()));
    await()
        .until(
            () -> {
              bench.parts.learning().hear(bench.nec);
              return bench.parts.memory().look("uid-nec").isPresent();
            });
    bench.writes.clear();
  }

  private void lists(EniPhase phase) {
    bench.nec.setStatus(
        NodeENIConfigStatusBuilder.builder()
            .eniInfos(
                List.of(
                    new EniInfo(
                        ENI,
                        "20:90:6f:00:00:01",
                        ADDRESS.toString(),
                        SUBNET,
                        "10.0.0.0/24",
                        "10.0.0.1",
                        9,
                        0,
                        phase)))
            .build());
  }

  private static LeavingEni attached(int used, boolean closed) {
    return eni(Where.ATTACHED, used, closed);
  }

  private static LeavingEni eni(Where where, int used, boolean closed) {
    return new LeavingEni(ADDRESS, Optional.of(ENI), SUBNET, where, true, used, true, true, closed);
  }

  private UpdateControl<NodeENIConfig> leave(LeavingEni eni, VpcIP vip) {
    return perform(bench.leaving(List.of(eni), vip));
  }

  private UpdateControl<NodeENIConfig> perform(Gathered known) {
    return departure.leave(bench.nec, known, n -> added(statuses, n));
  }

  private List<String> reasons() {
    return statuses.getLast().getStatus().conditions().stream().map(c -> c.reason()).toList();
  }

  private static NodeENIConfig added(List<NodeENIConfig> all, NodeENIConfig one) {
    all.add(one);
    return one;
  }
}
