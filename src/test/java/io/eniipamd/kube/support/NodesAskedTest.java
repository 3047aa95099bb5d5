package io.eniipamd.kube.support;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodesAskedTest {
  private static final Set<String> HUNDRED =
      IntStream.range(0, 100).mapToObj(i -> "node-" + i).collect(Collectors.toSet());

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

  @Test
  void shouldAskForAllAtOnceWhenManyNodesAreGone() {
    var nodes = nodes(true);

    HUNDRED.forEach(node -> assertThat(nodes.mayCarryPods(node)).isTrue());

    assertThat(asked).filteredOn(a -> !a.equals("all")).hasSize(4);
    assertThat(asked).filteredOn("all"::equals).hasSize(1);
  }

  @Test
  void shouldListAgainWhenTheListIsTooOldForWhatIsGone() {
    var nodes = nodes(false);
    HUNDRED.forEach(nodes::mayCarryPods);
    asked.clear();
    now += Duration.ofSeconds(2).toNanos();

    HUNDRED.forEach(node -> assertThat(nodes.mayCarryPods(node)).isFalse());

    assertThat(asked).containsExactly("all");
  }

  private NodesAsked nodes(boolean mayCarryPods) {
    return new NodesAsked(
        new NodesAsked.Api() {
          @Override
          public boolean mayCarryPods(String node) {
            asked.add(node);
            return mayCarryPods;
          }

          @Override
          public Set<String> allThatMayCarryPods() {
            asked.add("all");
            return mayCarryPods ? HUNDRED : Set.of();
          }
        },
        () -> now);
  }
}
