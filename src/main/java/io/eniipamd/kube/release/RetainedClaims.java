package io.eniipamd.kube.release;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.kube.support.SharedCache;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The retained claims by the time of their expiry, so that a sweep reads only what is due. */
@Singleton
public final class RetainedClaims implements SharedCache.Listener<VpcIPClaim>, ReleaseGate.Stock {

  /** After every UID, which are of letters, digits and dashes. */
  private static final String LAST_UID = "~";

  /** A claim's name, and which claim of that name. */
  public record Key(String namespace, String name, String uid) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byNamespace = namespace.compareTo(other.namespace);
      int byName = byNamespace != 0 ? byNamespace : name.compareTo(other.name);
      return byName != 0 ? byName : uid.compareTo(other.uid);
    }
  }

  /**
   * A claim whose time is up.
   *
   * @param at when it was
   */
  public record Due(Key key, Instant at) {}

  private final DueTimes expiry;
  private final WantedNames pods;

  /** Up to this moment those that are due are counted. */
  @GuardedBy("this")
  private Instant countedTo = Instant.MIN;

  /** Of those the ones whose time is up, and the ones among them that a Pod wants. */
  @GuardedBy("this")
  private final TreeSet<Key> timeIsUp = new TreeSet<>();

  @GuardedBy("this")
  private final Set<Key> wantedOfThem = new HashSet<>();

  @GuardedBy("this")
  private final TreeMap<Instant, TreeSet<Key>> byTime = new TreeMap<>();

  @GuardedBy("this")
  private final Map<Key, Instant> byClaim = new HashMap<>();

  @GuardedBy("this")
  private final Set<Key> kept = new HashSet<>();

  /** Those whose Pods live as well. */
  @GuardedBy("this")
  private final Set<Key> fixed = new HashSet<>();

  public RetainedClaims(DueTimes expiry, WantedNames pods) {
    this.expiry = expiry;
    this.pods = pods;
    pods.onChange(this::podChanged);
  }

  @Override
  public synchronized void changed(VpcIPClaim claim) {
    var key = key(claim);
    boolean retained = claim.statusOrEmpty().phase() == ClaimPhase.RETAINED;
    if (retained) {
      kept.add(key);
    } else {
      kept.remove(key);
    }
    if (claim.statusOrEmpty().deletePolicy() == DeletePolicy.NEVER) {
      fixed.add(key);
    } else {
      fixed.remove(key);
    }
    set(key, retained && !claim.isMarkedForDeletion() ? expiry.due(claim) : Optional.empty());
  }

  @Override
  public synchronized void deleted(VpcIPClaim claim) {
    kept.remove(key(claim));
    fixed.remove(key(claim));
    set(key(claim), Optional.empty());
  }

  /** Sorts all of them again, because the settings have changed. */
  public synchronized void again(Collection<VpcIPClaim> claims) {
    claims.forEach(this::changed);
  }

  /** How many fixed IPs are retained, those that are being released included. */
  @Override
  public synchronized int retained() {
    return kept.size();
  }

  @Override
  public synchronized int fixed() {
    return fixed.size();
  }

  /** Whether any of them will be due one day. */
  public synchronized boolean anyExpires() {
    return !byTime.isEmpty();
  }

  /**
   * Those whose time is up and which no Pod wants, as far as the cache shows, the longest overdue
   * first.
   */
  public synchronized List<Due> dueBy(Instant now) {
    var due = new ArrayList<Due>();
    byTime
        .headMap(now, true)
        .forEach(
            (at, keys) ->
                keys.stream()
                    .filter(key -> !isWanted(key))
                    .forEach(key -> due.add(new Due(key, at))));
    return due;
  }

  /**
   * How many of them are due. It reads only those whose time has come since the last call: while
   * releases are paused, those that are due may be many.
   */
  public synchronized int countDueBy(Instant now) {
    if (now.isBefore(countedTo)) {
      // The clock was set back.
      timeIsUp.clear();
      wantedOfThem.clear();
      countedTo = Instant.MIN;
    }
    byTime.subMap(countedTo, false, now, true).values().forEach(keys -> keys.forEach(this::isUp));
    countedTo = now;
    return timeIsUp.size() - wantedOfThem.size();
  }

  /** Pods of this name have come or gone: its claims that are due are perhaps wanted now. */
  private synchronized void podChanged(String namespace, String name) {
    timeIsUp
        .subSet(new Key(namespace, name, ""), true, new Key(namespace, name, LAST_UID), true)
        .forEach(this::compareWithPods);
  }

  private boolean isWanted(Key key) {
    return pods.isWanted(key.namespace(), key.name());
  }

  @GuardedBy("this")
  private void isUp(Key key) {
    timeIsUp.add(key);
    compareWithPods(key);
  }

  @GuardedBy("this")
  private void compareWithPods(Key key) {
    if (isWanted(key)) {
      wantedOfThem.add(key);
    } else {
      wantedOfThem.remove(key);
    }
  }

  private synchronized void set(Key key, Optional<Instant> when) {
    var before = when.isPresent() ? byClaim.put(key, when.get()) : byClaim.remove(key);
    if (before != null && !Optional.of(before).equals(when)) {
      byTime.computeIfPresent(
          before,
          (_, keys) -> {
            keys.remove(key);
            return keys.isEmpty() ? null : keys;
          });
    }
    when.ifPresent(time -> byTime.computeIfAbsent(time, _ -> new TreeSet<>()).add(key));
    if (when.filter(time -> !time.isAfter(countedTo)).isPresent()) {
      isUp(key);
    } else {
      timeIsUp.remove(key);
      wantedOfThem.remove(key);
    }
  }

  private static Key key(VpcIPClaim claim) {
    var meta = claim.getMetadata();
    return new Key(meta.getNamespace(), meta.getName(), meta.getUid());
  }
}
