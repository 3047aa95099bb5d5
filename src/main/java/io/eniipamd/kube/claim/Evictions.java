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

  /** Notes that one makes room for another; each makes room for one only. */
  synchronized boolean ask(String waiting, String keeping) {
    if (asked.containsValue(keeping)) {
      return keeping.equals(asked.get(waiting));
    }
    asked.put(waiting, keeping);
    return true;
  }

  /** Who makes room for this one. */
  synchronized Optional<String> askedFor(String waiting) {
    return Optional.ofNullable(asked.get(waiting));
  }

  /** Whether this one was asked. */
  synchronized boolean wanted(String keeping) {
    return asked.containsValue(keeping);
  }

  /** It has made room, or its Pod has come back. */
  synchronized void done(String keeping) {
    asked.values().removeIf(keeping::equals);
  }

  /** It waits no longer, or is gone. */
  synchronized void forget(String claim) {
    asked.remove(claim);
    done(claim);
  }
}
