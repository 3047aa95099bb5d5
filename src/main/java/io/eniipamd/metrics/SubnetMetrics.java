package io.eniipamd.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** The part of {@link IpamMetrics} of subnets. Series of a subnet vanish with the subnet. */
@Singleton
public final class SubnetMetrics {
  private final MultiGauge total;
  private final MultiGauge available;
  private final MultiGauge used;
  private final MultiGauge quota;
  private final MultiGauge quotaUsed;

  public SubnetMetrics(MeterRegistry registry) {
    total =
        MultiGauge.builder("ipamd.subnet.addresses")
            .description("Usable addresses of the subnet, as reported by the cloud.")
            .register(registry);
    available =
        MultiGauge.builder("ipamd.subnet.available.addresses")
            .description("Free addresses of the subnet, as reported by the cloud.")
            .register(registry);
    used =
        MultiGauge.builder("ipamd.subnet.used.addresses")
            .description("Addresses of the subnet that this cluster uses, by what uses them.")
            .register(registry);
    quota =
        MultiGauge.builder("ipamd.subnet.quota.addresses")
            .description("Addresses of the subnet that this cluster may take, by its quota.")
            .register(registry);
    quotaUsed =
        MultiGauge.builder("ipamd.subnet.quota.used.ratio")
            .description("The part of the quota of the subnet that this cluster uses.")
            .register(registry);
  }

  /**
   * All subnets, as they are now. Series of those that are not among them vanish, and so do those
   * of a quota that is gone.
   */
  public void show(Collection<SubnetUse> subnets) {
    total.register(rows(subnets, s -> Stream.of(Row.of(tags(s), s.total()))), true);
    available.register(rows(subnets, s -> Stream.of(Row.of(tags(s), s.available()))), true);
    used.register(rows(subnets, SubnetMetrics::usedRows), true);
    quota.register(rows(subnets, s -> s.quota().stream().map(q -> Row.of(tags(s), q))), true);
    quotaUsed.register(
        rows(subnets, s -> s.quotaUsed().stream().map(share -> Row.of(tags(s), share))), true);
  }

  private static List<Row<?>> rows(
      Collection<SubnetUse> subnets, Function<SubnetUse, Stream<Row<?>>> rowsOf) {
    List<Row<?>> rows = new ArrayList<>();
    subnets.forEach(subnet -> rowsOf.apply(subnet).forEach(rows::add));
    return rows;
  }

  private static Stream<Row<?>> usedRows(SubnetUse subnet) {
    return Stream.of(
        usedRow(subnet, "pod", subnet.pods()),
        usedRow(subnet, "eni", subnet.enis()),
        usedRow(subnet, "retained", subnet.retained()),
        usedRow(subnet, "warm", subnet.warm()),
        usedRow(subnet, "releasing", subnet.releasing()));
  }

  private static Row<?> usedRow(SubnetUse subnet, String by, long addresses) {
    return Row.of(tags(subnet).and("by", by), addresses);
  }

  private static Tags tags(SubnetUse subnet) {
    return Tags.of("subnet", subnet.id(), "zone", subnet.zone());
  }
}
