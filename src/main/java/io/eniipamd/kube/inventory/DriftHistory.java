package io.eniipamd.kube.inventory;

import io.eniipamd.domain.inventory.Drift;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Since when the differences are there that each look finds. A difference counts when an earlier
 * look has found it too, long enough ago: what is only on its way differs as well. It is kept in
 * memory; a new leader begins again.
 */
final class DriftHistory {
  private final Duration grace;
  private final Map<Drift.Key, Instant> since = new HashMap<>();
  private final Set<Drift.Key> told = new HashSet<>();

  DriftHistory(Duration grace) {
    this.grace = grace;
  }

  /** Takes what a look has found, and returns what counts. */
  List<Drift> confirmed(List<Drift> found, Instant now) {
    var keys = new HashSet<Drift.Key>();
    found.forEach(drift -> keys.add(drift.key()));
    since.keySet().retainAll(keys);
    told.retainAll(keys);
    var confirmed =
        found.stream()
            .filter(drift -> since.containsKey(drift.key()))
            .filter(drift -> !now.isBefore(since.get(drift.key()).plus(grace)))
            .toList();
    keys.forEach(key -> since.putIfAbsent(key, now));
    return confirmed;
  }

  /** Whether the difference is to be told: once for as long as it lasts. */
  boolean isNews(Drift drift) {
    return told.add(drift.key());
  }
}
