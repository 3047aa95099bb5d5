package io.eniipamd.kube.support;

import io.eniipamd.cloud.CloudException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * What is going on in the cloud on behalf of objects, so that no reconciler waits: it starts a
 * task, returns, and is enqueued when the task has ended.
 *
 * <p>A task is known by its object's UID and what it does. While one runs, the same is not started
 * again. Nothing here survives the process: what a task means to do is recorded in the object
 * first.
 */
@Singleton
public final class CloudTasks {

  /**
   * The first pause after a failure, and the longest: a quota that was raised shows in a minute.
   */
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  /**
   * Names a task: at most one of a key runs at a time.
   *
   * @param uid of the object
   * @param what of its tasks
   */
  public record Key(String uid, String what) {}

  /** How a task stands. */
  public sealed interface State<T> {
    /** It was never started, or its end has been taken. */
    record Idle<T>(int failures) implements State<T> {}

    record Running<T>() implements State<T> {}

    record Done<T>(T result) implements State<T> {}

    /**
     * The task ended without a result.
     *
     * @param pause how long to leave it alone before the next try
     */
    record Failed<T>(CloudException cause, Duration pause) implements State<T> {}
  }

  /** What a task does in the cloud. */
  @FunctionalInterface
  public interface Work<T> {
    /**
     * Begins it; does not block.
     *
     * @param failures how often the task has failed since it succeeded last
     */
    CompletionStage<T> begin(int failures);
  }

  /**
   * A task, and what it enqueues.
   *
   * @param whenEnded called at the end of the work, on the thread that ended it: it enqueues the
   *     object
   */
  public record Task<T>(Key key, Work<T> work, Runnable whenEnded) {}

  private record Entry(State<?> state, int failures) {}

  /** By the object's UID: its tasks, by what they do. They change within a computation only. */
  private final ConcurrentMap<String, Map<String, Entry>> entries = new ConcurrentHashMap<>();

  private final RandomGenerator random;

  /**
   * @param random decides how long pauses are, so that thousands that failed together do not come
   *     back together; may be asked by many threads at once
   */
  public CloudTasks(RandomGenerator random) {
    this.random = random;
  }

  /**
   * Carries a task one step on: starts it where it is idle, and hands its end on where it has ended
   * since the last pass. It never waits.
   *
   * @param underWay what to answer while it runs, and where it has just been started
   * @param done answers with the result; the task is idle again
   * @param refused answers with the failure; the task is idle again and counts the failure
   */
  public <T, R> R drive(
      Task<T> task, R underWay, Function<T, R> done, Function<State.Failed<T>, R> refused) {
    State<T> state = take(task.key());
    return switch (state) {
      case State.Running<T> _ -> underWay;
      case State.Idle<T>(int failures) -> {
        start(task.key(), () -> task.work().begin(failures), task.whenEnded());
        yield underWay;
      }
      case State.Done<T>(T result) -> done.apply(result);
      case State.Failed<T> failed -> refused.apply(failed);
    };
  }

  /**
   * Hands the end of a task on where it has ended since the last pass, for a reconciler that hears
   * what there is before it decides what to start.
   *
   * @param done takes the result; the task is idle again
   * @param refused takes the failure; the task is idle again and counts the failure
   */
  public <T> void hear(Key key, Consumer<T> done, Consumer<State.Failed<T>> refused) {
    State<T> state = take(key);
    switch (state) {
      case State.Running<T> _ -> {}
      case State.Idle<T> _ -> {}
      case State.Done<T>(T result) -> done.accept(result);
      case State.Failed<T> failed -> refused.accept(failed);
    }
  }

  /**
   * Starts a task, unless it is running; {@code enqueue} is called at its end. One that has ended
   * since its state was taken is not started again: its end is there to be taken in the next pass.
   */
  public <T> void start(Key key, Supplier<CompletionStage<T>> task, Runnable enqueue) {
    var started = new boolean[1];
    var failures = new int[1];
    change(
        key,
        before -> {
          if (before != null && !(before.state() instanceof State.Idle<?>)) {
            return before;
          }
          started[0] = true;
          failures[0] = before == null ? 0 : before.failures();
          return new Entry(new State.Running<T>(), failures[0]);
        });
    if (!started[0]) {
      return;
    }
    CompletionStage<T> stage;
    try {
      stage = task.get();
    } catch (RuntimeException e) {
      change(key, _ -> failed(e, failures[0] + 1));
      enqueue.run();
      return;
    }
    var unused =
        stage.whenComplete(
            (result, failure) -> {
              change(
                  key,
                  before -> {
                    if (before == null) {
                      return null;
                    }
                    return failure == null
                        ? new Entry(new State.Done<>(result), 0)
                        : failed(failure, failures[0] + 1);
                  });
              enqueue.run();
            });
  }

  /** The state of a task; an end is handed out once, and then the task is idle again. */
  @SuppressWarnings("unchecked")
  public <T> State<T> take(Key key) {
    var taken = new State<?>[] {new State.Idle<T>(0)};
    change(
        key,
        entry ->
            switch (entry == null ? new State.Idle<T>(0) : entry.state()) {
              case State.Idle<?> idle -> {
                taken[0] = idle;
                yield entry;
              }
              case State.Running<?> running -> {
                taken[0] = running;
                yield entry;
              }
              case State.Done<?> done -> {
                taken[0] = done;
                yield null;
              }
              case State.Failed<?> failed -> {
                taken[0] = failed;
                yield new Entry(new State.Idle<>(entry.failures()), entry.failures());
              }
            });
    return (State<T>) taken[0];
  }

  /** Forgets what is known of an object's tasks; a running one ends unheard. */
  public void forget(String uid) {
    entries.remove(uid);
  }

  /**
   * Puts what the change makes of a task's entry in its place.
   *
   * @param change is given the entry, or null where there is none, and gives the next one, or null
   */
  private void change(Key key, UnaryOperator<Entry> change) {
    entries.compute(
        key.uid(),
        (_, before) -> {
          var tasks = before == null ? new HashMap<String, Entry>() : before;
          var next = change.apply(tasks.get(key.what()));
          if (next == null) {
            tasks.remove(key.what());
          } else {
            tasks.put(key.what(), next);
          }
          return tasks.isEmpty() ? null : tasks;
        });
  }

  private Entry failed(Throwable failure, int failures) {
    var cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    var known =
        cause instanceof CloudException e
            ? e
            : new CloudException(
                CloudException.Kind.TRANSIENT,
                "working in the cloud",
                null,
                String.valueOf(cause),
                null,
                cause);
    return new Entry(new State.Failed<>(known, pause(failures)), failures);
  }

  /** At least half of the doubled pause; the other half is random. */
  private Duration pause(int failures) {
    var doubled = FIRST_PAUSE.multipliedBy(1L << Math.min(failures - 1, 10));
    var bound = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
    var half = bound.toNanos() / 2;
    return Duration.ofNanos(half + random.nextLong(half + 1));
  }
}
