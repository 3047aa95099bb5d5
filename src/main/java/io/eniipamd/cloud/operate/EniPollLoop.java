package io.eniipamd.cloud.operate;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.Listing;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.cloud.decorate.Futures;
import io.eniipamd.cloud.operate.EniPoller.Look;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * Makes the looks that all who wait for ENIs share: a look is one request for up to {@value
 * VpcCloud#MAX_IDS_PER_CALL} ENIs, no two begin within {@link OperationSettings#lookInterval} of
 * each other, and there is none while no caller waits. A poll that began before a caller asked is
 * no answer to it.
 */
final class EniPollLoop {

  private static final int GROWTH_NUMERATOR = 3;
  private static final int GROWTH_DENOMINATOR = 2;

  private final VpcCloud cloud;
  private final OperationSettings settings;
  private final ExecutorService threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Waiter> waiters = new ArrayList<>();
  private boolean looking;
  private long lastLook;
  private boolean lookedBefore;

  EniPollLoop(VpcCloud cloud, OperationSettings settings, ExecutorService threads) {
    this.cloud = cloud;
    this.settings = settings;
    this.threads = threads;
  }

  /** A caller that waits for an ENI to look a certain way. */
  private static final class Waiter {
    final String eniId;
    final Predicate<Optional<NetworkInterface>> enough;
    final CompletableFuture<Look> seen = new CompletableFuture<>();
    final long deadline;
    long due;
    long pause;

    Waiter(
        String eniId,
        Predicate<Optional<NetworkInterface>> enough,
        long now,
        Duration patience,
        long pause) {
      this.eniId = eniId;
      this.enough = enough;
      this.deadline = now + patience.toNanos();
      this.due = now;
      this.pause = pause;
    }
  }

  /**
   * Waits for an ENI to look a certain way; the stage ends with the last look where the patience
   * does.
   *
   * @param enough runs on the looking thread and must be quick
   */
  CompletableFuture<Look> begin(
      String step, String eniId, Predicate<Optional<NetworkInterface>> enough, Duration patience) {
    var waiter =
        new Waiter(eniId, enough, System.nanoTime(), patience, settings.lookInterval().toNanos());
    lock.lock();
    try {
      waiters.add(waiter);
      if (looking) {
        changed.signal();
      } else {
        looking = true;
        threads.execute(this::lookWhileAnybodyWaits);
      }
    } catch (RejectedExecutionException shutDown) {
      // There will be no poll any more: callers that ask now or later get this failure.
      looking = false;
      waiters.remove(waiter);
      throw Futures.interrupted(step);
    } finally {
      lock.unlock();
    }
    return waiter.seen;
  }

  private void lookWhileAnybodyWaits() {
    try {
      while (true) {
        List<Waiter> turn = nextTurn();
        if (turn.isEmpty()) {
          return;
        }
        Listing<NetworkInterface> seen;
        try {
          seen = lookAt(turn);
        } catch (CloudException e) {
          failed(turn, e);
          continue;
        }
        lookedAt(turn, seen);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      giveUp(Futures.interrupted("looking at ENIs"));
    } catch (RuntimeException | Error e) {
      giveUp(e);
      throw e;
    }
  }

  /** Waits for its time and picks who is served by the next look; empty while no caller waits. */
  private List<Waiter> nextTurn() throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        if (waiters.isEmpty()) {
          looking = false;
          return List.of();
        }
        long now = System.nanoTime();
        long earliest = Long.MAX_VALUE;
        for (Waiter waiter : waiters) {
          earliest = Math.min(earliest, waiter.due - now);
        }
        if (lookedBefore) {
          earliest = Math.max(earliest, lastLook + settings.lookInterval().toNanos() - now);
        }
        if (earliest <= 0) {
          lastLook = now;
          lookedBefore = true;
          return served(now);
        }
        changed.await(earliest, TimeUnit.NANOSECONDS);
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Those whose time has come, the longest waiting first, and then as many others as fit into the
   * request.
   */
  private List<Waiter> served(long now) {
    var order = new ArrayList<>(waiters);
    order.sort((a, b) -> Long.compare(a.due - now, b.due - now));
    Set<String> ids = new LinkedHashSet<>();
    var turn = new ArrayList<Waiter>();
    for (Waiter waiter : order) {
      if (ids.contains(waiter.eniId) || ids.size() < VpcCloud.MAX_IDS_PER_CALL) {
        ids.add(waiter.eniId);
        turn.add(waiter);
      }
    }
    return turn;
  }

  private Listing<NetworkInterface> lookAt(List<Waiter> turn) {
    var ids = turn.stream().map(waiter -> waiter.eniId).distinct().toList();
    return cloud.networkInterfaces(new EniQuery.ByIds(ids));
  }

  private void lookedAt(List<Waiter> turn, Listing<NetworkInterface> seen) {
    for (Waiter waiter : turn) {
      Optional<NetworkInterface> eni;
      try {
        eni = seen.find(waiter.eniId);
      } catch (CloudException unclear) {
        failed(List.of(waiter), unclear);
        continue;
      }
      boolean enough;
      try {
        enough = waiter.enough.test(eni);
      } catch (RuntimeException e) {
        leave(waiter);
        waiter.seen.completeExceptionally(e);
        continue;
      }
      if (enough) {
        leave(waiter);
        waiter.seen.complete(new Look(true, eni, Optional.empty()));
      } else {
        again(waiter, new Look(false, eni, Optional.empty()));
      }
    }
  }

  private void failed(List<Waiter> turn, CloudException e) {
    for (Waiter waiter : turn) {
      if (e.kind().retryable()) {
        again(waiter, new Look(false, Optional.empty(), Optional.of(e)));
      } else {
        leave(waiter);
        waiter.seen.completeExceptionally(e);
      }
    }
  }

  private void again(Waiter waiter, Look last) {
    long now = System.nanoTime();
    if (waiter.deadline - now <= 0) {
      leave(waiter);
      waiter.seen.complete(last);
      return;
    }
    lock.lock();
    try {
      waiter.due = Math.min(now + waiter.pause - waiter.deadline, 0) + waiter.deadline;
      waiter.pause =
          Math.min(
              waiter.pause * GROWTH_NUMERATOR / GROWTH_DENOMINATOR,
              settings.slowestLook().toNanos());
    } finally {
      lock.unlock();
    }
  }

  private void leave(Waiter waiter) {
    lock.lock();
    try {
      waiters.remove(waiter);
    } finally {
      lock.unlock();
    }
  }

  private void giveUp(Throwable why) {
    List<Waiter> left;
    lock.lock();
    try {
      looking = false;
      left = List.copyOf(waiters);
      waiters.clear();
    } finally {
      lock.unlock();
    }
    left.forEach(waiter -> waiter.seen.completeExceptionally(why));
  }
}
