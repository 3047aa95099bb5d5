package io.eniipamd.domain.condition;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code docs/conditions.md}, written from the declarations of conditions and reasons. */
final class ConditionsPage {
  private static final List<ConditionType[]> CONDITIONS =
      List.of(ClaimConditions.values(), AddressConditions.values(), NodeConditions.values());

  private ConditionsPage() {}

  static String text() {
    var page =
        new StringBuilder(
            """
            # Conditions and events

            This page is generated from `io.eniipamd.domain.condition`; do not edit it.

            The operator reports what it does, and why a Pod waits, in two places: in the conditions of its own
            objects, and in events. `kubectl describe` shows both. A reason is one word for machines; the
            message beside it names the object, the value and what to do.
            """);
    for (var types : CONDITIONS) {
      page.append(conditions(types));
    }
    return page.append(events()).toString();
  }

  private static String conditions(ConditionType... types) {
    var kind = types[0].on().kind();
    var page = new StringBuilder("\n## Conditions of a `%s`\n".formatted(kind));
    for (var type : types) {
      page.append("\n### `%s`\n\n%s\n\n".formatted(type.word(), type.meaning()))
          .append("| reason | what it means | what to do |\n|---|---|---|\n");
      reasons().filter(r -> r.conditions().contains(type)).forEach(r -> page.append(row(r, "")));
    }
    return page.toString();
  }

  private static String events() {
    var page =
        new StringBuilder(
            """

            ## Events

            The operator writes each event once. An event about a Pod that is gone is on its claim, one about a `Node`
            that is gone on its `NodeENIConfig`. Events about the operator are on its Pod, or on its `Lease` if the
            operator does not know its Pod.

            | reason | about | what it means | what to do |
            |---|---|---|---|
            """);
    reasons()
        .filter(r -> !r.events().isEmpty())
        .forEach(r -> page.append(row(r, " %s |".formatted(about(r)))));
    return page.toString();
  }

  private static String about(Reason reason) {
    if (reason.events().size() == ObjectKind.values().length) {
      return "any object";
    }
    return Arrays.stream(ObjectKind.values())
        .filter(reason.events()::contains)
        .map(kind -> "`" + kind.kind() + "`")
        .collect(Collectors.joining(", "));
  }

  private static String row(Reason reason, String about) {
    return "| `%s` |%s %s | %s |\n"
        .formatted(
            reason.word(),
            about,
            reason.meaning(),
            reason.remedy().isEmpty() ? "nothing" : reason.remedy());
  }

  private static Stream<Reason> reasons() {
    return Reason.all().stream().sorted(Comparator.comparing(Reason::word));
  }
}
