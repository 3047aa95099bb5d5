package io.eniipamd.kube.node;

import static io.eniipamd.kube.node.NodeBench.ADDRESS;
import static io.eniipamd.kube.node.NodeBench.SUBNET;
import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.domain.node.BoundEni;
import io.eniipamd.domain.node.LeftEni;
import io.eniipamd.domain.node.LeftEni.Where;
import io.eniipamd.domain.node.PendingEni;
import io.eniipamd.domain.node.PendingEni.BindingState;
import io.eniipamd.kube.node.EniGatherer.Gathered;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The record of a node that is gone is deleted. */
class NodeDepartureTest {
  private static final PendingEni OPEN = new PendingEni(ADDRESS, SUBNET, new BindingState.Open());
  private static final PendingEni UNDER_WAY =
      new PendingEni(ADDRESS, SUBNET, new BindingState.UnderWay());

  private final NodeBench bench = new NodeBench();
  private final List<NodeENIConfig> written = new ArrayList<>();
  private final NodeDeparture departure =
      new NodeDeparture(
          bench.parts.nodes(),
          bench.parts.records(),
          bench.parts.memory(),
          bench.parts.learning(),
          bench.parts.left(),
          bench.parts.next());

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void shouldLetTheRecordGoWhenNothingIsLeft() {
    perform(bench.known());

    assertThat(isLetGo()).isTrue();
  }

  @Test
  void shouldLookBeforeItLetsGoWhenTheCloudWasNotAsked() {
    var control = perform(bench.unlooked(OPEN, bench.record(ADDRESS)));

    assertThat(isLetGo()).isFalse();
    assertThat(control.getScheduleDelay()).isEmpty();
    assertThat(bench.stored(ADDRESS)).isPresent();
  }

  @Test
  void shouldKeepTheRecordWhenAnEniIsOnTheInstance() {
    var eni = new BoundEni("eni-a", "20:90:6f:00:00:01", SUBNET, ADDRESS);
    bench
        .parts
        .memory()
        .look(
            "uid-nec",
            new NodeCloud.Look(
                List.of(new NodeCloud.Seen(eni, NodeCloud.Place.HERE, true)),
                Set.of(),
                Set.of(),
                0));

    var control = perform(bench.coming(OPEN, bench.record(ADDRESS)));

    assertThat(isLetGo()).isFalse();
    assertThat(control.getScheduleDelay()).isPresent();
    assertThat(bench.stored(ADDRESS)).isPresent();
  }

  @Test
  void shouldGiveUpTheAddressWhenItsEniNeverCame() {
    perform(bench.coming(OPEN, bench.record(ADDRESS)));

    assertThat(bench.stored(ADDRESS)).isEmpty();
    assertThat(isLetGo()).isTrue();
  }

  @Test
  void shouldKeepTheRecordWhenTheCloudIsMakingAnEni() {
    perform(bench.coming(UNDER_WAY, bench.record(ADDRESS)));

    assertThat(bench.stored(ADDRESS)).isPresent();
    assertThat(isLetGo()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"LOADED", "BUSY", "EMPTY"})
  void shouldKeepTheRecordWhenAnEniHasToGoFirst(Where where) {
    perform(bench.known(List.of(left(where)), bench.record(ADDRESS)));

    assertThat(isLetGo()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"GONE", "OTHERS", "ELSEWHERE"})
  void shouldLetTheRecordGoWhenTheEniIsNotItsConcern(Where where) {
    perform(bench.known(List.of(left(where)), bench.record(ADDRESS)));

    assertThat(isLetGo()).isTrue();
  }

  private static LeftEni left(Where where) {
    return new LeftEni(ADDRESS, "eni-a", where, true);
  }

  private UpdateControl<NodeENIConfig> perform(Gathered known) {
    return departure.perform(
        bench.nec,
        known,
        nec -> {
          written.add(nec);
          return nec;
        });
  }

  private boolean isLetGo() {
    assertThat(written).hasSizeLessThan(2);
    return !written.isEmpty() && !written.getFirst().hasFinalizer(Names.NODE_FINALIZER);
  }
}
