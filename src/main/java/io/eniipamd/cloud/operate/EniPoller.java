package io.eniipamd.cloud.operate;

import io.eniipamd.cloud.CloudAction;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.Task;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.cloud.decorate.Futures;
import io.eniipamd.cloud.decorate.KnownIdsVpcCloud;
import io.eniipamd.cloud.decorate.RateLimitedVpcCloud;
import io.eniipamd.cloud.decorate.RequestLimits;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.function.Predicate;

/**
 * Looks at ENIs until what was asked of the cloud is to be seen: once, until there is enough, or
 * until a change has ended that the cloud has accepted. {@link EniPollLoop} makes the looks.
 */
final class EniPoller {

  private final VpcCloud afterTurn;
  private final EniPollLoop looks;
  private final RequestLimits limits;
  private final OperationSettings settings;

  /**
   * @param afterTurn the port without limits of requests: polls wait for a turn of their own; a
   *     task is asked for only if there is a turn at once
   */
  EniPoller(
      VpcCloud afterTurn,
      RequestLimits limits,
      OperationSettings settings,
      ExecutorService threads) {
    this.afterTurn = afterTurn;
    this.looks =
        new EniPollLoop(
            new KnownIdsVpcCloud(RateLimitedVpcCloud.forLooks(afterTurn, limits)),
            settings,
            threads);
    this.limits = limits;
    this.settings = settings;
  }

  /** One read of an ENI, which begins after this call; blocks. Empty where there is no such ENI. */
  Optional<NetworkInterface> look(String step, String eniId) {
    return await(step, eniId, _ -> true);
  }

  /** One read of two ENIs, which share a request. */
  List<Optional<NetworkInterface>> look(String step, String eniId, String otherEniId) {
    Duration patience = settings.settleTimeout();
    var first = looks.begin(step, eniId, _ -> true, patience);
    var second = looks.begin(step, otherEniId, _ -> true, patience);
    return List.of(seen(step, first, patience), seen(step, second, patience));
  }

  /**
   * Polls until it sees enough; blocks.
   *
   * @param enough runs on the looking thread and must be quick
   * @throws CloudException of kind {@code TRANSIENT} where the settle time-out passes before
   */
  Optional<NetworkInterface> await(
      String step, String eniId, Predicate<Optional<NetworkInterface>> enough) {
    Duration patience = settings.settleTimeout();
    return seen(step, looks.begin(step, eniId, enough, patience), patience);
  }

  /** The same with a patience of one's own, whose end is no failure. */
  Look await(
      String step, String eniId, Predicate<Optional<NetworkInterface>> enough, Duration patience) {
    return Futures.join(step, looks.begin(step, eniId, enough, patience));
  }

  /**
   * What a "not found" means, by a read; blocks.
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
   * Polls for the end of a change that the cloud has accepted, and asks for its task too if it is
   * slow.
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

  /** Whether the cloud says that a change still runs; {@code false} where it does not say. */
  boolean runs(String requestId) {
    return task(requestId).state() == Task.State.RUNNING;
  }

  /** What the task says is a help and no more: without the right to ask, the polls go on. */
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
}
