package io.eniipamd.kube.support;

import io.eniipamd.api.v1.Condition;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Conditions of an object's status, changed by making new lists. */
public final class Conditions {
  private Conditions() {}

  /**
   * The list with one condition set: added or replaced, the others as they were. The transition
   * time moves only when the status does.
   */
  public static List<Condition> with(
      List<Condition> before,
      String type,
      String status,
      String reason,
      String message,
      Long generation,
      Instant now) {
    var old = find(before, type);
    var since =
        old.filter(c -> c.status().equals(status))
            .map(Condition::lastTransitionTime)
            .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
    var set = new Condition(type, status, reason, message, generation, since);
    var after = new ArrayList<Condition>(before.size() + 1);
    boolean replaced = false;
    for (var condition : before) {
      if (condition.type().equals(type)) {
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

  public static Optional<Condition> find(List<Condition> conditions, String type) {
    return conditions.stream().filter(c -> c.type().equals(type)).findFirst();
  }

  /**
   * Whether the condition says this already, so that saying it again would be a write for nothing.
   */
  public static boolean says(
      List<Condition> conditions, String type, String status, String reason, String message) {
    return find(conditions, type)
        .filter(
            c ->
                c.status().equals(status)
                    && c.reason().equals(reason)
                    && Objects.equals(c.message(), message))
        .isPresent();
  }
}
