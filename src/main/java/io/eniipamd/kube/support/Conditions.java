package io.eniipamd.kube.support;

import io.eniipamd.api.v1.Condition;
import io.eniipamd.domain.condition.ConditionType;
import io.eniipamd.domain.condition.Reason;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Conditions of an object's status, changed by making new lists. */
public final class Conditions {
  private Conditions() {}

  /**
   * The list with one condition set: added or replaced, the others as they were. The transition
   * time moves only when the status does.
   */
  public static List<Condition> with(
      List<Condition> before,
      ConditionType type,
      String status,
      Reason reason,
      String message,
      Long generation,
      Instant now) {
    assert reason.conditions().contains(type) : reason + " is not declared for " + type;
    var old = find(before, type);
    var since =
        old.filter(c -> c.status().equals(status))
            .map(Condition::lastTransitionTime)
            .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
    var set = new Condition(type.word(), status, reason.word(), message, generation, since);
    var after = new ArrayList<Condition>(before.size() + 1);
    boolean replaced = false;
    for (var condition : before) {
      if (condition.type().equals(type.word())) {
        after.add(set);
        replaced = true;
      } else {
        after.add(condition);
      }
    }
    if (!replaced) {
      after.add(set);
    }
    return List.copyOf(after);
  }

  /** The list without one condition. */
  public static List<Condition> without(List<Condition> before, ConditionType type) {
    return before.stream().filter(c -> !c.type().equals(type.word())).toList();
  }

  public static Optional<Condition> find(List<Condition> conditions, ConditionType type) {
    return conditions.stream().filter(c -> c.type().equals(type.word())).findFirst();
  }

  /** Whether the condition is there with that status. */
  public static boolean is(List<Condition> conditions, ConditionType type, String status) {
    return find(conditions, type).filter(c -> c.status().equals(status)).isPresent();
  }

  /**
   * Why a condition is {@code False}.
   *
   * @param reason empty if this version does not know the word
   * @param message the sentence beside it
   */
  public record Failing(Optional<Reason> reason, String message) {}

  /** Why the condition is {@code False}; empty where it is not. */
  public static Optional<Failing> failing(List<Condition> conditions, ConditionType type) {
    return find(conditions, type)
        .filter(c -> c.status().equals(Condition.FALSE))
        .map(c -> new Failing(Reason.of(c.reason()), c.message()));
  }

  /**
   * Whether one of the conditions is {@code False} for one of these reasons, of those that match.
   */
  public static boolean anyFailing(
      List<Condition> conditions, Set<Reason> reasons, Predicate<Condition> matching) {
    return conditions.stream()
        .filter(c -> c.status().equals(Condition.FALSE))
        .filter(c -> Reason.of(c.reason()).filter(reasons::contains).isPresent())
        .anyMatch(matching);
  }

  /** Why the condition says what it says; empty if this version does not know the word. */
  public static Optional<Reason> reason(List<Condition> conditions, ConditionType type) {
    return find(conditions, type).map(Condition::reason).flatMap(Reason::of);
  }

  /**
   * Whether the condition says this already, so that saying it again would be a write for nothing.
   */
  public static boolean says(
      List<Condition> conditions,
      ConditionType type,
      String status,
      Reason reason,
      String message) {
    return find(conditions, type)
        .filter(
            c ->
                c.status().equals(status)
                    && c.reason().equals(reason.word())
                    && Objects.equals(c.message(), message))
        .isPresent();
  }
}
