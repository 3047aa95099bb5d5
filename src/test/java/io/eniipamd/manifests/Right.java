package io.eniipamd.manifests;

import io.eniipamd.controlplane.AuditEvent;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * One thing that may be done.
 *
 * @param resource with its subresource, e.g. {@code vpcips/status}
 */
record Right(String apiGroup, String resource, String verb) implements Comparable<Right> {

  static Stream<Right> of(PolicyRule rule) {
    return rule.getApiGroups().stream()
        .flatMap(
            group ->
                rule.getResources().stream()
                    .flatMap(
                        resource ->
                            rule.getVerbs().stream()
                                .map(verb -> new Right(group, resource, verb))));
  }

  static Right of(AuditEvent event) {
    return new Right(event.apiGroup(), event.target(), event.verb());
  }

  @Override
  public int compareTo(Right other) {
    return Comparator.comparing(Right::toString).compare(this, other);
  }

  @Override
  public String toString() {
    return "%s %s%s".formatted(verb, resource, apiGroup.isEmpty() ? "" : "." + apiGroup);
  }
}
