package io.eniipamd.kube.release;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.eniipamd.domain.claim.DurationText;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.domain.release.ReleaseSettings;
import io.eniipamd.kube.release.AvalancheStore.Avalanche;
import io.eniipamd.kube.support.ReleaseHold;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * The one gate that every release of a fixed IP passes, whoever asked for it: the sweeper before it
 * deletes a claim, and the claim's finalizer before it gives the address back, because the garbage
 * collector's deletes and a person's do not pass the sweeper. It counts in windows of one sweep
 * interval, and shuts by itself when an avalanche comes down (see {@link
 * io.eniipamd.domain.release.AvalancheRule}).
 *
 * <p>What is let through once stays so: a release is several steps.
 */
public final class ReleaseGate implements ReleaseHold {
  private static final Logger LOG = Logger.getLogger(ReleaseGate.class);

  /** A pause is ended by people, who are in no hurry, and its end wakes those who wait. */
  private static final Duration WHILE_PAUSED = Duration.ofMinutes(1);

  /** The answer to who asks. */
  public sealed interface Answer {
    record Open() implements Answer {}

    /**
     * As many as may were let through in this window; nothing that people have to know. Who asks
     * has a place in a later window from now on, so that nobody comes to ask in vain.
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

    /** The record of pauses is missing; where nobody knows what it said, releases are paused. */
    void recordMissing(String message);
  }

  private final Supplier<ReleaseSettings> settings;
  private final Duration window;
  private final Stock stock;
  private final AvalancheStore note;
  private final Listener listener;
  private final Clock clock;

  @GuardedBy("this")
  private final Map<String, Instant> through = new HashMap<>();

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
  private Instant begin = Instant.MIN;

  @GuardedBy("this")
  private int letThrough;

  /** Which window it is, counted from the start; one in which nobody asked counts as well. */
  @GuardedBy("this")
  private long number;

  private record Place(long window, int position) {}

  /** Who waits, and the place in a window that is kept for it. */
  @GuardedBy("this")
  private final Map<String, Place> places = new HashMap<>();

  /** How many of a window's places are kept for who waits. */
  @GuardedBy("this")
  private final NavigableMap<Long, Integer> kept = new TreeMap<>();

  @GuardedBy("this")
  private int expiredInWindow;

  @GuardedBy("this")
  private int retainedAtBegin;

  @GuardedBy("this")
  private int fixedAtBegin;

  @GuardedBy("this")
  private Optional<Avalanche> avalanche = Optional.empty();

  @GuardedBy("this")
  private boolean noted = true;

  /** The record was missing at the start, and still is: what it said is not known. */
  @GuardedBy("this")
  private Optional<String> unknown = Optional.empty();

  @GuardedBy("this")
  private boolean toldOfMissing;

  /**
   * @param window one sweep interval
   */
  public ReleaseGate(
      Supplier<ReleaseSettings> settings,
      Duration window,
      Stock stock,
      AvalancheStore note,
      Listener listener,
      Clock clock) {
    this.settings = settings;
    this.window = window;
    this.stock = stock;
    this.note = note;
    this.listener = listener;
    this.clock = clock;
  }

  /**
   * Reads what an earlier leader left on record; before anything is released. Where the record is
   * missing, releases are paused until it is there again.
   */
  public synchronized void start() {
    noted = true;
    take(note.read());
    tick();
  }

  @GuardedBy("this")
  private void take(AvalancheStore.State state) {
    unknown = Optional.empty();
    switch (state) {
      case AvalancheStore.State.Missing(var message) -> {
        unknown = Optional.of(message);
        tellOfMissing(message);
      }
      case AvalancheStore.State.Clear clear -> toldOfMissing = false;
      case AvalancheStore.State.Paused(var pause) -> {
        toldOfMissing = false;
        avalanche = Optional.of(pause);
      }
    }
  }

  @GuardedBy("this")
  private void tellOfMissing(String message) {
    if (!toldOfMissing) {
      toldOfMissing = true;
      listener.recordMissing(message);
    }
  }

  /** Is the record still there, where that matters? Who deletes it ends no pause. */
  @GuardedBy("this")
  private void compareWithRecord() {
    if (unknown.isEmpty() && avalanche.isEmpty()) {
      return;
    }
    try {
      var state = note.read();
      if (unknown.isPresent()) {
        take(state);
        return;
      }
      noted = state instanceof AvalancheStore.State.Paused;
      if (state instanceof AvalancheStore.State.Missing(var message)) {
        tellOfMissing(message);
      } else {
        toldOfMissing = false;
      }
    } catch (RuntimeException e) {
      LOG.warnf("the record of the pause of releases could not be read: %s", e.getMessage());
    }
  }

  /** Several are due at once: they are counted before the first of them is let through. */
  public synchronized void announce(Collection<Request> requests) {
    turn();
    requests.forEach(this::count);
  }

