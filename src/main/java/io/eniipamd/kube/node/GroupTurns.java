package io.eniipamd.kube.node;

import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Lets changes of security groups begin one after the other, a few at a time. No Pod waits for
 * them, and there are thousands at once where a flag changes: they get a small share of the
 * requests to the cloud, so that what Pods wait for never queues behind them.
 */
@Singleton
public final class GroupTurns {

  /** How many may be under way at a time. */
  static final int MOST_AT_A_TIME = 5;

  /** How many times slower they begin than requests may go out. */
  private static final int SHARE = 10;

  private final Duration pause;
  private final LongSupplier nanoTime;
  private final Timer timer;
  private final Queue<BooleanSupplier> waiting = new ArrayDeque<>();
  private int underWay;
  private long nextAt;
  private boolean timed;

  /**
   * How many requests to the cloud there may be.
   *
   * @param requestsPerSecond at least 1
   */
  public record Settings(int requestsPerSecond) {}

  /** Has something run later. */
  @FunctionalInterface
  interface Timer {
    void after(Duration time, Runnable run);
  }

  /**
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  @Inject
  GroupTurns(Settings settings, LongSupplier nanoTime) {
    this(settings, nanoTime, GroupTurns::later);
  }

  GroupTurns(Settings settings, LongSupplier nanoTime, Timer timer) {
    this.pause = Duration.ofSeconds(SHARE).dividedBy(settings.requestsPerSecond());
    this.nanoTime = nanoTime;
    this.timer = timer;
    this.nextAt = nanoTime.getAsLong();
  }

  private static void later(Duration time, Runnable run) {
    CompletableFuture.delayedExecutor(
            time.toNanos(), TimeUnit.NANOSECONDS, Thread::startVirtualThread)
        .execute(run);
  }

  /**
   * Begins something when its turn has come; does not block.
   *
   * @param work asked at its turn; empty where there is nothing to do any more, which takes no turn
   * @return the result; empty where there was nothing to do
   */
  <T> CompletionStage<Optional<T>> submit(Supplier<Optional<CompletionStage<T>>> work) {
    var done = new CompletableFuture<Optional<T>>();
    synchronized (this) {
      waiting.add(() -> begin(work, done));
    }
    beginWaiting();
    return done;
  }

  private void beginWaiting() {
    while (true) {
      BooleanSupplier next;
      synchronized (this) {
        if (waiting.isEmpty() || underWay >= MOST_AT_A_TIME) {
          return;
        }
        long now = nanoTime.getAsLong();
        if (nextAt - now > 0) {
          if (!timed) {
            timed = true;
            timer.after(Duration.ofNanos(nextAt - now), this::timeHasCome);
          }
          return;
        }
        next = waiting.remove();
        underWay++;
        nextAt = now + pause.toNanos();
      }
      if (!next.getAsBoolean()) {
        synchronized (this) {
          underWay--;
          nextAt -= pause.toNanos();
        }
      }
    }
  }

  private void timeHasCome() {
    synchronized (this) {
      timed = false;
    }
    beginWaiting();
  }

  /** Whether it was begun, so that its turn is used. */
  private <T> boolean begin(
      Supplier<Optional<CompletionStage<T>>> work, CompletableFuture<Optional<T>> done) {
    Optional<CompletionStage<T>> begun;
    try {
      begun = work.get();
    } catch (RuntimeException e) {
      done.completeExceptionally(e);
      return false;
    }
    if (begun.isEmpty()) {
      done.complete(Optional.empty());
      return false;
    }
    var unused =
        begun
            .get()
            .whenComplete(
                (result, failure) -> {
                  synchronized (this) {
                    underWay--;
                  }
                  if (failure == null) {
                    done.complete(Optional.of(result));
                  } else {
                    done.completeExceptionally(failure);
                  }
                  beginWaiting();
                });
    return true;
  }
}
