package io.eniipamd.kube.claim;

import io.eniipamd.kube.support.FreshReads;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * What the API server said of nodes that seem to be gone. All that is kept on a node asks the same
 * at the same moment; the API server is asked once.
 */
@Singleton
final class NodesAsked {

  /** While Pods may be there, everything stays; nothing is urgent. */
  private static final Duration GOOD_FOR = Duration.ofSeconds(20);

  /** That a node is gone has to be as good as fresh. */
  private static final Duration GONE_GOOD_FOR = Duration.ofSeconds(2);

  private record Said(boolean mayCarryPods, long nanos) {
    boolean isFresh(long now) {
      return now - nanos < (mayCarryPods ? GOOD_FOR : GONE_GOOD_FOR).toNanos();
    }
  }

  private final Predicate<String> ask;
  private final LongSupplier nanoTime;
  private final Map<String, Said> said = new ConcurrentHashMap<>();

  @Inject
  NodesAsked(FreshReads fresh) {
    this(fresh::nodeMayCarryPods, System::nanoTime);
  }

  /**
   * @param ask asks the API server whether a node may carry Pods
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  NodesAsked(Predicate<String> ask, LongSupplier nanoTime) {
    this.ask = ask;
    this.nanoTime = nanoTime;
  }

  /** Whether Pods may run on the node, as the API server said a moment ago. */
  boolean mayCarryPods(String node) {
    long now = nanoTime.getAsLong();
    said.values().removeIf(s -> !s.isFresh(now));
    // The others of the node wait here for the one that asks.
    return said.computeIfAbsent(node, n -> new Said(ask.test(n), nanoTime.getAsLong()))
        .mayCarryPods();
  }
}
