package io.eniipamd.kube.node;

import io.eniipamd.domain.node.Problem;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What was seen of the security groups of ENIs, and which groups the cloud refuses. Nothing here
 * has to survive: a new process reads the ENIs again.
 */
@Singleton
final class EniGroups {

  private static final Duration FIRST_PAUSE = Duration.ofMinutes(1);

  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

  /**
   * What an ENI has.
   *
   * @param shown the groups as they were shown last
   * @param set the groups that it was given
   * @param answered how the cloud showed it then, perhaps in another order
   */
  private record Groups(List<String> shown, List<String> set, List<String> answered) {
    List<String> now() {
      return shown.equals(answered) ? set : shown;
    }
  }

  /**
   * Of what a refusal is.
   *
   * @param eniId empty where it is of these groups on any ENI
   */
  private record Wish(List<String> groups, Optional<String> eniId) {}

  /**
   * A refusal.
   *
   * @param until when it is tried again
   */
  record Refused(Problem problem, Instant until, Duration pause) {}

  private final Clock clock;

  /** By node, by ENI. */
  private final Map<String, Map<String, Groups>> seen = new ConcurrentHashMap<>();

  private final Map<Wish, Refused> refusals = new ConcurrentHashMap<>();

  EniGroups(Clock clock) {
    this.clock = clock;
  }

  /** A read has shown the groups of an ENI; says whether that is news. */
  boolean shown(String node, String eniId, List<String> groups) {
    var news = new boolean[1];
    of(node)
        .compute(
            eniId,
            (_, before) -> {
              news[0] = before == null || !before.shown().equals(groups);
              return before == null
                  ? new Groups(groups, groups, groups)
                  : new Groups(groups, before.set(), before.answered());
            });
    return news[0];
  }

  /**
   * An ENI was given these groups.
   *
   * @param answered how the cloud shows them
   * @return whether they had been refused, so that others need not wait any longer
   */
  boolean given(String node, String eniId, List<String> groups, List<String> answered) {
    of(node).put(eniId, new Groups(answered, groups, answered));
    refusals.remove(new Wish(groups, Optional.of(eniId)));
    return refusals.remove(new Wish(groups, Optional.empty())) != null;
  }

  /** The groups of an ENI, in the order in which they were given; empty if it was not read yet. */
  Optional<List<String>> of(String node, String eniId) {
    return Optional.ofNullable(seen.getOrDefault(node, Map.of()).get(eniId)).map(Groups::now);
  }

  private Map<String, Groups> of(String node) {
    return seen.computeIfAbsent(node, _ -> new ConcurrentHashMap<>());
  }

  /** Of all other ENIs of the node nothing is to be known any more. */
  void keep(String node, Collection<String> eniIds) {
    seen.computeIfPresent(
        node,
        (_, enis) -> {
          enis.keySet().retainAll(eniIds);
          return enis.isEmpty() ? null : enis;
        });
  }

  /**
   * The cloud has refused groups.
   *
   * @param eniId empty where it would refuse any other ENI the same
   */
  void refused(List<String> groups, Optional<String> eniId, Problem problem) {
    var now = clock.instant();
    // What nobody has asked for since is over.
    refusals.values().removeIf(old -> old.until().plus(LONGEST_PAUSE).isBefore(now));
    refusals.compute(
        new Wish(groups, eniId),
        (_, before) -> {
          if (before != null && before.until().isAfter(now)) {
            // Of those that were asked for together one is enough.
            return before;
          }
          var doubled = before == null ? FIRST_PAUSE : before.pause().multipliedBy(2);
          var pause = doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled;
          return new Refused(problem, now.plus(pause), pause);
        });
  }

  /** Why the ENI is not given these groups at the moment; empty where it may be tried. */
  Optional<Refused> refusal(List<String> groups, String eniId) {
    return Optional.ofNullable(refusals.get(new Wish(groups, Optional.empty())))
        .filter(this::holds)
        .or(
            () ->
                Optional.ofNullable(refusals.get(new Wish(groups, Optional.of(eniId))))
                    .filter(this::holds));
  }

  private boolean holds(Refused refused) {
    return refused.until().isAfter(clock.instant());
  }
}
