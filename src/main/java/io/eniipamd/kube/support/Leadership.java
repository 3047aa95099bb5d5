package io.eniipamd.kube.support;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.Fence;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.function.LongSupplier;

/**
 * Whether this process leads, and how fresh its lease is. Changing calls to the cloud and sweeps
 * ask here first: a leader that could not renew may have a successor.
 *
 * <p>A process leads once in its life: {@link #elected}, then {@link #started} when its start is
 * done, then {@link #stopped}. One that lost its lease ends, and its successor is another process.
 */
@Singleton
public final class Leadership implements Fence {
  private final LongSupplier nanoTime;
  private final Duration staleAfter;
  private final Unanswered calls;
  private final CountDownLatch start = new CountDownLatch(1);
  private volatile boolean leading;
  private volatile boolean over;
  private volatile OptionalLong elected = OptionalLong.empty();
  private volatile OptionalLong renewed = OptionalLong.empty();
  private volatile OptionalLong started = OptionalLong.empty();

  /**
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  public Leadership(LeaseSettings lease, LongSupplier nanoTime) {
    this.staleAfter = lease.staleAfter();
    this.nanoTime = nanoTime;
    // The longest call ends before; ConfigCheck sees to that.
    this.calls = new Unanswered(nanoTime, lease.duration());
  }

  /** The lease is this process's from now on; it does not work yet. */
  public void elected() {
    elected = OptionalLong.of(nanoTime.getAsLong());
  }

  /**
   * This process works from now on. That says nothing of the lease: only a renewal proves that it
   * is fresh.
   */
  public synchronized void started() {
    started = OptionalLong.of(nanoTime.getAsLong());
    leading = !over;
    start.countDown();
  }

  /** Whether this process has worked for less than that, or does not work yet. */
  public boolean isNewerThan(Duration age) {
    var since = started;
    return since.isEmpty() || nanoTime.getAsLong() - since.getAsLong() < age.toNanos();
  }

  /**
   * This process does not lead any more, and never will again: the lease is not its own, or it
   * stops.
   */
  public synchronized void stopped() {
    over = true;
    leading = false;
  }

  /** Whether this process has stopped leading, for good. */
  public boolean over() {
    return over;
  }

  /** Whether this process was given the lease at any time. */
  public boolean wasElected() {
    return elected.isPresent();
  }

  /**
   * Waits until all changing calls to the cloud have their answers; whether that is so in time. One
   * that has lost its answer counts for as long as a lease lasts.
   */
  public boolean awaitAnswers(Duration atMost) throws InterruptedException {
    return calls.awaitNone(atMost);
  }

  /** Waits until this process works; on a standby that may be for ever. */
  public void awaitStart() throws InterruptedException {
    start.await();
  }

  /**
   * How long this process has held the lease without having started; empty where it has started, or
   * was not elected.
   */
  public Optional<Duration> starting() {
    var since = elected;
    return since.isPresent() && start.getCount() > 0
        ? Optional.of(Duration.ofNanos(nanoTime.getAsLong() - since.getAsLong()))
        : Optional.empty();
  }

  /**
   * A renewal of the lease by this process has succeeded. The others count the lease from the
   * moment that the renewal names, which is when it was sent, and so does this process.
   *
   * @param ago how long ago it was sent; a negative one, because a clock was set back, proves
   *     nothing
   */
  public void renewed(Duration ago) {
    if (!ago.isNegative()) {
      renewed = OptionalLong.of(nanoTime.getAsLong() - ago.toNanos());
    }
  }

  /** How old the last renewal is, where this process leads; empty elsewhere. */
  public Optional<Duration> sinceRenewal() {
    var last = renewed;
    return leading && last.isPresent()
        ? Optional.of(Duration.ofNanos(nanoTime.getAsLong() - last.getAsLong()))
        : Optional.empty();
  }

  /** Whether this process leads and works. */
  public boolean leading() {
    return leading;
  }

  /** Whether the lease outlives a call to the cloud that would go out now. */
  public boolean fresh() {
    var last = renewed;
    return leading
        && last.isPresent()
        && nanoTime.getAsLong() - last.getAsLong() <= staleAfter.toNanos();
  }

  @Override
  public void check(String step) {
    // In this order, so that what stops the process hears of each call that was let through.
    calls.sent(Thread.currentThread());
    if (!fresh()) {
      calls.answered(Thread.currentThread());
      throw CloudException.notSent(
          CloudException.Kind.TRANSIENT,
          step,
          null,
          leading
              ? "the lease was not renewed in time and another may lead now"
              : "this process does not lead");
    }
  }

  @Override
  public void answered() {
    calls.answered(Thread.currentThread());
  }

  @Override
  public void lost() {
    calls.lost(Thread.currentThread());
  }
}
