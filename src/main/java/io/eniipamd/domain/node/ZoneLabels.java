package io.eniipamd.domain.node;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How the nodes of a zone are labelled. The name of a zone is the API's, the value of a label is
 * what the nodes carry: on TKE {@code topology.kubernetes.io/zone} is a number.
 *
 * @param select the label that selects nodes of the zone and of no other
 * @param common the labels of zones that all its nodes carry with the same value, by key
 */
public record ZoneLabels(ZoneLabel select, Map<String, String> common) {

  public ZoneLabels {
    common = Map.copyOf(common);
  }

  /**
   * A node.
   *
   * @param zone the name of its zone
   * @param labels those of its labels that tell a zone, by key
   */
  public record Labelled(String zone, Map<String, String> labels) {
    public Labelled {
      labels = Map.copyOf(labels);
    }
  }

  /** How many nodes of the zone a label selects. */
  private record Candidate(ZoneLabel label, long nodes, int rank) {}

  /**
   * Reads from the nodes how those of a zone are labelled. A zone without nodes has the label whose
   * value is the zone's name elsewhere.
   *
   * @param zone the name of the zone
   * @param keys the keys of labels that tell a zone, the preferred one first
   * @return empty where no node tells it; a guess could keep a Pod from every node for ever
   */
  public static Optional<ZoneLabels> of(
      String zone, List<String> keys, Collection<Labelled> nodes) {
    var inside = nodes.stream().filter(n -> n.zone().equals(zone)).toList();
    var outside = nodes.stream().filter(n -> !n.zone().equals(zone)).toList();
    var common = new HashMap<String, String>();
    keys.forEach(key -> agreed(key, inside).ifPresent(value -> common.put(key, value)));
    return keys.stream()
        .flatMap(key -> candidates(key, keys.indexOf(key), inside, outside))
        .min(
            Comparator.comparingLong((Candidate c) -> -c.nodes())
                .thenComparingInt(Candidate::rank)
                .thenComparing(c -> c.label().value()))
        .map(Candidate::label)
        .or(() -> byName(zone, keys, inside, outside))
        .map(select -> new ZoneLabels(select, inside.isEmpty() ? only(select) : common));
  }

  private static Map<String, String> only(ZoneLabel label) {
    return Map.of(label.key(), label.value());
  }

  /** The value that all of them have. */
  private static Optional<String> agreed(String key, List<Labelled> nodes) {
    var values = new HashSet<Optional<String>>();
    nodes.forEach(n -> values.add(Optional.ofNullable(n.labels().get(key))));
    return values.size() == 1 ? values.iterator().next() : Optional.empty();
  }

  private static Stream<Candidate> candidates(
      String key, int rank, List<Labelled> inside, List<Labelled> outside) {
    var taken = values(key, outside);
    return values(key, inside).stream()
        .filter(value -> !taken.contains(value))
        .map(
            value ->
                new Candidate(
                    new ZoneLabel(key, value),
                    inside.stream().filter(n -> value.equals(n.labels().get(key))).count(),
                    rank));
  }

  private static Set<String> values(String key, List<Labelled> nodes) {
    var values = new HashSet<String>();
    nodes.stream().map(n -> n.labels().get(key)).filter(v -> v != null).forEach(values::add);
    return values;
  }

  /** The first label whose value is the zone's name on other nodes. */
  private static Optional<ZoneLabel> byName(
      String zone, List<String> keys, List<Labelled> inside, List<Labelled> outside) {
    return inside.isEmpty()
        ? keys.stream()
            .filter(key -> outside.stream().anyMatch(n -> n.zone().equals(n.labels().get(key))))
            .map(key -> new ZoneLabel(key, zone))
            .findFirst()
        : Optional.empty();
  }
}
