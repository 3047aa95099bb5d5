package io.eniipamd.kube.release;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.kube.release.ReleaseGate.Answer;
import io.eniipamd.kube.release.ReleasePath.Outcome;
import io.eniipamd.kube.release.RetainedClaims.Due;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.FreshReads;
import io.eniipamd.kube.support.Leadership;
import io.eniipamd.kube.support.SharedCache;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/**
 * Releases the claims whose time is up, the longest overdue first, each by {@link ReleasePath}. A
 * local clock that is off ends the sweep.
 */
@Singleton
public final class Sweeper {
  private static final Logger LOG = Logger.getLogger(Sweeper.class);

  /** With a local clock that is further off than this no address may expire. */
  private static final Duration GREATEST_SKEW = Duration.ofMinutes(1);

  private final SharedCache<VpcIPClaim> claims;
  private final RetainedClaims retained;
  private final DueTimes expiry;
  private final ReleaseGate gate;
  private final ReleasePath path;
  private final FreshReads fresh;
  private final Leadership leadership;
  private final EventRecorder events;
  private final SkewListener skewed;
  private final int sideBySide;
  private final Clock clock;

  /** Claims that are due and held up, to the message of the pause for which they were enqueued. */
  private final Map<RetainedClaims.Key, String> told = new ConcurrentHashMap<>();

  /** Hears that the local clock is off, or right again. */
  @FunctionalInterface
  public interface SkewListener {
    void skew(Optional<Duration> skew);
  }

  public Sweeper(
      SharedCache<VpcIPClaim> claims,
      RetainedClaims retained,
      DueTimes expiry,
      ReleaseGate gate,
      ReleasePath path,
      FreshReads fresh,
      Leadership leadership,
      EventRecorder events,
      SkewListener skewed,
      SweepSettings settings,
      Clock clock) {
    this.claims = claims;
    this.retained = retained;
    this.expiry = expiry;
    this.gate = gate;
    this.path = path;
    this.fresh = fresh;
    this.leadership = leadership;
    this.events = events;
    this.skewed = skewed;
    this.sideBySide = settings.sideBySide();
    this.clock = clock;
    claims.listen(retained);
  }

  /**
   * One sweep, on the leader only.
   *
   * @return how many claims were due; empty where this process may not sweep
   */
  public OptionalInt sweep() {
    if (!leadership.fresh()) {
      return OptionalInt.empty();
    }
    gate.tick();
    var due = retained.dueBy(clock.instant());
    if (!told.isEmpty()) {
      told.keySet().retainAll(due.stream().map(Due::key).collect(Collectors.toSet()));
    }
    if (!due.isEmpty()) {
      sweep(due);
    }
    return OptionalInt.of(due.size());
  }

  private void sweep(List<Due> due) {
    gate.announce(due.stream().flatMap(d -> claim(d).map(c -> request(d, c)).stream()).toList());
    if (!gate.open()) {
      due.forEach(d -> gate.paused(d.key().namespace()).ifPresent(pause -> tell(d, pause)));
      return;
    }
    var stop = new AtomicBoolean();
    if (sideBySide == 1) {
      due.forEach(d -> releaseUnless(stop, d));
      return;
    }
    try (var threads = Executors.newFixedThreadPool(sideBySide, Thread.ofVirtual().factory())) {
      await(
          due.stream().<Future<?>>map(d -> threads.submit(() -> releaseUnless(stop, d))).toList());
    }
  }

  /**
   * The claim reports in its own condition what holds it up, and is enqueued for that once: a pause
   * may last for days, and all that is kept may be due.
   */
  private void tell(Due due, Answer.Paused pause) {
    if (!pause.message().equals(told.put(due.key(), pause.message()))) {
      claims.enqueue(due.key().namespace(), due.key().name());
    }
  }

  private static ReleaseGate.Request request(Due due, VpcIPClaim claim) {
    return new ReleaseGate.Request(
        due.key().namespace(),
        due.key().uid(),
        due.at(),
        Optional.of(Instant.parse(claim.statusOrEmpty().retainedSince())));
  }

  /** The claim that is due, if it still is one that may expire. */
  private Optional<VpcIPClaim> claim(Due due) {
    return claims
        .get(due.key().namespace(), due.key().name())
        .filter(c -> c.getMetadata().getUid().equals(due.key().uid()))
        .filter(c -> expiryOf(c).isPresent());
  }

  private void releaseUnless(AtomicBoolean stop, Due due) {
    try {
      if (!stop.get() && !release(due)) {
        stop.set(true);
      }
    } catch (RuntimeException e) {
      // The gate let it through: it has not heard of the next pause.
      told.remove(due.key());
      LOG.warnf(
          "claim %s/%s is due and was not released: %s",
          due.key().namespace(), due.key().name(), e.getMessage());
    }
  }

  private static void await(List<Future<?>> releases) {
    for (var release : releases) {
      try {
        release.get();
      } catch (ExecutionException e) {
        LOG.warnf(e.getCause(), "a sweep ended unexpectedly");
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Releases one; false where the sweep has to end with it. */
  private boolean release(Due due) {
    var found = claim(due);
    if (found.isEmpty()) {
      return true;
    }
    if (!leadership.fresh()) {
      return false;
    }
    var claim = found.get();
    var outcome =
        path.begin(
            claim,
            ReleasePath.Request.gated(ReleaseReason.EXPIRED, request(due, claim)),
            read -> {
              tellOfClock(read.skew());
              return !clockIsOff(read.skew()) && isDue(claim, read.serverTime());
            });
    return switch (outcome) {
      case Outcome.Full(_) -> false;
      case Outcome.Paused(var pause) -> {
        tell(due, pause);
        yield true;
      }
      case Outcome.PodThere(var read) -> {
        told.remove(due.key());
        tellOfClock(read.skew());
        yield !clockIsOff(read.skew());
      }
      case Outcome.NotDue(var read) -> {
        told.remove(due.key());
        yield !clockIsOff(read.skew());
      }
      case Outcome.Changed() -> {
        told.remove(due.key());
        yield true;
      }
      case Outcome.Deleted() -> {
        told.remove(due.key());
        events.inform(
            claim,
            ClaimReason.EXPIRED,
            "released %s: its Pod ended at %s"
                .formatted(claim.statusOrEmpty().address(), claim.statusOrEmpty().retainedSince()));
        yield true;
      }
    };
  }

  private boolean isDue(VpcIPClaim claim, Instant serverTime) {
    return expiryOf(claim).filter(due -> !due.isAfter(serverTime)).isPresent();
  }

  private static boolean clockIsOff(Duration skew) {
    return skew.abs().compareTo(GREATEST_SKEW) > 0;
  }

  private void tellOfClock(Duration skew) {
    skewed.skew(clockIsOff(skew) ? Optional.of(skew) : Optional.empty());
  }

  private Optional<Instant> expiryOf(VpcIPClaim claim) {
    return claim.statusOrEmpty().phase() == ClaimPhase.RETAINED && !claim.isMarkedForDeletion()
        ? expiry.due(claim)
        : Optional.empty();
  }

  /**
   * Compares the clocks, where anything may expire: one that was set back would let nothing fall
   * due, without a sign.
   */
  public void compareClocks() {
    if (leadership.fresh() && retained.anyExpires()) {
      tellOfClock(fresh.skew());
    }
  }
}
