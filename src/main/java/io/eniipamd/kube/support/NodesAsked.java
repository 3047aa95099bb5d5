package io.eniipamd.kube.support;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * What the API server said of nodes that seem to be gone. All that is kept on a node asks the same
 * at the same moment, and nodes go by the hundred: the API server is asked once for each of a few
 * nodes, and once for all of them where there are more.
 */
@Singleton
public final class NodesAsked {

  /** While Pods may be there, everything stays; nothing is urgent. */
  private static final Duration GOOD_FOR = Duration.ofSeconds(20);

  /** That a node is gone has to be as good as fresh. */
  private static final Duration GONE_GOOD_FOR = Duration.ofSeconds(2);

  /** For more nodes than these, one list of all costs less than a question for each. */
  private static final int FEW = 4;

  /**
   * An answer.
   *
   * @param nanos when the question was sent
   */
  private record Said(boolean mayCarryPods, long nanos) {
    boolean isFresh(long now) {
      return now - nanos < (mayCarryPods ? GOOD_FOR : GONE_GOOD_FOR).toNanos();
    }
  }

  /** Asks the API server, past every cache. */
  interface Api {
    /** Whether Pods may run on the node. */
    boolean mayCarryPods(String node);

    /** All nodes on which Pods may run. */
    Set<String> allThatMayCarryPods();
  }

  private final Api api;
  private final LongSupplier nanoTime;

  @GuardedBy("this")
  private final Map<String, Said> said = new HashMap<>();

  /** When each node was asked after last. */
  @GuardedBy("this")
  private final Map<String, Long> askedAfter = new HashMap<>();

  /** All nodes on which Pods might run when they were listed last; null where that never was. */
  @GuardedBy("this")
  private Set<String> listed;

  @GuardedBy("this")
  private long listedAt;

  @Inject
  public NodesAsked(FreshReads fresh, LongSupplier nanoTime) {
    this(
        new Api() {
          @Override
          public boolean mayCarryPods(String node) {
            return fresh.nodeMayCarryPods(node);
          }

          @Override
          public Set<String> allThatMayCarryPods() {
            return fresh.nodesThatMayCarryPods();
          }
        },
        nanoTime);
  }

  /**
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  NodesAsked(Api api, LongSupplier nanoTime) {
    this.api = api;
    this.nanoTime = nanoTime;
  }

  /**
   * Whether Pods may run on the node, as the API server said a moment ago: its object is there, or
   * Pods that name it are. Callers that come meanwhile wait for the answer.
   *
   * @throws KubernetesClientException where the API server gives no certain answer
   */
  public boolean mayCarryPods(String node) {
    return mayCarryPods(node, nanoTime.getAsLong());
  }

  /**
   * @param came when the caller came; what was asked later is fresh for it, however long the answer
   *     took
   */
  private synchronized boolean mayCarryPods(String node, long came) {
    long now = nanoTime.getAsLong();
    said.values().removeIf(s -> !s.isFresh(now) && s.nanos() - came < 0);
    askedAfter.values().removeIf(at -> now - at >= GOOD_FOR.toNanos());
    askedAfter.put(node, now);
    var known = said.computeIfAbsent(node, this::asListed);
    if (known == null || (!known.isFresh(now) && known.nanos() - came < 0)) {
      known = asked(node, now);
      said.put(node, known);
    }
    return known.mayCarryPods();
  }

  /**
   * As of before the question: what happens while it is answered may be missing from the answer.
   */
  @GuardedBy("this")
  private Said asked(String node, long now) {
    if (askedAfter.size() <= FEW) {
      return new Said(api.mayCarryPods(node), now);
    }
    listed = api.allThatMayCarryPods();
    listedAt = now;
    return asListed(node);
  }

  @GuardedBy("this")
  private Said asListed(String node) {
    return listed == null ? null : new Said(listed.contains(node), listedAt);
  }
}
