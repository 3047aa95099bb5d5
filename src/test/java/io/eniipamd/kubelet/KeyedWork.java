package io.eniipamd.kubelet;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Runs work by key: keys side by side on virtual threads, one key never twice at a time, and a key
 * submitted while its work runs once more after it.
 */
final class KeyedWork<K> implements AutoCloseable {

  private enum State {
    RUNNING,
    RUNNING_AND_WANTED
  }

  private final ConcurrentHashMap<K, State> states = new ConcurrentHashMap<>();
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("kubelets-timer").factory());
  private final Consumer<K> work;

  /** For work that throws nothing. */
  KeyedWork(Consumer<K> work) {
    this.work = work;
  }

  /** Has a key's work done after a delay; returns at once. */
  void submit(K key, Duration delay) {
    try {
      if (delay.isPositive()) {
        var unused = timer.schedule(() -> run(key), delay.toMillis(), TimeUnit.MILLISECONDS);
      } else {
        run(key);
      }
    } catch (RejectedExecutionException e) {
      // Closed: whatever is submitted afterwards has no reader.
    }
  }

  private void run(K key) {
    State before = states.merge(key, State.RUNNING, (state, start) -> State.RUNNING_AND_WANTED);
    if (before == State.RUNNING) {
      workers.execute(() -> loop(key));
    }
  }

  private void loop(K key) {
    do {
      work.accept(key);
    } while (states.computeIfPresent(
            key, (k, state) -> state == State.RUNNING_AND_WANTED ? State.RUNNING : null)
        != null);
  }

  @Override
  public void close() {
    timer.shutdownNow();
    workers.shutdownNow();
    workers.close();
  }
}
