package io.eniipamd.cloud.operate;

import io.eniipamd.domain.address.Ip;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The removals and moves that the cloud has accepted and whose end this process did not see in
 * time. Who asked for one comes back for it, and must not send it again while its task runs. A
 * process that starts anew does not know them: it sends the call, the cloud refuses it, and a read
 * shows why.
 */
final class UnendedChanges {

  /** By far longer than a pause of a caller. What is forgotten costs one refused call. */
  private static final long KEPT_NANOS = Duration.ofHours(1).toNanos();

  private final Map<Change, Accepted> changes = new LinkedHashMap<>();

  /**
   * A change of one address.
   *
   * @param toEniId empty where the address goes away
   */
  record Change(Ip address, String fromEniId, Optional<String> toEniId) {}

  private record Accepted(String requestId, long at) {}

  /**
   * Keeps a change until its next attempt.
   *
   * @param requestId of the call that began it; empty where it is not known, and then there is
   *     nothing to keep
   */
  synchronized void remember(Change change, String requestId) {
    if (requestId.isEmpty()) {
      return;
    }
    long now = System.nanoTime();
    var oldest = changes.values().iterator();
    while (oldest.hasNext() && now - oldest.next().at() > KEPT_NANOS) {
      oldest.remove();
    }
    // Taken out first, so that the order is that of the times.
    changes.remove(change);
    changes.put(change, new Accepted(requestId, now));
  }

  /** The request id of the call that began this change, once. */
  synchronized Optional<String> take(Change change) {
    return Optional.ofNullable(changes.remove(change)).map(Accepted::requestId);
  }
}
