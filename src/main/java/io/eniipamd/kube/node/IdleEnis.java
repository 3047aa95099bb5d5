package io.eniipamd.kube.node;

import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.EniPhase;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.support.SharedCache;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Since when ENIs carry no Pod. It is known in memory only: after a restart the delay begins again.
 */
@Singleton
public final class IdleEnis {
  private static final Duration AGAIN = Duration.ofMinutes(1);

  private final SharedCache<NodeENIConfig> necs;
  private final AddressBook book;
  private final NodeSettings settings;
  private final Clock clock;

  private final Map<String, Instant> emptySince = new ConcurrentHashMap<>();

  /** When each node with an ENI that has been empty for long is enqueued again, by its name. */
  private final Map<String, Instant> again = new ConcurrentHashMap<>();

  public IdleEnis(
      SharedCache<NodeENIConfig> necs, AddressBook book, NodeSettings settings, Clock clock) {
    this.necs = necs;
    this.book = book;
    this.settings = settings;
    this.clock = clock;
  }

  /**
   * Compares the ENIs of all nodes with the records, and enqueues nodes that may give some back: at
   * once, and every minute while they keep them, because they are wanted.
   */
  public void look() {
    var seen = new HashSet<String>();
    var due = new HashSet<String>();
    necs.all()
        .filter(nec -> nec.statusOrEmpty().eniInfos().size() > 1)
        .filter(nec -> isDue(nec, seen))
        .forEach(nec -> due.add(nec.getMetadata().getName()));
    emptySince.keySet().retainAll(seen);
    again.keySet().retainAll(due);
    var now = clock.instant();
    for (var node : due) {
      if (!now.isBefore(again.getOrDefault(node, now))) {
        again.put(node, now.plus(AGAIN));
        necs.enqueue(node);
      }
    }
  }

  private boolean isDue(NodeENIConfig nec, Set<String> seen) {
    boolean due = false;
    for (var eni : nec.statusOrEmpty().eniInfos()) {
      seen.add(eni.eniId());
      due |= isIdle(eni);
    }
    return due;
  }

  /** Whether the ENI could carry Pods, and has carried none for as long as the delay is. */
  boolean isIdle(EniInfo eni) {
    if (eni.phase() != EniPhase.ATTACHED || book.used(eni.eniId()) > 0) {
      emptySince.remove(eni.eniId());
      return false;
    }
    var now = clock.instant();
    var since = emptySince.computeIfAbsent(eni.eniId(), _ -> now);
    return !now.isBefore(since.plus(settings.shrinkDelay()));
  }
}
