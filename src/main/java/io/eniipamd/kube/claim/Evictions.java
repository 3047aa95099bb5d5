package io.eniipamd.kube.claim;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Which kept addresses were asked to make room, and for whom: one for each claim that waits. It
 * lives in memory only; after a restart the waiting claims ask again.
 */
final class Evictions {

  /** The claim that waits to the claim that makes room, by their UIDs. */
  @GuardedBy("this")
  private final Map<String, String> asked = new HashMap<>();

  /** The same the other way round: each pass over a kept claim asks for itself. */
  @GuardedBy("this")
  private final Map<String, String> askedBy = new HashMap<>();

  /** Notes that one makes room for another; each makes room for one only. */
  synchronized boolean ask(String waiting, String keeping) {
    if (askedBy.containsKey(keeping)) {
      return waiting.equals(askedBy.get(keeping));
    }
    var before = asked.put(waiting, keeping);
    if (before != null) {
      askedBy.remove(before);
    }
    askedBy.put(keeping, waiting);
    return true;
  }

  /** Who makes room for this one. */
  synchronized Optional<String> askedFor(String waiting) {
    return Optional.ofNullable(asked.get(waiting));
  }

  /** Whether this one was asked. */
  synchronized boolean wanted(String keeping) {
    return askedBy.containsKey(keeping);
  }

  /** It has made room, or its Pod has come back. */
  synchronized void done(String keeping) {
    var waiting = askedBy.remove(keeping);
    if (waiting != null) {
      asked.remove(waiting);
    }
  }

  /** It waits no longer, or is gone. */
  synchronized void forget(String claim) {
    var keeping = asked.remove(claim);
    if (keeping != null) {
      askedBy.remove(keeping);
    }
    done(claim);
  }
}
