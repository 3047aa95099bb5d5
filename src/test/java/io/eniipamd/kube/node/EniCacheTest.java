package io.eniipamd.kube.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.BoundEni;
import io.eniipamd.domain.node.NodeProblems;
import io.eniipamd.domain.node.RouteLimits;
import io.eniipamd.testing.time.SteppedClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class EniCacheTest {
  private static final String NEC = "uid-of-nec";
  private static final NodeCloud.Look FULL = new NodeCloud.Look(List.of(), Set.of(), Set.of(), 3);

  private final SteppedClock clock = SteppedClock.at(Instant.EPOCH);
  private final EniCache memory = new EniCache(clock);

  @Test
  void shouldAskForTheZoneAgainWhenTheCloudDidNotTellItAWhileAgo() {
    memory.machine(NEC, machine(Optional.empty()));

    assertThat(memory.isAsked(NEC)).isTrue();
    clock.advance(EniCache.ZONE_AGAIN);
    assertThat(memory.isAsked(NEC)).isFalse();
    assertThat(memory.limits(NEC)).isPresent();
  }

  @Test
  void shouldNotAskAgainWhenTheCloudHasToldTheZone() {
    memory.machine(NEC, machine(Optional.of("ap-chengdu-1")));

    clock.advance(EniCache.ZONE_AGAIN.multipliedBy(100));

    assertThat(memory.isAsked(NEC)).isTrue();
  }

  @Test
  void shouldLookLessAndLessOftenWhileNothingChangesAndSoonAgainWhenSomethingDoes() {
    memory.look(NEC, FULL);
    assertThat(memory.untilNextLook(NEC)).isEqualTo(Duration.ofSeconds(30));

    memory.look(NEC, FULL);
    assertThat(memory.untilNextLook(NEC)).isEqualTo(Duration.ofSeconds(60));

    for (int i = 0; i < 10; i++) {
      memory.look(NEC, FULL);
    }
    assertThat(memory.untilNextLook(NEC)).isEqualTo(Duration.ofMinutes(10));

    memory.look(NEC, new NodeCloud.Look(List.of(), Set.of(), Set.of(), 2));
    assertThat(memory.untilNextLook(NEC)).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void shouldNotLookBeforeThePauseIsOverWhenALookHasFailed() {
    memory.pause(NEC, NodeProblems.cloudFailed("no answer"), Duration.ofSeconds(40));

    assertThat(memory.untilNextLook(NEC)).isEqualTo(Duration.ofSeconds(40));
  }

  @Test
  void shouldNotTakeAnEniForBoundToTheMachineThatCameUnderTheNameOfAnother() {
    var eni = new BoundEni("eni-a", "20:90:6f:00:00:01", "subnet-a", Ip.parse("10.0.0.2"));

    memory.bound("uid-vip", NEC, eni);

    assertThat(memory.bound("uid-vip", NEC)).hasValue(eni);
    assertThat(memory.bound("uid-vip", "uid-next")).isEmpty();
    assertThat(memory.eniOf("uid-vip")).hasValue("eni-a");
  }

  private static Machines.Machine machine(Optional<String> zone) {
    return new Machines.Machine(new RouteLimits(3, 9), 4, zone);
  }
}
