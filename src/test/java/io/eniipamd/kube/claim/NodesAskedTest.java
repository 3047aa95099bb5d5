package io.eniipamd.kube.claim;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodesAskedTest {
  private final List<String> asked = new ArrayList<>();
  private long now;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldAskOnceForANodeWhenAllThatIsKeptThereAsks(boolean mayCarryPods) {
    var nodes = nodes(mayCarryPods);

    for (int i = 0; i < 1000; i++) {
      assertThat(nodes.mayCarryPods("node-" + i % 2)).isEqualTo(mayCarryPods);
    }

    assertThat(asked).containsExactly("node-0", "node-1");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldAskAgainWhenTheAnswerIsOld(boolean mayCarryPods) {
    var nodes = nodes(mayCarryPods);
    nodes.mayCarryPods("node-0");
    now += Duration.ofSeconds(20).toNanos();

    nodes.mayCarryPods("node-0");

    assertThat(asked).hasSize(2);
  }

  private NodesAsked nodes(boolean mayCarryPods) {
    return new NodesAsked(
        node -> {
          asked.add(node);
          return mayCarryPods;
        },
        () -> now);
  }
}
