package io.eniipamd.cloud.operate;

import io.eniipamd.cloud.AttachMode;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.decorate.Futures;
import io.eniipamd.domain.address.Ip;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The operations on virtual threads: one worker per ENI while there is work for it, and one thread
 * for each operation of another kind. Nothing runs while nothing is asked for.
 */
public final class EniWorkers implements EniOperations, AutoCloseable {

  private final OperationContext context;
  private final EniLifecycle life;
  private final EniLocks locks = new EniLocks();
  private final ExecutorService threads;

  /** An ENI is in the map exactly while a worker runs for it. */
  private final Map<String, AddressQueue> queues = new HashMap<>();

  EniWorkers(OperationContext context, ExecutorService threads) {
    this.context = context;
    this.life = new EniLifecycle(context);
    this.threads = threads;
  }

  static ExecutorService virtualThreads() {
    return Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("cloud-", 0).factory());
  }

  @Override
  public CompletionStage<Done> assign(String eniId, Ip address, boolean mayBeThere) {
    return enqueue(eniId, AddressRequest.assign(address, mayBeThere));
  }

  @Override
  public CompletionStage<Done> unassign(String eniId, Ip address, BooleanSupplier stillWanted) {
    return enqueue(eniId, AddressRequest.unassign(address, stillWanted));
  }

  /** Hands a request to the worker of an ENI, which puts it into its next batch. */
  CompletionStage<Done> enqueue(String eniId, AddressRequest request) {
    synchronized (queues) {
      AddressQueue queue = queues.get(eniId);
      if (queue != null) {
        queue.add(request);
      } else {
        var fresh = new AddressQueue(context.settings().batchWindow().toNanos());
        fresh.add(request);
        // A queue without a worker would take requests that it never serves.
        if (!began(() -> work(eniId, fresh))) {
          return CompletableFuture.failedFuture(Futures.interrupted("working on " + eniId));
        }
        queues.put(eniId, fresh);
      }
    }
    return handedOver(request.done());
  }

  /** Whether the work has a thread: after the shutdown it gets none. */
  private boolean began(Runnable work) {
    try {
      threads.execute(work);
      return true;
    } catch (RejectedExecutionException shutDown) {
      return false;
    }
  }

  /** The same end on a thread of its own: who follows the stage must not hold up the worker. */
  private CompletionStage<Done> handedOver(CompletableFuture<Done> inner) {
    var outer = new CompletableFuture<Done>();
    var unused =
        inner.whenComplete(
            (done, failure) -> {
              Runnable end =
                  () -> {
                    if (failure == null) {
                      outer.complete(done);
                    } else {
                      outer.completeExceptionally(failure);
                    }
                  };
              if (!began(end)) {
                end.run();
              }
            });
    return outer;
  }

  private void work(String eniId, AddressQueue queue) {
    try {
      while (!retired(eniId, queue)) {
        List<AddressRequest> batch = queue.take();
        try {
          locks.alone(List.of(eniId), () -> batchOf(eniId, batch).run());
        } catch (RuntimeException | Error e) {
          batch.forEach(request -> request.failed(Futures.failure("working on " + eniId, e)));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      synchronized (queues) {
        queues.remove(eniId);
      }
      queue.drain().forEach(request -> request.failed(Futures.interrupted("waiting for " + eniId)));
    }
  }

  private boolean retired(String eniId, AddressQueue queue) {
    synchronized (queues) {
      if (queue.isEmpty()) {
        queues.remove(eniId);
        return true;
      }
      return false;
    }
  }

  private AddressBatch batchOf(String eniId, List<AddressRequest> batch) {
    return switch (batch.getFirst().kind()) {
      case ASSIGN -> new AssignBatch(context, eniId, batch);
      case UNASSIGN -> new UnassignBatch(context, eniId, batch);
    };
  }

  @Override
  public CompletionStage<Done> migrate(String fromEniId, String toEniId, Ip address) {
    return alone(
        "migrating " + address,
        List.of(fromEniId, toEniId),
        new Migration(context, fromEniId, toEniId, address)::run);
  }

  @Override
  public CompletionStage<NetworkInterface> create(EniSpec spec, boolean mayBeThere) {
    return alone(
        "creating ENI " + spec.name(),
        List.of("token " + spec.clientToken()),
        () -> life.create(spec, mayBeThere));
  }

  @Override
  public CompletionStage<NetworkInterface> attach(
      String eniId, String instanceId, AttachMode mode, String clientToken) {
    return alone(
        "attaching " + eniId,
        List.of(eniId),
        () -> life.attach(eniId, instanceId, mode, clientToken));
  }

  @Override
  public CompletionStage<Done> detach(String eniId, Predicate<NetworkInterface> stillWanted) {
    return alone("detaching " + eniId, List.of(eniId), () -> life.detach(eniId, stillWanted));
  }

  @Override
  public CompletionStage<Done> remove(String eniId, Predicate<NetworkInterface> stillWanted) {
    return alone("removing " + eniId, List.of(eniId), () -> life.remove(eniId, stillWanted));
  }

  @Override
  public CompletionStage<NetworkInterface> setSecurityGroups(
      String eniId, List<String> securityGroups, Predicate<NetworkInterface> stillWanted) {
    return alone(
        "setting the security groups of " + eniId,
        List.of(),
        new GroupChange(context, locks, eniId, securityGroups, stillWanted)::run);
  }

  private <T> CompletionStage<T> alone(String step, List<String> eniIds, Supplier<T> operation) {
    var done = new CompletableFuture<T>();
    boolean began =
        began(
            () -> {
              try {
                locks.alone(eniIds, () -> done.complete(operation.get()));
              } catch (RuntimeException | Error e) {
                done.completeExceptionally(Futures.failure(step, e));
              }
            });
    return began ? done : CompletableFuture.failedFuture(Futures.interrupted(step));
  }

  /** Interrupts what is under way; its stages fail with {@link CloudException.Kind#TRANSIENT}. */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