  /** Whether this one may be released now. */
  public synchronized Answer ask(Request request) {
    if (through.containsKey(request.uid())) {
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
    int perWindow = settings.get().perWindow();
    var place = places.get(request.uid());
    boolean itsTurn = place != null && place.window() <= number;
    int keptForOthers = itsTurn ? 0 : kept.getOrDefault(number, 0);
    if (letThrough + keptForOthers >= perWindow) {
      return new Answer.Full(untilPlaceOf(request.uid(), perWindow));
    }
    leavePlace(request.uid());
    letThrough++;
    through.put(request.uid(), begin);
    return new Answer.Open();
  }

  /** When to come back; those of one window do not come all at the same moment. */
  @GuardedBy("this")
  private Duration untilPlaceOf(String uid, int perWindow) {
    var place = places.get(uid);
    if (place == null || place.window() <= number) {
      leavePlace(uid);
      long last = kept.isEmpty() ? 0 : kept.lastKey();
      long in = Math.max(kept.getOrDefault(last, 0) < perWindow ? last : last + 1, number + 1);
      place = new Place(in, kept.merge(in, 1, Integer::sum) - 1);
      places.put(uid, place);
    }
    var spread = window.dividedBy(2).multipliedBy(place.position()).dividedBy(perWindow);
    var ahead = window.multipliedBy(place.window() - number);
    var left = Duration.between(clock.instant(), begin.plus(ahead));
    return (left.isPositive() ? left : Duration.ZERO).plus(spread).plusMillis(1);
  }

  @GuardedBy("this")
  private void leavePlace(String uid) {
    var place = places.remove(uid);
    if (place != null) {
      kept.computeIfPresent(place.window(), (w, others) -> others > 1 ? others - 1 : null);
    }
  }

  /** Why a claim of this namespace would not be released now, leaving the number a window aside. */
  public synchronized Optional<Answer.Paused> paused(String namespace) {
    var now = settings.get();
    if (now.paused()) {
      return Optional.of(
          new Answer.Paused(
              ClaimReason.RELEASES_PAUSED,
              "all releases are paused (pause-releases); set it to false to let them go on",
              WHILE_PAUSED));
    }
    if (now.pausedNamespaces().contains(namespace)) {
      return Optional.of(
          new Answer.Paused(
              ClaimReason.RELEASES_PAUSED,
              "releases are paused in namespace %s (pause-releases-namespaces); take it from that list to let them go on"
                  .formatted(namespace),
              WHILE_PAUSED));
    }
    if (unknown.isPresent()) {
      return Optional.of(
          new Answer.Paused(ClaimReason.PAUSE_RECORD_MISSING, unknown.get(), WHILE_PAUSED));
    }
    return avalanche.map(
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
      case Answer.Paused(var reason, var message, var again) -> Optional.of(again);
    };
  }

  /**
   * A request for what nothing in the cluster dates, like the end of a scaled-down StatefulSet's
   * Pod: it is due since this was first asked for, so that to ask again makes nothing new of it.
   */
  public synchronized Request undated(String namespace, String uid) {
    return new Request(namespace, uid, firstAsked.computeIfAbsent(uid, u -> clock.instant()));
  }

  /** The claim is gone, or is used again. */
  public synchronized void done(String uid) {
    firstAsked.remove(uid);
    through.remove(uid);
    counted.remove(uid);
    leavePlace(uid);
  }

  /**
   * What was let through was not released after all, because its Pod is there or it has changed:
   * its place in the window is free again. It was counted, and is not counted for the same expiry
   * again.
   */
  public synchronized void withdraw(String uid) {
    var window = through.remove(uid);
    if (window != null && window.equals(begin)) {
      letThrough--;
    }
  }

  /** The automatic pause, while there is one. */
  public synchronized Optional<Avalanche> avalanche() {
    return avalanche;
  }

  /** Whether anything at all is let through, leaving namespaces aside. */
  public synchronized boolean open() {
    return !settings.get().paused() && !pausedItself();
  }

  /** Whether an avalanche pauses releases, or may do so by a record that is missing. */
  public synchronized boolean pausedItself() {
    return unknown.isPresent() || avalanche.isPresent();
  }

  /** Has a person said the word? Was the pause put on record? Called now and then. */
  public synchronized void tick() {
    var word = settings.get().resumedUntil();
    if (avalanche.isPresent()
        && word.isPresent()
        && !word.get().isBefore(avalanche.get().since())) {
      avalanche = Optional.empty();
      noted = false;
      counted.clear();
      listener.resumed();
    }
    compareWithRecord();
    if (!noted) {
      record();
    }
  }

  @GuardedBy("this")
  private void record() {
    try {
      if (avalanche.isPresent()) {
        note.write(avalanche.get());
      } else {
        note.clear();
      }
      noted = true;
    } catch (RuntimeException e) {
      // It is in force all the same, and put on record with the next tick.
      LOG.warnf("the pause of releases could not be put on record: %s", e.getMessage());
    }
  }

  /** A window that lies in the future is one before the clock was set back: it is over, too. */
  @GuardedBy("this")
  private void turn() {
    var now = clock.instant();
    if (!now.isBefore(begin.plus(window)) || now.isBefore(begin)) {
      boolean first = begin.equals(Instant.MIN) || now.isBefore(begin);
      number += first ? 1 : Duration.between(begin, now).dividedBy(window);
      // Who does not come in the window after its own comes no more.
      long oldest = number - 1;
      places.values().removeIf(place -> place.window() < oldest);
      kept.headMap(oldest).clear();
      begin = now;
      letThrough = 0;
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
        || avalanche.isPresent()
        || through.containsKey(request.uid())
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
      avalanche =
          Optional.of(
              new Avalanche(
                  clock.instant(),
                  "%d fixed IPs fell due within %s, %s"
                      .formatted(inWindow, DurationText.format(window), tripped.get())));
      noted = false;
      record();
      listener.paused(avalanche.get());
    }
  }
}
