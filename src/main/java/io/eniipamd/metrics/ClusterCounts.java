package io.eniipamd.metrics;

import java.util.Map;

/**
 * How many objects of the cluster are in which state. All words are of small, closed sets, but for
 * the zones.
 *
 * @param claims by phase and delete policy
 * @param podsWaiting by the reason
 * @param nodesWithoutEni by the reason
 * @param slots by availability zone
 * @param retainedByAge retained claims by how long ago their Pods ended
 * @param retainedByDue retained claims by how far off their release is
 */
public record ClusterCounts(
    Map<ClaimState, Long> claims,
    Map<String, Long> podsWaiting,
    Map<String, Long> nodesWithoutEni,
    Map<String, Slots> slots,
    Map<String, Long> retainedByAge,
    Map<String, Long> retainedByDue) {

  /** What a process reports that does not lead: no series at all. */
  public static final ClusterCounts NONE =
      new ClusterCounts(Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of());

  /** What claims are counted by. */
  public record ClaimState(String phase, String deletePolicy) {}

  /** Slots for Pods' addresses on the nodes of a zone. */
  public record Slots(long offered, long used) {
    /** Those of both. */
    public Slots plus(Slots other) {
      return new Slots(offered + other.offered, used + other.used);
    }
  }

  public ClusterCounts {
    claims = Map.copyOf(claims);
    podsWaiting = Map.copyOf(podsWaiting);
    nodesWithoutEni = Map.copyOf(nodesWithoutEni);
    slots = Map.copyOf(slots);
    retainedByAge = Map.copyOf(retainedByAge);
    retainedByDue = Map.copyOf(retainedByDue);
  }
}
