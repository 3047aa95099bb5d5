package io.eniipamd.cloud.decorate;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.EniSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The quota of ENIs of the VPC, as far as it is known from answers: once the cloud has refused an
 * ENI because of it, no node asks for one, except for one probe at a time at a pace that does not
 * depend on how many wait. A probe that succeeds lets all others go on, few at first.
 *
 * <p>Only so many ENIs are asked for at the same time, so that few find out by themselves that the
 * quota is used up. It is a bound on calls that are under way, each of some milliseconds, and not
 * on ENIs that are being made.
 */
public final class EniQuota {

  /** Four tries a minute: an operator that goes on within half a minute of a higher quota. */
  static final Duration PROBE_EVERY = Duration.ofSeconds(15);

  /** More than the calls that fit into the limit of requests, by far: a call takes 0.1 s. */
  static final int MOST_AT_ONCE = 10;

  /** How a call came to be made. */
  private enum Pass {
    OPEN,
    PROBE
  }

  private final LongSupplier nanoTime;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  /** What the cloud said when it was found used up; empty while it is not known to be. */
  @GuardedBy("this")
  private Optional<CloudException> refusal = Optional.empty();

  @GuardedBy("this")
  private long nextProbe;

  @GuardedBy("this")
  private int underWay;

  @GuardedBy("this")
  private int mostAtOnce = MOST_AT_ONCE;

  /**
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  public EniQuota(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** Called when the cloud has made an ENI again, on the thread that heard of it. */
  public void onRoom(Runnable listener) {
    listeners.add(listener);
  }

  /**
   * Returns where a request would not be withheld right away: asked before a wait that would be for
   * nothing.
   *
   * @throws CloudException of kind {@code QUOTA}
   */
  synchronized void check(EniSpec spec) {
    if (refusal.isPresent() && !isProbeDue()) {
      throw withheld(spec, refusal.get());
    }
  }

  /**
   * Asks for the ENI, unless the quota is known to be used up; waits where many are asked for.
   *
   * @throws CloudException of kind {@code QUOTA} where it is used up, with the words of the first
   *     refusal, whether the request was sent or not: so all that wait say the same; or what the
   *     request throws
   */
  <T> T call(EniSpec spec, Supplier<T> request) {
    var pass = enter(spec);
    try {
      T made = request.get();
      if (succeeded(pass)) {
        listeners.forEach(Runnable::run);
      }
      return made;
    } catch (CloudException e) {
      throw e.kind() == Kind.QUOTA ? withheld(spec, refused(e)) : e;
    } finally {
      leave();
    }
  }

  private synchronized Pass enter(EniSpec spec) {
    while (true) {
      if (refusal.isPresent()) {
        if (!isProbeDue()) {
          throw withheld(spec, refusal.get());
        }
        nextProbe = nanoTime.getAsLong() + PROBE_EVERY.toNanos();
        underWay++;
        return Pass.PROBE;
      }
      if (underWay < mostAtOnce) {
        underWay++;
        return Pass.OPEN;
      }
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CloudException(Kind.TRANSIENT, step(spec), null, "interrupted", null, e);
      }
    }
  }

  private synchronized void leave() {
    underWay--;
    notifyAll();
  }

  /** True where it was not known before that there is room. */
  private synchronized boolean succeeded(Pass pass) {
    if (refusal.isEmpty()) {
      mostAtOnce = Math.min(MOST_AT_ONCE, mostAtOnce + 1);
      return false;
    }
    if (pass == Pass.OPEN) {
      // It was asked for before the refusal, and tells nothing of now.
      return false;
    }
    refusal = Optional.empty();
    mostAtOnce = 1;
    return true;
  }

  private synchronized CloudException refused(CloudException now) {
    if (refusal.isEmpty()) {
      refusal = Optional.of(now);
      nextProbe = nanoTime.getAsLong() + PROBE_EVERY.toNanos();
    }
    return refusal.get();
  }

  private synchronized boolean isProbeDue() {
    return nanoTime.getAsLong() - nextProbe >= 0;
  }

  private static CloudException withheld(EniSpec spec, CloudException first) {
    return new CloudException(
        Kind.QUOTA,
        step(spec),
        first.code().orElse(null),
        first.detail(),
        first.requestId().orElse(null),
        first);
  }

  private static String step(EniSpec spec) {
    return "creating ENI " + spec.name() + " as " + spec.primaryIp() + " in " + spec.subnetId();
  }
}
