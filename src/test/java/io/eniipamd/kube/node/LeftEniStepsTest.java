package io.eniipamd.kube.node;

import static io.eniipamd.kube.node.NodeBench.ADDRESS;
import static io.eniipamd.kube.node.NodeBench.NODE;
import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.domain.node.EniDecision.Step;
import io.eniipamd.domain.node.LeftEni;
import io.eniipamd.domain.node.LeftEni.Where;
import io.eniipamd.domain.node.NodeProblems;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LeftEniStepsTest {
  private final NodeBench bench = new NodeBench();
  private final LeftEniSteps steps = bench.parts.left();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void shouldDropTheRecordWhenTheEniIsGone() {
    var vip = bench.record(ADDRESS);

    steps.perform(bench.nec, bench.known(vip), new Step.Forget(left(Where.GONE)));

    assertThat(bench.stored(ADDRESS)).isEmpty();
    assertThat(bench.book.isForeign(ADDRESS)).isFalse();
  }

  @Test
  void shouldNotPickTheAddressWhenTheEniIsAnotherClusters() {
    var vip = bench.record(ADDRESS);

    steps.perform(bench.nec, bench.known(vip), new Step.Forget(left(Where.OTHERS)));

    assertThat(bench.stored(ADDRESS)).isEmpty();
    assertThat(bench.book.isForeign(ADDRESS)).isTrue();
  }

  @Test
  void shouldDeleteTheEniOnceWhenItCarriesNothing() {
    var vip = bench.record(ADDRESS);

    steps.perform(bench.nec, bench.known(vip), new Step.Remove(left(Where.EMPTY)));
    steps.perform(bench.nec, bench.known(vip), new Step.Remove(left(Where.EMPTY)));

    assertThat(bench.operations.asked).containsExactly("remove eni-a");
    assertThat(bench.stored(ADDRESS)).isPresent();
  }

  @Test
  void shouldTellOfAnEniOnceWhenItIsLeftAlone() {
    var eni = left(Where.LOADED);
    var told = new Step.Tell(NodeProblems.eniLeftBehind(NODE, eni));

    steps.perform(bench.nec, bench.known(), told);
    steps.perform(bench.nec, bench.known(), told);

    assertThat(bench.events).hasSize(1);
    assertThat(bench.operations.asked).isEmpty();
  }

  @Test
  void shouldTellOnceThatAnEniMayNotBeDeleted() {
    var vip = bench.record(ADDRESS);
    bench.parts.memory().pause("uid-" + ADDRESS, NodeProblems.denied("no"), Duration.ofMinutes(1));
    var known = bench.known(List.of(left(Where.BUSY)), vip);

    steps.tellOfRefusedRemovals(bench.nec, known);
    steps.tellOfRefusedRemovals(bench.nec, known);

    assertThat(bench.events).singleElement().asString().contains("no");
  }

  @Test
  void shouldTellNothingWhenTheCloudIsBusyWithTheDeletion() {
    var vip = bench.record(ADDRESS);
    bench
        .parts
        .memory()
        .pause("uid-" + ADDRESS, NodeProblems.cloudFailed("busy"), Duration.ofMinutes(1));

    steps.tellOfRefusedRemovals(bench.nec, bench.known(List.of(left(Where.BUSY)), vip));

    assertThat(bench.events).isEmpty();
  }

  private static LeftEni left(Where where) {
    return new LeftEni(ADDRESS, "eni-a", where, true);
  }
}
