package io.eniipamd.kube.release;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The windows in which a limited number of releases is let through each, and the places that are
 * kept in later ones for those that wait. For the {@link ReleaseGate} alone, which calls it under
 * its lock.
 */
final class ReleaseWindows {
  private final Duration length;
  private final Clock clock;

  /** What was let through, with the begin of its window. */
  private final Map<String, Instant> through = new HashMap<>();

  private Instant begin = Instant.MIN;
  private int letThrough;

  /** Which window it is, counted from the start; one without requests counts as well. */
  private long number;

  private record Place(long window, int position) {}

  /** Who waits, and the place in a window that is kept for it. */
  private final Map<String, Place> places = new HashMap<>();

  /** How many of a window's places are kept for who waits. */
  private final NavigableMap<Long, Integer> kept = new TreeMap<>();

  ReleaseWindows(Duration length, Clock clock) {
    this.length = length;
    this.clock = clock;
  }

  /**
   * Begins another window where the last one is over. One that lies in the future is one before the
   * clock was set back: it is over, too.
   *
   * @return whether another one has begun
   */
  boolean turn() {
    var now = clock.instant();
    boolean setBack = now.isBefore(begin);
    if (!setBack && now.isBefore(begin.plus(length))) {
      return false;
    }
    boolean first = begin.equals(Instant.MIN) || setBack;
    number += first ? 1 : Duration.between(begin, now).dividedBy(length);
    // Who does not come in the window after its own comes no more.
    long oldest = number - 1;
    places.values().removeIf(place -> place.window() < oldest);
    kept.headMap(oldest).clear();
    begin = now;
    letThrough = 0;
    return true;
  }

  boolean isThrough(String uid) {
    return through.containsKey(uid);
  }

  /**
   * Lets a release through, or keeps a place in a later window for it.
   *
   * @param perWindow how many releases one window lets through
   * @return when to come back; empty where it is through
   */
  Optional<Duration> ask(String uid, int perWindow) {
    var place = places.get(uid);
    boolean itsTurn = place != null && place.window() <= number;
    int keptForOthers = itsTurn ? 0 : kept.getOrDefault(number, 0);
    if (letThrough + keptForOthers >= perWindow) {
      return Optional.of(untilPlaceOf(uid, perWindow));
    }
    leavePlace(uid);
    letThrough++;
    through.put(uid, begin);
    return Optional.empty();
  }

  /** When to come back; those of one window do not come all at the same moment. */
  private Duration untilPlaceOf(String uid, int perWindow) {
    var place = places.get(uid);
    if (place == null || place.window() <= number) {
      leavePlace(uid);
      long last = kept.isEmpty() ? 0 : kept.lastKey();
      long in = Math.max(kept.getOrDefault(last, 0) < perWindow ? last : last + 1, number + 1);
      place = new Place(in, kept.merge(in, 1, Integer::sum) - 1);
      places.put(uid, place);
    }
    var spread = length.dividedBy(2).multipliedBy(place.position()).dividedBy(perWindow);
    var ahead = length.multipliedBy(place.window() - number);
    var left = Duration.between(clock.instant(), begin.plus(ahead));
    return (left.isPositive() ? left : Duration.ZERO).plus(spread).plusMillis(1);
  }

  private void leavePlace(String uid) {
    var place = places.remove(uid);
    if (place != null) {
      kept.computeIfPresent(place.window(), (_, others) -> others > 1 ? others - 1 : null);
    }
  }

  /** It is released, or used again. */
  void done(String uid) {
    through.remove(uid);
    leavePlace(uid);
  }

  /** It was not released after all: its place in the window is free again. */
  void withdraw(String uid) {
    var window = through.remove(uid);
    if (window != null && window.equals(begin)) {
      letThrough--;
    }
  }
}
