package io.eniipamd.metrics;

import io.eniipamd.metrics.ClusterCounts.Slots;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/** The part of {@link IpamMetrics} that counts the objects of the cluster by their state. */
@Singleton
public final class ClusterMetrics {
  private final MultiGauge claims;
  private final MultiGauge podsWaiting;
  private final MultiGauge nodesWithoutEni;
  private final MultiGauge slotsOffered;
  private final MultiGauge slotsUsed;
  private final MultiGauge retainedByAge;
  private final MultiGauge retainedByDue;

  public ClusterMetrics(MeterRegistry registry) {
    claims = gauge(registry, "ipamd.claims", "Claims, by phase and delete policy.");
    podsWaiting =
        gauge(
            registry,
            "ipamd.pods.waiting",
            "Pods that wait for their address, by the reason of the condition Ready of the claim.");
    nodesWithoutEni =
        gauge(
            registry,
            "ipamd.nodes.without.eni",
            "Nodes that have no ENI for Pods, by the reason of the condition Ready.");
    slotsOffered =
        gauge(registry, "ipamd.slots.offered", "Slots that the nodes offer to the scheduler.");
    slotsUsed = gauge(registry, "ipamd.slots.used", "Slots of the nodes' ENIs that are in use.");
    retainedByAge =
        gauge(
            registry,
            "ipamd.retained.claims.by.age",
            "Retained claims, by how long ago their Pods ended.");
    retainedByDue =
        gauge(
            registry,
            "ipamd.retained.claims.by.due",
            "Retained claims, by how far off their release is.");
  }

  /** The cluster, as it is now. Series of what is not in it vanish. */
  public void show(ClusterCounts now) {
    claims.register(
        now.claims().entrySet().stream()
            .<Row<?>>map(
                e ->
                    Row.of(
                        Tags.of(
                            "phase",
                            e.getKey().phase(),
                            "delete_policy",
                            e.getKey().deletePolicy()),
                        e.getValue()))
            .toList(),
        true);
    podsWaiting.register(rows("reason", now.podsWaiting(), Long::longValue), true);
    nodesWithoutEni.register(rows("reason", now.nodesWithoutEni(), Long::longValue), true);
    slotsOffered.register(rows("zone", now.slots(), Slots::offered), true);
    slotsUsed.register(rows("zone", now.slots(), Slots::used), true);
    retainedByAge.register(rows("age", now.retainedByAge(), Long::longValue), true);
    retainedByDue.register(rows("due", now.retainedByDue(), Long::longValue), true);
  }

  private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
    return MultiGauge.builder(name).description(description).register(registry);
  }

  private static <T> List<Row<?>> rows(
      String label, Map<String, T> counts, ToLongFunction<T> value) {
    return counts.entrySet().stream()
        .map(e -> Row.of(Tags.of(label, e.getKey()), value.applyAsLong(e.getValue())))
        .collect(Collectors.toList());
  }
}
