package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.domain.claim.ExpiryDuration;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.AddressSteps;
import io.eniipamd.kube.address.IpRecords;
import io.eniipamd.kube.address.Subnets;
import io.eniipamd.kube.address.VpcIpReconciler;
import io.eniipamd.kube.node.NodeViews;
import io.eniipamd.kube.reclaim.Owners;
import io.eniipamd.kube.reclaim.Releases;
import io.eniipamd.kube.reclaim.Sweeper;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.EniDemand;
import io.eniipamd.kube.support.FreshReads;
import io.eniipamd.kube.support.Leadership;
import io.eniipamd.kube.support.People;
import io.eniipamd.kube.support.SlimPod;
import io.eniipamd.kube.support.Watched;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * The operator without its framework and without its nodes, put together as the wiring of {@code
 * app} does it: the one place to change when that changes.
 */
public record WiredOperator(
    KubernetesClient client,
    Watched<SlimPod> pods,
    Watched<VpcIPClaim> claims,
    Watched<VpcIP> vips,
    Watched<NodeENIConfig> necs,
    PodReconciler podReconciler,
    ClaimReconciler claimReconciler,
    VpcIpReconciler vpcIpReconciler,
    AddressBook book,
    Subnets subnets,
    Sweeper sweeper,
    Leadership leadership) {

  /**
   * What the operator's own operator has set.
   *
   * @param expiry of the cluster
   * @param rest how long a released address stays with nobody
   */
  public record Flags(ExpiryDuration expiry, boolean ownerReferences, Duration rest) {}

  /** Brings the operator's parts together; nothing is asked of anybody yet. */
  public static WiredOperator wire(
      KubernetesClient client,
      VpcCloud cloud,
      java.util.function.Function<Leadership, EniOperations> operations,
      List<String> subnetIds,
      Flags flags,
      Clock clock,
      LongSupplier nanoTime) {
    var pods = new Watched<>(SlimPod.class);
    var claims = new Watched<>(VpcIPClaim.class);
    var vips = new Watched<>(VpcIP.class);
    var necs = new Watched<>(NodeENIConfig.class);
    var book = new AddressBook(clock);
    vips.listen(book);
    var leadership = new Leadership(Duration.ofSeconds(10), nanoTime);
    var enis = operations.apply(leadership);
    var subnets = new Subnets(cloud, book, subnetIds);
    var records = new IpRecords(client, book, clock);
    var tasks = new CloudTasks();
    var demand = new EniDemand();
    var fresh = new FreshReads(client, clock);
    var people = new People(client, clock);
    var owners = new Owners(client, flags.ownerReferences());
    var releases = new Releases(client, owners, clock);
    var expiry = new Expiry(flags.expiry());
    var sweeper = new Sweeper(claims, expiry::due, releases, fresh, leadership, people, clock);
    var addressSteps =
        new AddressSteps(
            client, vips, claims, book, records, enis, tasks, fresh, people, flags.rest(), clock);
    var vpcIpReconciler = new VpcIpReconciler(vips, claims, book, addressSteps, records, tasks);
    var claimSteps =
        new ClaimSteps(
            client, claims, pods, book, records, demand, fresh, releases, owners, expiry, people,
            NOBODY, clock);
    var gatherer = new ClaimGatherer(pods, book, new NodeViews(necs, book));
    var claimReconciler = new ClaimReconciler(claims, pods, vips, necs, book, gatherer, claimSteps);
    var podReconciler = new PodReconciler(client, pods, claims, owners, people, nanoTime);
    return new WiredOperator(
        client,
        pods,
        claims,
        vips,
        necs,
        podReconciler,
        claimReconciler,
        vpcIpReconciler,
        book,
        subnets,
        sweeper,
        leadership);
  }

  /** What happens when the process becomes the leader, before it looks at the first object. */
  public void lead() {
    book.replaceBy(client.resources(VpcIP.class).list().getItems());
    subnets.refresh();
    leadership.started();
  }

  private static final ClaimObserver NOBODY =
      new ClaimObserver() {
        @Override
        public void bound(Duration sincePodCreation) {}

        @Override
        public void released(ReleaseReason reason) {}
      };
}
