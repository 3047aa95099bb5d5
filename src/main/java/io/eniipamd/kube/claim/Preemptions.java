package io.eniipamd.kube.claim;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which kept addresses were asked to make room, and for whom: one for each claim that waits. It
 * lives in memory only; after a restart the waiting claims ask again.
 */
@Singleton
final class Preemptions {

  /** The claim that waits to the claim that makes room, by their UIDs. */
  @GuardedBy("this")
  private final Map<String, String> asked = new HashMap<>();

  /** The same the other way round: each pass over a kept claim asks for itself. */
  @GuardedBy("this")
  private final Map<String, String> askedBy = new HashMap<>();

  /** Notes that one makes room for another; each makes room for one only. */
  synchronized boolean ask(String waiting, String retention) {
    if (askedBy.containsKey(retention)) {
      return waiting.equals(askedBy.get(retention));
    }
    var before = asked.put(waiting, retention);
    if (before != null) {
      askedBy.remove(before);
    }
    askedBy.put(retention, waiting);
    return true;
  }

  /** Who makes room for this one. */
  synchronized Optional<String> askedFor(String waiting) {
    return Optional.ofNullable(asked.get(waiting));
  }

  /** Whether this one was asked. */
  synchronized boolean wanted(String retention) {
    return askedBy.containsKey(retention);
  }

  /** It has made room, or its Pod has come back. */
  synchronized void done(String retention) {
    var waiting = askedBy.remove(retention);
    if (waiting != null) {
      asked.remove(waiting);
    }
  }

  /** It waits no longer, or is gone. */
  synchronized void forget(String claim) {
    var retention = asked.remove(claim);
    if (retention != null) {
      askedBy.remove(retention);
    }
    done(claim);
  }
}
