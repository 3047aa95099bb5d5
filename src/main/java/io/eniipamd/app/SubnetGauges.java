package io.eniipamd.app;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.ClaimRef;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.Subnets;
import io.eniipamd.kube.support.Leadership;
import io.eniipamd.kube.support.Watched;
import io.eniipamd.metrics.IpamMetrics;
import io.eniipamd.metrics.SubnetUse;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts the addresses of each subnet from the caches; it asks nobody. */
@Singleton
public class SubnetGauges {

  /** What holds an address. */
  enum Holder {
    POD,
    ENI,
    RETAINED,
    WARM,
    RESTING
  }

  private final Subnets subnets;
  private final AddressBook book;
  private final Watched<VpcIPClaim> claims;
  private final Leadership leadership;
  private final IpamMetrics metrics;

  SubnetGauges(
      Subnets subnets,
      AddressBook book,
      Watched<VpcIPClaim> claims,
      Leadership leadership,
      IpamMetrics metrics) {
    this.subnets = subnets;
    this.book = book;
    this.claims = claims;
    this.leadership = leadership;
    this.metrics = metrics;
  }

  // Scrapes come every 15 s or less often; a pass over 100,000 addresses takes some milliseconds.
  @Scheduled(every = "10s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void refresh() {
    metrics.subnets(leadership.leading() ? counted() : List.of());
  }

  private List<SubnetUse> counted() {
    Map<String, Map<Holder, Long>> held = new HashMap<>();
    for (VpcIP address : book.all()) {
      held.computeIfAbsent(address.getSpec().subnetId(), id -> new EnumMap<>(Holder.class))
          .merge(holderOf(address), 1L, Long::sum);
    }
    return subnets.found().values().stream()
        .map(subnet -> use(subnet, held.getOrDefault(subnet.id(), Map.of())))
        .toList();
  }

  private static SubnetUse use(Subnet subnet, Map<Holder, Long> held) {
    return new SubnetUse(
        subnet.id(),
        subnet.zone(),
        subnet.totalAddresses(),
        subnet.availableAddresses(),
        held.getOrDefault(Holder.POD, 0L),
        held.getOrDefault(Holder.ENI, 0L),
        held.getOrDefault(Holder.RETAINED, 0L),
        held.getOrDefault(Holder.WARM, 0L),
        held.getOrDefault(Holder.RESTING, 0L));
  }

  private Holder holderOf(VpcIP address) {
    return switch (address.statusOrEmpty().phase()) {
      case RELEASING, QUARANTINED -> Holder.RESTING;
      case AVAILABLE -> Holder.WARM;
      case ATTACHING, ASSIGNED, HELD, UNKNOWN -> {
        if (address.getSpec().type() == VpcIPType.ENI) {
          yield Holder.ENI;
        }
        yield retained(address.getSpec().claimRef()) ? Holder.RETAINED : Holder.POD;
      }
    };
  }

  private boolean retained(ClaimRef claim) {
    return claim != null
        && claims
            .get(claim.namespace(), claim.name())
            .filter(found -> found.statusOrEmpty().phase() == ClaimPhase.RETAINED)
            .isPresent();
  }
}
