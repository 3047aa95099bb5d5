package io.eniipamd.domain.claim;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a Pod itself says of zones: by its node selector, all of which has to hold, and by its
 * required node affinity, of which one term has to.
 *
 * @param selector labels of zones that its node has to have
 * @param terms what each term of the affinity says of labels of zones; none: it says nothing
 */
public record PodZones(Map<String, String> selector, List<List<Expression>> terms) {
  /** Of a Pod that says nothing of zones. */
  public static final PodZones ANY = new PodZones(Map.of(), List.of());

  public PodZones {
    selector = Map.copyOf(selector);
    terms = terms.stream().map(List::copyOf).toList();
  }

  /** How an expression compares; see Kubernetes' {@code NodeSelectorRequirement}. */
  public enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    DOES_NOT_EXIST,
    /** One that compares numbers, or that this version does not know; it rules nothing out. */
    OTHER
  }

  /** What is said of one label. */
  public record Expression(String key, Operator operator, Set<String> values) {
    public Expression {
      values = Set.copyOf(values);
    }

    private boolean allows(Map<String, String> labels) {
      var value = labels.get(key);
      if (value == null) {
        return true;
      }
      return switch (operator) {
        case IN -> values.contains(value);
        case NOT_IN -> !values.contains(value);
        case DOES_NOT_EXIST -> false;
        case EXISTS, OTHER -> true;
      };
    }
  }

  /**
   * Whether the Pod can run on a node of a zone. A label of which nothing is known rules nothing
   * out.
   *
   * @param labels what all nodes of the zone carry, by key
   */
  public boolean allow(Map<String, String> labels) {
    return selector.entrySet().stream()
            .allMatch(e -> e.getValue().equals(labels.getOrDefault(e.getKey(), e.getValue())))
        && (terms.isEmpty()
            || terms.stream().anyMatch(term -> term.stream().allMatch(e -> e.allows(labels))));
  }
}
