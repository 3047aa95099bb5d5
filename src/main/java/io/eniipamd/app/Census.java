package io.eniipamd.app;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.EniPhase;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.domain.condition.ClaimConditions;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.domain.condition.ConditionType;
import io.eniipamd.domain.condition.NodeConditions;
import io.eniipamd.domain.condition.NodeReason;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.kube.release.DueTimes;
import io.eniipamd.kube.support.Conditions;
import io.eniipamd.metrics.ClusterCounts;
import io.eniipamd.metrics.ClusterCounts.ClaimState;
import io.eniipamd.metrics.ClusterCounts.Slots;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Counts the claims and the nodes by their state, each looked at once. What can be counted has a
 * count, also where that is 0: an alert on it has a series to look at.
 */
final class Census {

  /** A word of another version. */
  private static final String UNKNOWN = "Unknown";

  /** A node without an ENI of which nothing is said yet. */
  private static final String UNTOLD = "None";

  private static final String NO_ZONE = "";

  private static final List<Span> AGES =
      List.of(
          new Span("1h", Duration.ofHours(1)),
          new Span("1d", Duration.ofDays(1)),
          new Span("7d", Duration.ofDays(7)),
          new Span("30d", Duration.ofDays(30)));

  private static final List<Span> DUE =
      List.of(
          new Span("past", Duration.ZERO),
          new Span("1h", Duration.ofHours(1)),
          new Span("1d", Duration.ofDays(1)),
          new Span("7d", Duration.ofDays(7)));

  /** Up to so long, and longer than the span before. */
  private record Span(String word, Duration upTo) {}

  private final DueTimes dueTimes;
  private final ToIntFunction<String> usedOn;
  private final Instant now;

  private final Map<ClaimState, Long> claims = new HashMap<>();
  private final Map<String, Long> waiting;
  private final Map<String, Long> withoutEni;
  private final Map<String, Slots> slots = new HashMap<>();
  private final Map<String, Long> byAge = zeros(AGES, "older");
  private final Map<String, Long> byDue = zeros(DUE, "later", "never");

  /**
   * @param usedOn how many slots of the ENI with that id are in use
   */
  Census(DueTimes dueTimes, ToIntFunction<String> usedOn, Instant now) {
    this.dueTimes = dueTimes;
    this.usedOn = usedOn;
    this.now = now;
    for (var phase : ClaimPhase.values()) {
      for (var policy : DeletePolicy.values()) {
        if (phase != ClaimPhase.UNKNOWN && policy != DeletePolicy.UNKNOWN) {
          claims.put(new ClaimState(word(phase), word(policy)), 0L);
        }
      }
    }
    waiting = zeros(ClaimConditions.READY, Set.of(ClaimReason.BOUND, ClaimReason.RETAINED));
    withoutEni = zeros(NodeConditions.READY, Set.of(NodeReason.ENI_ATTACHED));
    withoutEni.put(UNTOLD, 0L);
  }

  void claim(VpcIPClaim claim) {
    var status = claim.statusOrEmpty();
    add(claims, new ClaimState(word(status.phase()), word(policy(claim))));
    failing(status.conditions(), ClaimConditions.READY)
        .filter(word -> !word.equals(ClaimReason.RETAINED.word()))
        .ifPresent(word -> add(waiting, known(waiting, word)));
    if (status.phase() == ClaimPhase.RETAINED && !claim.isMarkedForDeletion()) {
      time(status.retainedSince()).ifPresent(since -> retained(claim, since));
    }
  }

  private void retained(VpcIPClaim claim, Instant since) {
    add(byAge, word(AGES, Duration.between(since, now), "older"));
    add(
        byDue,
        dueTimes
            .due(claim)
            .map(due -> word(DUE, Duration.between(now, due), "later"))
            .orElse("never"));
  }

  void node(NodeENIConfig nec) {
    var status = nec.statusOrEmpty();
    var zone = Optional.ofNullable(nec.getSpec()).map(spec -> spec.zone()).orElse(NO_ZONE);
    long offered = Optional.ofNullable(status.slotsOffered()).orElse(0);
    long used = status.eniInfos().stream().map(EniInfo::eniId).mapToLong(usedOn::applyAsInt).sum();
    slots.merge(zone, new Slots(offered, used), Slots::plus);
    var why = failing(status.conditions(), NodeConditions.READY);
    if (why.isPresent()) {
      add(withoutEni, known(withoutEni, why.get()));
    } else if (status.eniInfos().stream().noneMatch(eni -> eni.phase() == EniPhase.ATTACHED)) {
      add(withoutEni, UNTOLD);
    }
  }

  ClusterCounts counts() {
    return new ClusterCounts(claims, waiting, withoutEni, slots, byAge, byDue);
  }

  private static Optional<String> failing(List<Condition> conditions, ConditionType type) {
    return Conditions.find(conditions, type)
        .filter(c -> c.status().equals(Condition.FALSE))
        .map(Condition::reason);
  }

  private static String known(Map<String, Long> counts, String word) {
    return counts.containsKey(word) ? word : UNKNOWN;
  }

  private static <K> void add(Map<K, Long> counts, K key) {
    counts.merge(key, 1L, Long::sum);
  }

  /** All reasons of a condition but these, and one for those that this version does not know. */
  private static Map<String, Long> zeros(ConditionType type, Set<Reason> but) {
    Map<String, Long> counts = new HashMap<>();
    Reason.all().stream()
        .filter(reason -> reason.conditions().contains(type) && !but.contains(reason))
        .forEach(reason -> counts.put(reason.word(), 0L));
    counts.put(UNKNOWN, 0L);
    return counts;
  }

  private static Map<String, Long> zeros(List<Span> spans, String... further) {
    Map<String, Long> counts = new HashMap<>();
    spans.forEach(span -> counts.put(span.word(), 0L));
    for (var word : further) {
      counts.put(word, 0L);
    }
    return counts;
  }

  private static String word(List<Span> spans, Duration time, String longer) {
    return spans.stream()
        .filter(span -> time.compareTo(span.upTo()) <= 0)
        .findFirst()
        .map(Span::word)
        .orElse(longer);
  }

  /** What a user or another program wrote there may be no time. */
  private static Optional<Instant> time(String text) {
    try {
      return Optional.ofNullable(text).map(Instant::parse);
    } catch (DateTimeException _) {
      return Optional.empty();
    }
  }

  private static DeletePolicy policy(VpcIPClaim claim) {
    var inForce = Optional.ofNullable(claim.statusOrEmpty().deletePolicy());
    return inForce
        .or(() -> Optional.ofNullable(claim.getSpec()).map(spec -> spec.deletePolicy()))
        .orElse(DeletePolicy.IMMEDIATE);
  }

  private static String word(ClaimPhase phase) {
    return switch (phase) {
      case PENDING -> "Pending";
      case BOUND -> "Bound";
      case RETAINED -> "Retained";
      case RELEASING -> "Releasing";
      case UNKNOWN -> UNKNOWN;
    };
  }

  private static String word(DeletePolicy policy) {
    return switch (policy) {
      case IMMEDIATE -> "Immediate";
      case NEVER -> "Never";
      case UNKNOWN -> UNKNOWN;
    };
  }
}
