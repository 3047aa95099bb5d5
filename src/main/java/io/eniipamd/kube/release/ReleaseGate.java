package io.eniipamd.kube.release;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.eniipamd.domain.claim.DurationText;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.domain.release.ReleaseSettings;
import io.eniipamd.kube.release.AvalancheStore.Avalanche;
import io.eniipamd.kube.support.ReleaseHold;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The one gate that every release of a fixed IP passes, for whatever reason: the sweeper before it
 * deletes a claim, and the claim's finalizer before it releases the address, because deletes by
 * users and by the garbage collector do not pass the sweeper. It counts in windows of one sweep
 * interval, and shuts by itself when an avalanche comes down (see {@link
 * io.eniipamd.domain.release.AvalancheRule}).
 *
 * <p>What is let through once stays so: a release is several steps.
 */
@Singleton
public final class ReleaseGate implements ReleaseHold {
  /** Users end a pause, without hurry, and its end enqueues the claims that wait. */
  private static final Duration WHILE_PAUSED = Duration.ofMinutes(1);

  /** The answer to who asks. */
  public sealed interface Answer {
    record Open() implements Answer {}

    /**
     * As many as may were let through in this window; nothing to report to users. From now on the
     * caller has a place in a later window, so that it does not ask in vain.
     */
    record Full(Duration again) implements Answer {}

    /**
     * Releases are paused.
     *
     * @param reason why, for a condition
     * @param message who holds it up, and what ends that
     */
    record Paused(Reason reason, String message, Duration again) implements Answer {}
  }

  /**
   * Who asks to be released.
   *
   * @param since when the release fell due: its expiry, or the deletion of the claim
   * @param retainedSince for an expiry, the end of the Pod from which it is measured; empty for a
   *     release that is no expiry
   */
  public record Request(
      String namespace, String uid, Instant since, Optional<Instant> retainedSince) {

    /** A release that is no expiry. */
    public Request(String namespace, String uid, Instant since) {
      this(namespace, uid, since, Optional.empty());
    }

    boolean expired() {
      return retainedSince.isPresent();
    }
  }

  /** How many fixed IPs there are. */
  public interface Stock {
    /** Those whose Pods are away. */
    int retained();

    /** All of them. */
    int fixed();
  }

  /** Hears of an automatic pause and of its end. */
  public interface Listener {
    void paused(Avalanche avalanche);

    void resumed();

    /** The record of pauses is missing; if its content is not known, releases are paused. */
    void recordMissing(String message);
  }

  private final Supplier<ReleaseSettings> settings;
  private final Duration window;
  private final Stock stock;
  private final Clock clock;

  @GuardedBy("this")
  private final ReleaseWindows windows;

  @GuardedBy("this")
  private final AvalanchePause pause;

  /**
   * Who was counted once already, and for which expiry: to ask again in the next window makes no
   * second one of it, while the next expiry of the same claim is another one.
   */
  @GuardedBy("this")
  private final Map<String, Optional<Instant>> counted = new HashMap<>();

  /** When a release was first asked for that nothing dates, until it is done. */
  @GuardedBy("this")
  private final Map<String, Instant> firstAsked = new HashMap<>();

  @GuardedBy("this")
  private int inWindow;

  @GuardedBy("this")
  private int expiredInWindow;

  @GuardedBy("this")
  private int retainedAtBegin;

  @GuardedBy("this")
  private int fixedAtBegin;

  public ReleaseGate(
      Supplier<ReleaseSettings> settings,
      SweepSettings sweeps,
      Stock stock,
      AvalancheStore note,
      Listener listener,
      Clock clock) {
    this.settings = settings;
    this.window = sweeps.interval();
    this.stock = stock;
    this.clock = clock;
    this.windows = new ReleaseWindows(window, clock);
    this.pause = new AvalanchePause(note, listener);
  }

  /**
   * Reads what an earlier leader left on record; before anything is released. Where the record is
   * missing, releases are paused until it is there again.
   */
  public synchronized void start() {
    pause.read();
    tick();
  }

  /** Several are due at once: they are counted before the first of them is let through. */
  public synchronized void announce(Collection<Request> requests) {
    turn();
    requests.forEach(this::count);
  }

  /** Whether this one may be released now. */
  public synchronized Answer ask(Request request) {
    if (windows.isThrough(request.uid())) {
      return new Answer.Open();
    }
    var paused = paused(request.namespace());
    if (paused.isPresent()) {
      return paused.get();
    }
    turn();
    count(request);
    paused = paused(request.namespace());
    if (paused.isPresent()) {
      return paused.get();
    }
    return windows
        .ask(request.uid(), settings.get().perWindow())
        .<Answer>map(Answer.Full::new)
        .orElseGet(Answer.Open::new);
  }

