package io.eniipamd.kube.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.FakeVpcCloud.Fault;
import io.eniipamd.cloud.Instance;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.node.EniDecision.Learn;
import io.eniipamd.kube.support.CloudTasks;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EniLearningTest {
  private static final String NEC = "uid-nec";
  private static final Learn ALL = new Learn(true, true, Optional.empty());

  private final NodeBench bench = new NodeBench();
  private final EniLearning learning = bench.parts.learning();
  private final EniCache memory = bench.parts.memory();

  @BeforeEach
  void addInstance() {
    bench.vpc.addInstance(new Instance(NodeBench.INSTANCE, "S5.MEDIUM4", "zone-1", 2));
  }

  @AfterEach
  void close() {
    bench.close();
  }

  @Test
  void shouldKnowLimitsZoneAndEnisWhenTheCloudHasAnswered() {
    learning.learn(bench.nec, Set.of(), ALL);

    await().until(() -> isHeard() && memory.look(NEC).isPresent());
    assertThat(memory.limits(NEC)).isPresent();
    assertThat(memory.zone(NEC)).contains("zone-1");
  }

  @Test
  void shouldAskOnceWhenTheAnswerIsNotHeardYet() {
    learning.learn(bench.nec, Set.of(), ALL);
    learning.learn(bench.nec, Set.of(), ALL);

    await().until(() -> isHeard() && memory.look(NEC).isPresent());
    assertThat(bench.vpc.calls(CloudAction.DESCRIBE_NETWORK_INTERFACE_LIMIT)).hasSize(1);
  }

  @Test
  void shouldWaitAndSayWhyWhenTheCloudRefuses() {
    bench.vpc.failAlways(CloudAction.DESCRIBE_NETWORK_INTERFACES, Fault.THROTTLED);
    learning.lookForLeft(bench.nec, Set.of());
    await()
        .until(
            () -> {
              learning.hear(bench.nec);
              return memory.pause(NEC).isPresent();
            });

    learning.learn(bench.nec, Set.of(), ALL);
    learning.lookForLeft(bench.nec, Set.of());

    assertThat(memory.pause(NEC).orElseThrow().problem().reason())
        .isEqualTo(NodeReason.CLOUD_FAILED);
    assertThat(bench.vpc.calls(CloudAction.DESCRIBE_NETWORK_INTERFACE_LIMIT)).isEmpty();
    assertThat(isLooking()).isFalse();
  }

  @Test
  void shouldNotLookAgainBeforeTheLastLookIsOld() {
    learning.lookForLeft(bench.nec, Set.of());
    await()
        .until(
            () -> {
              learning.hear(bench.nec);
              return memory.look(NEC).isPresent();
            });

    learning.lookAgain(bench.nec, Set.of());
    bench.clock.advance(Duration.ofSeconds(29));
    learning.lookAgain(bench.nec, Set.of());

    assertThat(isLooking()).isFalse();
    bench.clock.advance(Duration.ofSeconds(1));
    learning.lookAgain(bench.nec, Set.of());
    assertThat(isLooking()).isTrue();
  }

  private boolean isHeard() {
    learning.hear(bench.nec);
    return memory.limits(NEC).isPresent();
  }

  /** Whether a look is under way, or has ended unheard. */
  private boolean isLooking() {
    CloudTasks.State<NodeCloud.Look> look = bench.tasks.take(new CloudTasks.Key(NEC, "look"));
    return !(look instanceof CloudTasks.State.Idle);
  }
}
