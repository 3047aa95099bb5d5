package io.eniipamd.kube.node;

import static io.eniipamd.kube.node.NodeBench.ADDRESS;
import static io.eniipamd.kube.node.NodeBench.SUBNET;
import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.domain.node.NodeProblems;
import io.eniipamd.domain.node.Problem;
import io.eniipamd.kube.node.EniGatherer.Gathered;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NextPassTest {
  private final NodeBench bench = new NodeBench();
  private final NextPass next = bench.parts.next();

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void shouldWaitForAnEventWhenNothingIsDue() {
    assertThat(next.of(bench.nec, bench.known(), Optional.empty(), false).getScheduleDelay())
        .isEmpty();
  }

  @Test
  void shouldComeBackWhenTheFirstPauseIsOver() {
    var vip = bench.record(ADDRESS);
    var memory = bench.parts.memory();
    memory.pause("uid-nec", NodeProblems.cloudFailed("no"), Duration.ofSeconds(30));
    memory.pause("uid-" + ADDRESS, NodeProblems.cloudFailed("no"), Duration.ofSeconds(20));

    assertThat(delay(bench.known(vip), Optional.empty(), false)).isBetween(20_000L, 20_001L);
  }

  @Test
  void shouldComeBackWithinAMinuteWhenTheSubnetIsFull() {
    var full = Optional.of(NodeProblems.subnetFull("zone-1", List.of(SUBNET)));

    assertThat(delay(bench.known(), full, false)).isBetween(60_000L, 60_001L);
  }

  @Test
  void shouldComeBackForTheNextLookWhenOthersHaveToChangeSomething() {
    bench.parts.memory().look("uid-nec", new NodeCloud.Look(List.of(), Set.of(), Set.of(), 0));
    bench.clock.advance(Duration.ofSeconds(10));

    assertThat(delay(bench.known(), Optional.empty(), true)).isBetween(20_000L, 20_001L);
  }

  @Test
  void shouldAskForTheZoneAgainWhenTheCloudHasNotToldIt() {
    var missing = Optional.of(NodeProblems.zoneMissing(NodeBench.NODE));

    assertThat(delay(bench.known(), missing, false)).isBetween(60_000L, 60_001L);
  }

  private long delay(Gathered known, Optional<Problem> problem, boolean lookAgain) {
    return next.of(bench.nec, known, problem, lookAgain).getScheduleDelay().orElseThrow();
  }
}
