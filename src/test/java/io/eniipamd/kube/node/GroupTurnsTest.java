package io.eniipamd.kube.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class GroupTurnsTest {
  private final List<String> begun = new ArrayList<>();
  private final Map<String, CompletableFuture<String>> ends = new HashMap<>();
  private final List<Duration> waits = new ArrayList<>();
  private Runnable later = () -> {};
  private long nanos = 7;

  /** Fifty requests a second: five changes. */
  private final GroupTurns turns =
      new GroupTurns(
          new GroupTurns.Settings(50),
          () -> nanos,
          (time, run) -> {
            waits.add(time);
            later = run;
          });

  @Test
  void shouldBeginOneAndLetTheNextWaitForItsTurn() {
    submit("a");
    submit("b");
    submit("c");

    assertThat(begun).containsExactly("a");
    assertThat(waits).containsExactly(Duration.ofMillis(200));
    pass(Duration.ofMillis(200));
    assertThat(begun).containsExactly("a", "b");
    pass(Duration.ofMillis(200));
    assertThat(begun).containsExactly("a", "b", "c");
  }

  @Test
  void shouldBeginNoMoreThanAFewAtATimeHoweverLongTheyTake() {
    for (int i = 0; i < GroupTurns.MOST_AT_A_TIME + 1; i++) {
      submit("e" + i);
      pass(Duration.ofSeconds(1));
    }

    assertThat(begun).hasSize(GroupTurns.MOST_AT_A_TIME);
    ends.get("e0").complete("done");
    assertThat(begun).contains("e" + GroupTurns.MOST_AT_A_TIME);
  }

  @Test
  void shouldGiveTheTurnToTheNextWhenThereIsNothingToDoAnyMore() {
    CompletionStage<Optional<String>> nothing = turns.submit(Optional::empty);
    submit("a");

    assertThat(nothing.toCompletableFuture()).isCompletedWithValue(Optional.empty());
    assertThat(begun).containsExactly("a");
  }

  @Test
  void shouldGoOnWhenOneFails() {
    CompletionStage<Optional<String>> broken =
        turns.submit(
            () -> {
              throw new IllegalStateException("no");
            });
    var failing = submit("a");
    ends.get("a").completeExceptionally(new IllegalStateException("no"));
    submit("b");
    pass(Duration.ofMillis(200));

    assertThat(broken.toCompletableFuture()).isCompletedExceptionally();
    assertThat(failing.toCompletableFuture()).isCompletedExceptionally();
    assertThat(begun).containsExactly("a", "b");
  }

  @Test
  void shouldHandOnTheResult() {
    var result = submit("a");

    ends.get("a").complete("done");

    assertThat(result.toCompletableFuture()).isCompletedWithValue(Optional.of("done"));
  }

  private CompletionStage<Optional<String>> submit(String name) {
    return turns.submit(
        () -> {
          begun.add(name);
          return Optional.of(ends.computeIfAbsent(name, _ -> new CompletableFuture<>()));
        });
  }

  private void pass(Duration time) {
    nanos += time.toNanos();
    var due = later;
    later = () -> {};
    due.run();
  }
}
