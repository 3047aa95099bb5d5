package io.eniipamd.cloud.operate;

import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.Listing;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.Task;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.cloud.decorate.Futures;
import io.eniipamd.cloud.decorate.KnownIdsVpcCloud;
import io.eniipamd.cloud.decorate.RateLimitedVpcCloud;
import io.eniipamd.cloud.decorate.RequestLimits;
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
 * Looks at ENIs for everybody who waits for one: a look is one request for up to {@value
 * VpcCloud#MAX_IDS_PER_CALL} ENIs, no two looks begin within {@link OperationSettings#lookInterval}
 * of each other, and none is made while nobody waits. A look that began before somebody asked is no
 * answer to them.
 */
final class EniPoller {

  private static final int GROWTH_NUMERATOR = 3;
  private static final int GROWTH_DENOMINATOR = 2;

  private final VpcCloud afterTurn;
  private final VpcCloud looks;
  private final RequestLimits limits;
  private final OperationSettings settings;
  private final ExecutorService threads;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Waiter> waiters = new ArrayList<>();
  private boolean looking;
  private long lastLook;
  private boolean lookedBefore;

  /**
   * @param afterTurn the port without limits of requests: looks wait for a turn of their own, tasks
   *     are asked for where there is a turn at once
   */
  EniPoller(
      VpcCloud afterTurn,
      RequestLimits limits,
      OperationSettings settings,
      ExecutorService threads) {
    this.afterTurn = afterTurn;
    this.looks = new KnownIdsVpcCloud(RateLimitedVpcCloud.forLooks(afterTurn, limits));
    this.limits = limits;
    this.settings = settings;
    this.threads = threads;
  }

  /** Somebody who waits for an ENI to look a certain way. */
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

  /** One look at an ENI, which begins after this call; blocks. Empty where there is no such ENI. */
  Optional<NetworkInterface> look(String step, String eniId) {
    return await(step, eniId, anything -> true);
  }

  /** One look at two ENIs, which share a request. */
  List<Optional<NetworkInterface>> look(String step, String eniId, String otherEniId) {
    Duration patience = settings.settleTimeout();
    var first = begin(step, eniId, anything -> true, patience);
    var second = begin(step, otherEniId, anything -> true, patience);
    return List.of(seen(step, first, patience), seen(step, second, patience));
  }

  /**
   * Looks until there is enough to be seen; blocks.
   *
   * @param enough runs on the looking thread and must be quick
   * @throws CloudException of kind {@code TRANSIENT} where the settle time-out passes before
   */
  Optional<NetworkInterface> await(
      String step, String eniId, Predicate<Optional<NetworkInterface>> enough) {
    Duration patience = settings.settleTimeout();
    return seen(step, begin(step, eniId, enough, patience), patience);
  }

  /** The same with a patience of one's own, whose end is no failure. */
  Look await(
      String step, String eniId, Predicate<Optional<NetworkInterface>> enough, Duration patience) {
    return Futures.join(step, begin(step, eniId, enough, patience));
  }

  /**
   * What a "not found" means, by a look; blocks.
   *
   * @return the refusal with {@link CloudException#missingEni} where the ENI is gone, else one of
   *     kind {@code TRANSIENT}: the cloud shows what it does not find
   */
  CloudException confirmed(String step, CloudException notFound, String eniId) {
    return look(step, eniId).isEmpty() ? notFound.withMissing(eniId) : shown(step, notFound);
  }

  /** The cloud does not find what it shows: one of its answers is behind. */
  static CloudException shown(String step, CloudException notFound) {
    return new CloudException(
        CloudException.Kind.TRANSIENT,
        step,
        notFound.code().orElse(null),
        "the cloud says that it does not exist, but lists it",
        notFound.requestId().orElse(null),
        notFound);
  }

  /**
   * Looks for the end of a change that the cloud has accepted, and where it is slow asks for its
   * task too.
   *
   * @param requestId of the call that began the change, empty where it is not known
   * @throws CloudException of kind {@code TRANSIENT} where the task has failed, or where the settle
   *     time-out passes before there is enough to be seen; of kind {@code NOT_FOUND} where the ENI
   *     has gone meanwhile
   */
  Optional<NetworkInterface> awaitEnd(
      String step, String eniId, String requestId, Predicate<Optional<NetworkInterface>> enough) {
    if (requestId.isEmpty()) {
      return await(step, eniId, enough);
    }
    long start = System.nanoTime();
    long deadline = start + settings.settleTimeout().toNanos();
    long interval = settings.taskInterval().toNanos();
    while (true) {
      long left = Math.max(0, deadline - System.nanoTime());
      Duration patience = Duration.ofNanos(Math.min(left, interval));
      Look look = await(step, eniId, enough, patience);
      if (look.enough()) {
        return look.eni();
      }
      if (left <= interval) {
        throw notSeen(step, settings.settleTimeout(), look);
      }
      if (System.nanoTime() - start >= settings.staleness().toNanos()
          && look.eni().isEmpty()
          && look.failure().isEmpty()) {
        // No read lags that far behind the ENI's creation.
        throw notSeen(step, Duration.ofNanos(System.nanoTime() - start), look).withMissing(eniId);
      }
      interval *= 2;
      Task task = task(requestId);
      if (task.state() == Task.State.FAILED) {
        throw new CloudException(
            CloudException.Kind.TRANSIENT,
            step,
            null,
            "the cloud accepted it and then failed: " + task.detail(),
            requestId,
            null);
      }
    }
  }

  /** What the task says is a help and no more: without the right to ask, the looks go on. */
  private Task task(String requestId) {
    if (!limits.tryTurn(CloudAction.DESCRIBE_VPC_TASK_RESULT)) {
      return new Task(Task.State.UNKNOWN, "no turn");
    }
    try {
      return afterTurn.task(requestId);
    } catch (CloudException e) {
      return new Task(Task.State.UNKNOWN, e.getMessage());
    }
  }

  /**
   * What there was to be seen.
   *
   * @param enough whether it was enough
   * @param failure of the last look, where it failed
   */
  record Look(boolean enough, Optional<NetworkInterface> eni, Optional<CloudException> failure) {}

  private static Optional<NetworkInterface> seen(
      String step, CompletableFuture<Look> waiting, Duration patience) {
    Look look = Futures.join(step, waiting);
    if (!look.enough()) {
      throw notSeen(step, patience, look);
    }
    return look.eni();
  }

  private CompletableFuture<Look> begin(
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
      // Nobody will ever look: who asks now, and who asks after that, is told so.
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

  /** Waits for its time and picks who is served by the next look; empty where nobody waits. */
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

  /** Those whose time has come, the longest waiting first, and then whoever fits into the look. */
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
    return looks.networkInterfaces(new EniQuery.ByIds(ids));
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

  private static CloudException notSeen(String step, Duration patience, Look last) {
    String detail = "not seen in the cloud after " + patience.toSeconds() + " s";
    String failure =
        last.failure().map(e -> "; the last read failed: " + e.getMessage()).orElse("");
    return new CloudException(
        CloudException.Kind.TRANSIENT,
        step,
        null,
        detail + failure,
        null,
        last.failure().orElse(null));
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
