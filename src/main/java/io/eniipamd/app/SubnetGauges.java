package io.eniipamd.app;

import io.eniipamd.cloud.Subnet;
import io.eniipamd.domain.node.SubnetQuotaUse;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.SubnetCounts.Holder;
import io.eniipamd.kube.address.Subnets;
import io.eniipamd.kube.support.Leadership;
import io.eniipamd.metrics.SubnetMetrics;
import io.eniipamd.metrics.SubnetUse;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;

/** Shows how the addresses of each subnet are used. It sends no request, and walks no addresses. */
@Singleton
public class SubnetGauges {
  private final Subnets subnets;
  private final AddressBook book;
  private final Leadership leadership;
  private final SubnetMetrics metrics;

  SubnetGauges(Subnets subnets, AddressBook book, Leadership leadership, SubnetMetrics metrics) {
    this.subnets = subnets;
    this.book = book;
    this.leadership = leadership;
    this.metrics = metrics;
  }

  // Scrapes come every 15 s or less often.
  @Scheduled(every = "10s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void refresh() {
    metrics.show(leadership.leading() ? counted() : List.of());
  }

  private List<SubnetUse> counted() {
    return subnets.found().values().stream()
        .map(subnet -> use(subnet, book.counts().of(subnet.id())))
        .toList();
  }

  private SubnetUse use(Subnet subnet, Map<Holder, Long> held) {
    return new SubnetUse(
        subnet.id(),
        subnet.zone(),
        subnet.totalAddresses(),
        subnet.availableAddresses(),
        held.getOrDefault(Holder.POD, 0L),
        held.getOrDefault(Holder.ENI, 0L),
        held.getOrDefault(Holder.RETAINED, 0L),
        held.getOrDefault(Holder.WARM, 0L),
        held.getOrDefault(Holder.RELEASING, 0L),
        book.quota(subnet.id()).map(SubnetQuotaUse::quota));
  }
}
