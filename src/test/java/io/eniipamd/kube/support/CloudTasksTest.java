package io.eniipamd.kube.support;

import static org.assertj.core.api.Assertions.assertThat;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.kube.support.CloudTasks.State;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CloudTasksTest {

  private final CloudTasks tasks = new CloudTasks(new Random(1));

  @Test
  void shouldPauseTwiceAsLongWhenATaskFailsAgain() {
    var pauses = IntStream.range(0, 12).mapToObj(i -> fail("uid")).toList();

    for (int i = 0; i < pauses.size(); i++) {
      var bound = Duration.ofSeconds(Math.min(1L << i, 60));
      assertThat(pauses.get(i)).isBetween(bound.dividedBy(2), bound);
    }
  }

  @Test
  void shouldComeBackAtDifferentTimesWhenManyFailTogether() {
    var pauses = IntStream.range(0, 10_000).mapToObj(i -> fail("uid-" + i)).toList();

    // Spread over the half second: no twentieth of it sees much more than its share.
    var perSlot =
        pauses.stream()
            .collect(Collectors.groupingBy(p -> p.toMillis() / 25, Collectors.counting()));
    assertThat(perSlot.values()).allMatch(count -> count < 2 * 10_000 / 20);
  }

  @Test
  void shouldPauseTheSameWhenTheChanceIsTheSame() {
    var other = new CloudTasks(new Random(1));

    assertThat(List.of(fail(tasks, "uid"), fail(tasks, "uid")))
        .isEqualTo(List.of(fail(other, "uid"), fail(other, "uid")));
  }

  @Test
  void shouldBeginWithTheShortestPauseWhenATaskHasSucceededInBetween() {
    fail("uid");
    fail("uid");
    tasks.start(key("uid"), () -> CompletableFuture.completedFuture("done"), () -> {});
    assertThat(tasks.take(key("uid"))).isEqualTo(new State.Done<>("done"));

    assertThat(fail("uid")).isLessThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void shouldKeepTheEndWhenATaskIsStartedThatHasEndedSinceItWasSeenRunning() {
    // given
    var first = new CompletableFuture<String>();
    tasks.start(key("uid"), () -> first, () -> {});
    assertThat(tasks.take(key("uid"))).isEqualTo(new State.Running<>());
    first.complete("first");

    // when
    tasks.start(key("uid"), () -> CompletableFuture.completedFuture("second"), () -> {});

    // then
    assertThat(tasks.take(key("uid"))).isEqualTo(new State.Done<>("first"));
  }

  @Test
  void shouldForgetAllTasksOfAnObjectAndNoneOfAnother() {
    // given
    var running = new CompletableFuture<String>();
    tasks.start(key("uid-1"), () -> running, () -> {});
    tasks.start(
        new CloudTasks.Key("uid-1", "other"),
        () -> CompletableFuture.completedFuture("1"),
        () -> {});
    tasks.start(key("uid-2"), () -> CompletableFuture.completedFuture("2"), () -> {});

    // when
    tasks.forget("uid-1");
    running.complete("late");

    // then
    assertThat(tasks.take(key("uid-1"))).isEqualTo(new State.Idle<>(0));
    assertThat(tasks.take(new CloudTasks.Key("uid-1", "other"))).isEqualTo(new State.Idle<>(0));
    assertThat(tasks.take(key("uid-2"))).isEqualTo(new State.Done<>("2"));
  }

  @Test
  void shouldStartTheWorkOnceAndHandItsResultOnOnce() {
    // given
    var end = new CompletableFuture<String>();
    var begun = new AtomicInteger();
    var enqueued = new AtomicInteger();
    var task =
        new CloudTasks.Task<>(
            key("uid"),
            _ -> {
              begun.incrementAndGet();
              return end;
            },
            enqueued::incrementAndGet);

    // when
    var passes = new ArrayList<String>();
    passes.add(drive(task));
    passes.add(drive(task));
    end.complete("result");
    passes.add(drive(task));

    // then
    assertThat(passes).containsExactly("under way", "under way", "done: result");
    assertThat(begun).hasValue(1);
    assertThat(enqueued).hasValue(1);
    assertThat(tasks.take(key("uid"))).isEqualTo(new State.Idle<>(0));
  }

  @Test
  void shouldTellTheWorkHowOftenItHasFailedSinceItSucceeded() {
    // given
    var told = new ArrayList<Integer>();
    var outcomes =
        new ArrayDeque<CompletableFuture<String>>(
            List.of(
                CompletableFuture.failedFuture(failure()),
                CompletableFuture.failedFuture(failure()),
                CompletableFuture.completedFuture("result"),
                CompletableFuture.failedFuture(failure())));
    var task =
        new CloudTasks.Task<>(
            key("uid"),
            failures -> {
              told.add(failures);
              return outcomes.remove();
            },
            () -> {});

    // when: each is started by one pass, and heard of in the next
    var passes = IntStream.range(0, 8).mapToObj(i -> drive(task)).toList();

    // then
    assertThat(told).containsExactly(0, 1, 2, 0);
    assertThat(passes)
        .containsExactly(
            "under way",
            "refused: TRANSIENT",
            "under way",
            "refused: TRANSIENT",
            "under way",
            "done: result",
            "under way",
            "refused: TRANSIENT");
  }

  @Test
  void shouldHandTheFailureOnWhenTheWorkCannotEvenBegin() {
    var enqueued = new AtomicInteger();
    CloudTasks.Work<String> broken =
        _ -> {
          throw new IllegalStateException("closed");
        };
    var task = new CloudTasks.Task<>(key("uid"), broken, enqueued::incrementAndGet);

    assertThat(drive(task)).isEqualTo("under way");
    assertThat(enqueued).hasValue(1);
    assertThat(drive(task)).isEqualTo("refused: TRANSIENT");
  }

  @Test
  void shouldHandAnEndOnOnceAndStartNothingWhenItIsOnlyHeard() {
    // given
    var heard = new ArrayList<String>();
    var end = new CompletableFuture<String>();

    // when
    hear(heard);
    tasks.start(key("uid"), () -> end, () -> {});
    hear(heard);
    end.complete("result");
    hear(heard);
    hear(heard);
    tasks.start(key("uid"), () -> CompletableFuture.failedFuture(failure()), () -> {});
    hear(heard);
    hear(heard);

    // then
    assertThat(heard).containsExactly("done: result", "refused: TRANSIENT");
    assertThat(tasks.take(key("uid"))).isEqualTo(new State.Idle<>(1));
  }

  private void hear(List<String> heard) {
    tasks.<String>hear(
        key("uid"),
        result -> heard.add("done: " + result),
        failed -> heard.add("refused: " + failed.cause().kind()));
  }

  private String drive(CloudTasks.Task<String> task) {
    return tasks.drive(
        task,
        "under way",
        result -> "done: " + result,
        failed -> "refused: " + failed.cause().kind());
  }

  private Duration fail(String uid) {
    return fail(tasks, uid);
  }

  private static Duration fail(CloudTasks tasks, String uid) {
    tasks.start(key(uid), () -> CompletableFuture.failedFuture(failure()), () -> {});
    State<Object> state = tasks.take(key(uid));
    return ((State.Failed<Object>) state).pause();
  }

  private static CloudException failure() {
    return new CloudException(Kind.TRANSIENT, "asking", null, "no answer", null, null);
  }

  private static CloudTasks.Key key(String uid) {
    return new CloudTasks.Key(uid, "assign");
  }
}
