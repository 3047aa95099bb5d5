package io.eniipamd.domain.condition;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where a reason appears.
 *
 * @param conditions the conditions that can have it
 * @param events the kinds of objects that events with it are about
 */
record Places(Set<ConditionType> conditions, Set<ObjectKind> events) {
  Places {
    conditions = Set.copyOf(conditions);
    events = Set.copyOf(events);
  }

  /** As the reason of these conditions. */
  static Places on(ConditionType... types) {
    return new Places(Set.of(types), Set.of());
  }

  /** As the reason of an event about such an object. */
  static Places told(ObjectKind... kinds) {
    return new Places(Set.of(), Set.of(kinds));
  }

  /** As the reason of an event about any object that the operator works on. */
  static Places toldAnywhere() {
    return told(ObjectKind.values());
  }

  /** A problem of a node: on its record, on the claims that wait for it, and in their events. */
  static Places onNodes() {
    return on(NodeConditions.READY, NodeConditions.CAN_GROW, ClaimConditions.READY)
        .andTold(ObjectKind.NODE, ObjectKind.NODE_RECORD, ObjectKind.POD);
  }

  /** As the reason of these conditions, too. */
  Places andOn(ConditionType... types) {
    return new Places(both(conditions, List.of(types)), events);
  }

  /** As the reason of an event about such an object, too. */
  Places andTold(ObjectKind... kinds) {
    return new Places(conditions, both(events, List.of(kinds)));
  }

  private static <T> Set<T> both(Set<? extends T> some, Collection<? extends T> others) {
    return Stream.concat(some.stream(), others.stream()).collect(Collectors.toSet());
  }
}
