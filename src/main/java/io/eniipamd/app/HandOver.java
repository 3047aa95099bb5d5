package io.eniipamd.app;

import io.eniipamd.kube.support.Leadership;
import io.eniipamd.kube.support.WriteFence;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * The stop of a process in an order that lets its successor lead at once: this process sends no
 * change any more, neither to the cloud nor to the API server; what is under way ends; then it
 * gives the lease back. If something does not end in time, the lease stays as it is and runs out,
 * as after a kill.
 *
 * <p>No change of this process happens after its lease is free, because
 *
 * <ul>
 *   <li>a change is counted before it asks its fence, and the fences are closed before the count is
 *       waited for: each one is either refused or waited for, and no fence opens again;
 *   <li>every change to the cloud goes through the one {@code FencedVpcCloud}, and every change to
 *       the API server through the one client of the process, with {@link WriteFence} in it;
 *   <li>the count falls with an answer that says what became of the change. A change that has lost
 *       its answer counts for as long as a lease lasts, which is how long a successor waits for it
 *       after a kill;
 *   <li>the only change that is let out after that is the one that frees the lease.
 * </ul>
 */
@Singleton
final class HandOver {
  private static final Logger LOG = Logger.getLogger(HandOver.class);

  /** Longer than nearly all calls take, and short beside the lease that runs out otherwise. */
  private static final Duration PATIENCE = Duration.ofSeconds(4);

  private final KubernetesClient client;
  private final Leadership leadership;
  private final WriteFence fence;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private final Duration patience;

  /**
   * What there is to give back.
   *
   * @param identity of this process as the holder
   */
  record Held(String namespace, String name, String identity) {
    String path() {
      return "/apis/coordination.k8s.io/v1/namespaces/%s/leases/%s".formatted(namespace, name);
    }

    @Override
    public String toString() {
      return namespace + "/" + name;
    }
  }

  @Inject
  HandOver(
      KubernetesClient client,
      Leadership leadership,
      WriteFence fence,
      Clock clock,
      LongSupplier nanoTime) {
    this(client, leadership, fence, clock, nanoTime, PATIENCE);
  }

  HandOver(
      KubernetesClient client,
      Leadership leadership,
      WriteFence fence,
      Clock clock,
      LongSupplier nanoTime,
      Duration patience) {
    this.client = client;
    this.leadership = leadership;
    this.fence = fence;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.patience = patience;
  }

  /**
   * Stops all changes for good, and gives the lease back where this process has it. Takes no longer
   * than {@link #PATIENCE}, also where the API server does not answer.
   */
  void stop(Held lease) {
    leadership.stopped();
    fence.close(lease.path());
    try {
      long end = nanoTime.getAsLong() + patience.toNanos();
      if (!leadership.wasElected() && fence.awaitAnswers(Duration.ZERO)) {
        return; // A standby. With a change under way, it may be getting the lease right now.
      }
      if (leadership.awaitAnswers(left(end)) && fence.awaitAnswers(left(end))) {
        release(lease, left(end));
      } else {
        LOG.warnf(
            "the lease %s is not given back, because changes of this process are under way or have"
                + " lost their answers; it runs out",
            lease);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Duration left(long end) {
    return Duration.ofNanos(Math.max(0, end - nanoTime.getAsLong()));
  }

  /** On a thread of its own: the client waits longer for an answer than a stop may take. */
  private void release(Held lease, Duration atMost) throws InterruptedException {
    var done = new CompletableFuture<Boolean>();
    Thread.ofPlatform()
        .name("hand-over")
        .daemon()
        .start(() -> done.completeAsync(() -> release(lease), Runnable::run));
    try {
      if (done.get(atMost.toNanos(), TimeUnit.NANOSECONDS)) {
        LOG.infof("the lease %s is given back", lease);
      }
    } catch (ExecutionException e) {
      LOG.warnf("cannot give the lease %s back: %s", lease, e.getCause().getMessage());
    } catch (TimeoutException _) {
      LOG.warnf("cannot give the lease %s back: the API server does not answer", lease);
    }
  }

  /**
   * The version of what was read goes with the write: a lease that another process has taken in
   * between stays that one's.
   */
  private boolean release(Held held) {
    var lease = client.leases().inNamespace(held.namespace()).withName(held.name()).get();
    if (lease == null || !held.identity().equals(lease.getSpec().getHolderIdentity())) {
      return false;
    }
    client.resource(released(lease)).update();
    return true;
  }

  /** As other clients' electors leave it: without a holder, and over in a second. */
  private Lease released(Lease lease) {
    var now = ZonedDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
    return new LeaseBuilder(lease)
        .editSpec()
        .withHolderIdentity("")
        .withLeaseDurationSeconds(1)
        .withAcquireTime(now)
        .withRenewTime(now)
        .endSpec()
        .build();
  }
}