  /** Why a claim of this namespace would not be released now, leaving the number a window aside. */
  public synchronized Optional<Answer.Paused> paused(String namespace) {
    var now = settings.get();
    if (now.paused()) {
      return Optional.of(
          new Answer.Paused(
              ClaimReason.RELEASES_PAUSED,
              "all releases are paused (pause-releases); set it to false to resume them",
              WHILE_PAUSED));
    }
    if (now.pausedNamespaces().contains(namespace)) {
      return Optional.of(
          new Answer.Paused(
              ClaimReason.RELEASES_PAUSED,
              "releases are paused in namespace %s (pause-releases-namespaces); remove it from that list to resume them"
                  .formatted(namespace),
              WHILE_PAUSED));
    }
    if (pause.unknown().isPresent()) {
      return Optional.of(
          new Answer.Paused(ClaimReason.PAUSE_RECORD_MISSING, pause.unknown().get(), WHILE_PAUSED));
    }
    return pause
        .avalanche()
        .map(
            a ->
                new Answer.Paused(
                    ClaimReason.AVALANCHE_PAUSED,
                    "releases were paused automatically at %s: %s; to resume them set resume-releases to the present time in the ConfigMap"
                        .formatted(a.since(), a.why()),
                    WHILE_PAUSED));
  }

  @Override
  public Optional<Duration> holds(String namespace, String uid) {
    return switch (ask(undated(namespace, uid))) {
      case Answer.Open() -> Optional.empty();
      case Answer.Full(var again) -> Optional.of(again);
      case Answer.Paused(_, _, var again) -> Optional.of(again);
    };
  }

  /**
   * A request for what nothing in the cluster dates, like the end of a scaled-down StatefulSet's
   * Pod: it is due since this was first asked for, so that to ask again makes nothing new of it.
   */
  public synchronized Request undated(String namespace, String uid) {
    return new Request(namespace, uid, firstAsked.computeIfAbsent(uid, _ -> clock.instant()));
  }

  /** The claim is gone with its addresses, or is used again. */
  @Override
  public synchronized void done(String uid) {
    firstAsked.remove(uid);
    counted.remove(uid);
    windows.done(uid);
  }

  /**
   * What was let through was not released after all, because its Pod is there or it has changed:
   * its place in the window is free again. It was counted, and is not counted for the same expiry
   * again.
   */
  public synchronized void withdraw(String uid) {
    windows.withdraw(uid);
  }

  /** The automatic pause, while there is one. */
  public synchronized Optional<Avalanche> avalanche() {
    return pause.avalanche();
  }

  @Override
  public synchronized boolean open() {
    return !settings.get().paused() && !pausedItself();
  }

  /** Whether an avalanche pauses releases, or may do so by a record that is missing. */
  public synchronized boolean pausedItself() {
    return pause.inForce();
  }

  /** Ends a pause that a user has ended, and records one that is not on record yet. */
  public synchronized void tick() {
    if (pause.isEndedBy(settings.get().resumedUntil())) {
      counted.clear();
      pause.end();
    }
    pause.keepRecord();
  }

  @GuardedBy("this")
  private void turn() {
    if (windows.turn()) {
      inWindow = 0;
      expiredInWindow = 0;
      retainedAtBegin = stock.retained();
      fixedAtBegin = stock.fixed();
    }
  }

  @GuardedBy("this")
  private boolean countsNow(Request request) {
    var before = counted.get(request.uid());
    if (before != null && (!request.expired() || before.equals(request.retainedSince()))) {
      return false;
    }
    counted.put(request.uid(), request.retainedSince());
    return true;
  }

  @GuardedBy("this")
  private void count(Request request) {
    var now = settings.get();
    boolean resumed =
        now.resumedUntil().filter(until -> !request.since().isAfter(until)).isPresent();
    if (resumed
        || pause.avalanche().isPresent()
        || windows.isThrough(request.uid())
        || !countsNow(request)) {
      return;
    }
    inWindow++;
    expiredInWindow += request.expired() ? 1 : 0;
    var tripped =
        now.avalanche()
            .trippedBy(
                inWindow,
                expiredInWindow,
                Math.max(retainedAtBegin, expiredInWindow),
                Math.max(fixedAtBegin, inWindow));
    if (tripped.isPresent()) {
      pause.begin(
          new Avalanche(
              clock.instant(),
              "%d fixed IPs fell due within %s, %s"
                  .formatted(inWindow, DurationText.format(window), tripped.get())));
    }
  }
}
