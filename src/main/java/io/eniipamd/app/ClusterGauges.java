package io.eniipamd.app;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.release.DueTimes;
import io.eniipamd.kube.support.Leadership;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.metrics.ClusterCounts;
import io.eniipamd.metrics.ClusterMetrics;
import io.quarkus.scheduler.Scheduled;
import jakarta.inject.Singleton;
import java.time.Clock;

/** Shows how many claims and nodes are in which state: one pass over the caches, no request. */
@Singleton
public class ClusterGauges {
  private final SharedCache<VpcIPClaim> claims;
  private final SharedCache<NodeENIConfig> necs;
  private final AddressBook book;
  private final DueTimes dueTimes;
  private final Leadership leadership;
  private final ClusterMetrics metrics;
  private final Clock clock;

  ClusterGauges(
      SharedCache<VpcIPClaim> claims,
      SharedCache<NodeENIConfig> necs,
      AddressBook book,
      DueTimes dueTimes,
      Leadership leadership,
      ClusterMetrics metrics,
      Clock clock) {
    this.claims = claims;
    this.necs = necs;
    this.book = book;
    this.dueTimes = dueTimes;
    this.leadership = leadership;
    this.metrics = metrics;
    this.clock = clock;
  }

  // Scrapes come every 15 s or less often, and however many come, this is one pass.
  @Scheduled(every = "10s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
  void refresh() {
    metrics.show(leadership.leading() ? counted() : ClusterCounts.NONE);
  }

  private ClusterCounts counted() {
    var census = new Census(dueTimes, book::used, clock.instant());
    claims.all().forEach(census::claim);
    necs.all().forEach(census::node);
    return census.counts();
  }
}
