package io.eniipamd.kube.node;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.cloud.AddressReservations;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.AddressesOfOthers;
import io.eniipamd.kube.address.FullPlaces;
import io.eniipamd.kube.address.OwnEnis;
import io.eniipamd.kube.address.PlainAddresses;
import io.eniipamd.kube.address.StrayCollector;
import io.eniipamd.kube.address.Subnets;
import io.eniipamd.kube.address.VpcIpStore;
import io.eniipamd.kube.inventory.Inventory;
import io.eniipamd.kube.inventory.InventoryReads;
import io.eniipamd.kube.inventory.InventoryRepairs;
import io.eniipamd.kube.inventory.InventorySettings;
import io.eniipamd.kube.journal.Journals;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.EniDemand;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.ReleaseHold;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import io.eniipamd.metrics.IpamMetrics;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;

/** All that works on nodes and their ENIs, on one thread and as the container puts it together. */
public record WiredNodes(
    KubernetesClient client,
    SharedCache<SlimNode> nodes,
    SharedCache<NodeENIConfig> necs,
    SharedCache<VpcIP> vips,
    Reconciler<SlimNode> nodeReconciler,
    Reconciler<NodeENIConfig> eniReconciler,
    NodeViews views,
    AddressBook book,
    EniDemand demand,
    Subnets subnets,
    StrayCollector strays,
    IdleEnis idle,
    SubnetTides tides,
    Inventory inventory) {

  /** What the tag of its ENIs says. */
  public static final String CLUSTER = "cls-a";

  public static final Duration LEAVE_DELAY = Duration.ofMinutes(2);
  public static final Duration SHRINK_DELAY = Duration.ofMinutes(10);

  /** Brings the parts together; no request is sent yet. */
  public static WiredNodes wire(
      KubernetesClient client,
      VpcCloud cloud,
      EniOperations operations,
      AddressReservations reservations,
      List<String> subnetIds,
      Clock clock,
      LongSupplier nanoTime) {
    var necs = new SharedCache<>(NodeENIConfig.class);
    var nodes = new SharedCache<>(SlimNode.class);
    var vips = new SharedCache<>(VpcIP.class);
    var book = new AddressBook(clock);
    vips.listen(book);
    var addresses = PlainAddresses.in(subnetIds);
    var subnets =
        new Subnets(
            cloud, book, new AddressesOfOthers(cloud, book, Runnable::run, nanoTime), addresses);
    var own = new OwnEnis(cloud, necs, nodes, addresses, Runnable::run, clock);
    var full = new FullPlaces(nanoTime);
    var events = new EventRecorder(client, clock);
    var records = new VpcIpStore(client, book, Journals.none(), clock);
    var strays =
        new StrayCollector(
            cloud, necs, own, book, records, events, addresses, ReleaseHold.NONE, clock);
    var settings = new NodeSettings(CLUSTER, LEAVE_DELAY, SHRINK_DELAY);
    var demand = new EniDemand();
    var parts =
        NodeParts.of(
            client,
            necs,
            nodes,
            book,
            new CloudTasks(new Random(0)),
            cloud,
            operations,
            settings,
            clock,
            nanoTime,
            Runnable::run);
    var nodeSubnets = parts.subnets(subnets, full);
    var tides = new SubnetTides(nodeSubnets, book, clock);
    var idle = new IdleEnis(necs, book, settings, clock);
    var enis =
        parts.reconciler(
            vips,
            own,
            full,
            nodeSubnets,
            tides,
            subnets,
            demand,
            new DirectDemand(new SharedCache<>(VpcIPClaim.class), necs),
            idle);
    tides.onTurn(enis::enqueueAll);
    var metrics = new IpamMetrics(new SimpleMeterRegistry());
    var inventorySettings = new InventorySettings(CLUSTER, true, Duration.ofMinutes(5));
    var inventory =
        new Inventory(
            new InventoryReads(cloud, necs, vips, book, inventorySettings),
            new InventoryRepairs(
                parts.unowned(own),
                strays,
                reservations,
                book,
                ReleaseHold.NONE,
                metrics,
                inventorySettings),
            necs,
            vips,
            events,
            (_, _) -> {},
            metrics,
            inventorySettings,
            clock);
    return new WiredNodes(
        client,
        nodes,
        necs,
        vips,
        new NodeReconciler(
            client, nodes, necs, own, new NodeTaint(client, new NodeTaint.Settings(false))),
        enis,
        new NodeViews(necs, nodes, own, full, book),
        book,
        demand,
        subnets,
        strays,
        idle,
        tides,
        inventory);
  }

  /** What happens when the process becomes the leader, before it looks at the first object. */
  public void lead() {
    var listed = client.resources(VpcIP.class).list();
    book.replaceBy(listed.getItems(), listed.getMetadata().getResourceVersion());
    subnets.refresh();
  }
}
