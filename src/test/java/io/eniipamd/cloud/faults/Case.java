package io.eniipamd.cloud.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.faults.Goal.Outcome;
import io.eniipamd.simulator.record.Call;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A field of the matrix.
 *
 * @param action whose n-th call meets the disturbance
 * @param restart whether the process dies right then
 * @param settings what else is so for as long as the case is played
 */
record Case(
    Row row,
    String action,
    Disturbance disturbance,
    int nth,
    boolean restart,
    List<Setting> settings) {

  /** Of one goal. Most of them cost no request: while the cloud is down none is sent. */
  private static final int MOST_TRIES = 30;

  /** Changing calls beyond those of a day without faults: one or two for each fault met. */
  private static final int SPARE_CHANGES = 6;

  /** What a process that died has asked for is asked for again by the next one. */
  private static final int SPARE_AFTER_RESTART = 4;

  /** What has to wait for a long task is asked for again until that ends. */
  private static final int SPARE_FOR_LONG_TASKS = 16;

  /** Reads of a case: those that wait for a task that hangs are the most. */
  private static final int MOST_READS = 250;

  /** Of a case whose tasks are long: they are looked for all the time. */
  private static final int MOST_READS_OF_LONG_TASKS = 700;

  private static final Duration PATIENCE = Duration.ofSeconds(40);

  /** What became of it. */
  enum Decision {
    DISTURBED,
    /** There was no n-th call. */
    UNDISTURBED
  }

  @Override
  public String toString() {
    return "%s: %s no. %d%s%s"
        .formatted(
            disturbance,
            action,
            nth,
            restart ? ", then a restart" : "",
            settings.stream().map(setting -> ", " + setting).collect(Collectors.joining()));
  }

  /** The same where something else is so as well. */
  Case with(Setting setting) {
    var more = Stream.concat(settings.stream(), Stream.of(setting)).toList();
    return new Case(row, action, disturbance, nth, restart, more);
  }

  /** Its own in the matrix, so that it names the case too. */
  long seed() {
    return (row + "/" + this).hashCode();
  }

  /** Plays it; fails where an invariant does not hold. */
  Decision play() throws InterruptedException {
    try (var ground = new Ground(seed(), settings)) {
      Row.Scene scene = row.scene().apply(ground);
      await().atMost(PATIENCE).until(() -> ground.vpc().runningTasks() == 0);
      settings.forEach(setting -> setting.apply(ground));
      long before = ground.vpc().record().count();
      CountDownLatch met = disturbance.arm(ground, action, nth);
      Map<String, Outcome> outcomes = reach(ground, scene.goals(), met);
      boolean disturbed = met.await(0, TimeUnit.SECONDS) || arrivesLate(met);
      ground.vpc().releaseHangingTasks();
      await().atMost(PATIENCE).until(() -> ground.vpc().runningTasks() == 0);
      scene.end().check(ground.vpc().snapshot(), outcomes);
      checkEconomy(ground.vpc().record().since(before));
      return disturbed ? Decision.DISTURBED : Decision.UNDISTURBED;
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "%s, %s (seed %d): %s; to play it again: ./mvnw -B test -Dtest=FaultMatrixTest -Dfaults.case=%d"
              .formatted(row, this, seed(), e.getMessage(), seed()),
          e);
    }
  }

  /** Its effect may come when all have what they want. */
  private boolean arrivesLate(CountDownLatch met) throws InterruptedException {
    boolean late = disturbance.name().startsWith("late");
    return late && met.await(Ground.TOO_LATE.toMillis() * 2, TimeUnit.MILLISECONDS);
  }

  private Map<String, Outcome> reach(Ground ground, List<List<Goal>> goals, CountDownLatch met)
      throws InterruptedException {
    Map<String, Outcome> outcomes = new ConcurrentHashMap<>();
    var all =
        goals.stream()
            .map(
                some ->
                    CompletableFuture.runAsync(
                        () -> some.forEach(goal -> outcomes.put(goal.name(), pursue(ground, goal))),
                        Thread::startVirtualThread))
            .toArray(CompletableFuture<?>[]::new);
    var done = CompletableFuture.allOf(all);
    if (restart) {
      var unused = Thread.startVirtualThread(() -> restartAt(ground, met));
    }
    try {
      var unused = done.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("the goals are not reached, only " + outcomes, e);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause().getMessage(), e.getCause());
    }
    return outcomes;
  }

  private static void restartAt(Ground ground, CountDownLatch met) {
    try {
      met.await();
      ground.restart();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Outcome pursue(Ground ground, Goal goal) {
    Throwable last = null;
    for (int i = 0; i < MOST_TRIES; i++) {
      try {
        var unused =
            goal.ask()
                .once(ground, i > 0 || ground.restarted())
                .toCompletableFuture()
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return new Outcome.Reached();
      } catch (ExecutionException e) {
        last = e.getCause();
        if (last instanceof CloudException refusal && isFinal(refusal)) {
          return new Outcome.Refused(refusal);
        }
        if (!(last instanceof CloudException)) {
          break;
        }
      } catch (RejectedExecutionException e) {
        // The process has died before it could begin.
        last = e;
      } catch (InterruptedException | TimeoutException e) {
        last = e;
        break;
      }
      beforeTheNextTry(ground, i);
    }
    throw new AssertionError("no end of " + goal.name() + ": " + last, last);
  }

  /** What the reconcilers do not simply try again. */
  private static boolean isFinal(CloudException e) {
    return switch (e.kind()) {
      case QUOTA, SUBNET_FULL, ADDRESS_TAKEN, NOT_FOUND -> true;
      // A key that was refused and an action that was denied are asked for again later.
      case THROTTLED, TRANSIENT, DENIED, INVALID -> false;
    };
  }

  private void beforeTheNextTry(Ground ground, int tries) {
    if (disturbance.hangs()) {
      ground.vpc().releaseHangingTasks();
    }
    try {
      Thread.sleep(ground.pauseMillis(tries));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void checkEconomy(List<Call> calls) {
    long changes = calls.stream().filter(Call::changing).count();
    boolean longTasks = settings.contains(Setting.LONG_TASKS);
    int spare =
        SPARE_CHANGES
            + (restart ? SPARE_AFTER_RESTART : 0)
            + (longTasks ? SPARE_FOR_LONG_TASKS : 0);
    assertThat(changes)
        .as("changing calls %s", calls.stream().filter(Call::changing).map(Case::brief).toList())
        .isLessThanOrEqualTo(row.changes() + spare);
    assertThat(calls.size() - changes)
        .as("reads")
        .isLessThanOrEqualTo(longTasks ? MOST_READS_OF_LONG_TASKS : MOST_READS);
  }

  private static String brief(Call call) {
    return call.action() + " " + call.result();
  }
}
