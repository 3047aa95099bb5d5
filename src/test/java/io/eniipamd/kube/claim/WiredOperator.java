package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.cloud.AddressReservations;
import io.eniipamd.cloud.Answer;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.Reservation;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.config.LiveConfig;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.ExpiryDuration;
import io.eniipamd.domain.claim.PodView;
import io.eniipamd.domain.node.SecurityGroupSettings;
import io.eniipamd.domain.release.AvalancheRule;
import io.eniipamd.domain.release.ReleaseSettings;
import io.eniipamd.domain.release.ReleaseSettingsBuilder;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.AddressOutcomes;
import io.eniipamd.kube.address.AddressReserver;
import io.eniipamd.kube.address.AddressSettings;
import io.eniipamd.kube.address.AddressSteps;
import io.eniipamd.kube.address.AddressTasks;
import io.eniipamd.kube.address.AddressesOfOthers;
import io.eniipamd.kube.address.AssignSteps;
import io.eniipamd.kube.address.DirectEniSpecs;
import io.eniipamd.kube.address.DirectEniSteps;
import io.eniipamd.kube.address.DirectRecords;
import io.eniipamd.kube.address.EniPlaces;
import io.eniipamd.kube.address.FreshChecks;
import io.eniipamd.kube.address.FullPlaces;
import io.eniipamd.kube.address.OwnEnis;
import io.eniipamd.kube.address.ParkSteps;
import io.eniipamd.kube.address.Quarantine;
import io.eniipamd.kube.address.RoomRefusals;
import io.eniipamd.kube.address.StrayCollector;
import io.eniipamd.kube.address.Subnets;
import io.eniipamd.kube.address.UnassignSteps;
import io.eniipamd.kube.address.VpcIpReconciler;
import io.eniipamd.kube.address.VpcIpStore;
import io.eniipamd.kube.address.WornAddresses;
import io.eniipamd.kube.journal.Journals;
import io.eniipamd.kube.node.DirectRooms;
import io.eniipamd.kube.node.NodeViews;
import io.eniipamd.kube.node.ZoneIndex;
import io.eniipamd.kube.release.Expiry;
import io.eniipamd.kube.release.LivingPods;
import io.eniipamd.kube.release.OwnerReferences;
import io.eniipamd.kube.release.OwnerResolver;
import io.eniipamd.kube.release.QuietRelease;
import io.eniipamd.kube.release.ReleaseGate;
import io.eniipamd.kube.release.ReleasePath;
import io.eniipamd.kube.release.Releases;
import io.eniipamd.kube.release.RetainedClaims;
import io.eniipamd.kube.release.SweepSettings;
import io.eniipamd.kube.release.Sweeper;
import io.eniipamd.kube.release.Workloads;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.EniDemand;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.FreshReads;
import io.eniipamd.kube.support.Leadership;
import io.eniipamd.kube.support.LeaseSettings;
import io.eniipamd.kube.support.NodesAsked;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimNode;
import io.eniipamd.kube.support.SlimPod;
import io.eniipamd.kube.support.SlimStatefulSet;
import io.eniipamd.kube.support.WriteThrottle;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The operator without its framework and without its nodes, put together as the wiring of {@code
 * app} does it: the one place to change when that changes.
 */
public record WiredOperator(
    KubernetesClient client,
    SharedCache<SlimPod> pods,
    SharedCache<VpcIPClaim> claims,
    SharedCache<VpcIP> vips,
    SharedCache<NodeENIConfig> necs,
    SharedCache<SlimNode> nodes,
    SharedCache<SlimStatefulSet> sets,
    StatefulSetReconciler setReconciler,
    PodReconciler podReconciler,
    PodAdmission podAdmission,
    ClaimReconciler claimReconciler,
    ClaimSteps claimSteps,
    VpcIpReconciler vpcIpReconciler,
    AddressBook book,
    Subnets subnets,
    Sweeper sweeper,
    StrayCollector strays,
    Leadership leadership) {

  /** What the tag of its ENIs says. */
  public static final String CLUSTER = "cls-a";

  /**
   * What the operator's own operator has set.
   *
   * @param expiry of the cluster
   * @param quarantine how long a released address stays unused
   * @param releasesPerSweep of fixed IPs
   * @param avalanche what pauses the releases by itself
   */
  public record Flags(
      ExpiryDuration expiry,
      boolean ownerReferences,
      Duration quarantine,
      int releasesPerSweep,
      AvalancheRule avalanche) {}

  /** Brings the operator's parts together; no request is sent yet. */
  public static WiredOperator wire(
      KubernetesClient client,
      VpcCloud cloud,
      java.util.function.Function<Leadership, EniOperations> operations,
      List<String> subnetIds,
      Flags flags,
      Clock clock,
      LongSupplier nanoTime) {
    var pods = new SharedCache<>(SlimPod.class);
    var nodes = new SharedCache<>(SlimNode.class);
    var sets = new SharedCache<>(SlimStatefulSet.class);
    var claims = new SharedCache<>(VpcIPClaim.class);
    var vips = new SharedCache<>(VpcIP.class);
    var necs = new SharedCache<>(NodeENIConfig.class);
    var book = new AddressBook(clock);
    vips.listen(book);
    Supplier<ReleaseSettings> settings = () -> settings(flags);
    var leadership =
        new Leadership(new LeaseSettings(Duration.ofSeconds(10), Duration.ZERO), nanoTime);
    var enis = operations.apply(leadership);
    var addressSettings = new AddressSettings(CLUSTER, subnetIds, flags.quarantine(), true);
    // The world of the tests has one thread.
    var sweeps = new SweepSettings(Duration.ofSeconds(30), 1);
    var subnets =
        new Subnets(
            cloud,
            book,
            new AddressesOfOthers(cloud, book, Runnable::run, nanoTime),
            addressSettings);
    var records = new VpcIpStore(client, book, Journals.none(), clock);
    var tasks = new CloudTasks(new Random(0));
    var demand = new EniDemand();
    var fresh = new FreshReads(client, clock);
    var events = new EventRecorder(client, clock);
    var owners = new OwnerResolver(client, Set.of());
    var ties = new OwnerReferences(owners, settings);
    var releases = new Releases(client, owners, clock);
    var expiry = new Expiry(settings);
    var retained = new RetainedClaims(expiry, new LivingPods(pods));
    var gate =
        new ReleaseGate(
            settings, sweeps, retained, QuietRelease.noAvalanche(), QuietRelease.unheard(), clock);
    var path = new ReleasePath(gate, fresh, releases);
    var sweeper =
        new Sweeper(
            claims,
            retained,
            expiry,
            gate,
            path,
            fresh,
            leadership,
            events,
            skew -> {},
            sweeps,
            clock);
    var reserving =
        new AddressReserver(NOT_OFFERED, records, vips, claims, tasks, events, settings, clock);
    var own = new OwnEnis(cloud, necs, nodes, addressSettings, Runnable::run, clock);
    var full = new FullPlaces(nanoTime);
    var strays =
        new StrayCollector(cloud, necs, own, book, records, events, addressSettings, gate, clock);
    var noRoom = new RoomRefusals(full, strays, own, book);
    var checks = new FreshChecks(client, claims, fresh, own);
    var outcomes = new AddressOutcomes(client, claims, records, checks, events, clock);
    var addressTasks = new AddressTasks(vips, tasks, checks, outcomes, events);
    var directs = new DirectRecords(records);
    var addressSteps =
        new AddressSteps(
            book,
            records,
            checks,
            new AssignSteps(
                claims,
                book,
                records,
                enis,
                own,
                reserving,
                addressTasks,
                checks,
                outcomes,
                events,
                noRoom),
            new ParkSteps(enis, reserving, addressTasks, checks, outcomes),
            new UnassignSteps(
                book,
                enis,
                reserving,
                addressTasks,
                checks,
                outcomes,
                events,
                new Quarantine(addressSettings, nanoTime)),
            new DirectEniSteps(
                enis,
                own,
                addressTasks,
                checks,
                outcomes,
                directs,
                book,
                new DirectEniSpecs(own, necs, () -> new SecurityGroupSettings(false, List.of())),
                claims,
                events,
                noRoom),
            events,
            gate);
    var vpcIpReconciler = new VpcIpReconciler(vips, claims, book, addressSteps, records, tasks);
    var views = new NodeViews(necs, nodes, own, full, book);
    var rooms = new DirectRooms(necs, nodes, subnets, book, full);
    var workloads = new Workloads(client, sets, settings);
    var preemptions = new Preemptions();
    var throttle = new WriteThrottle(1000, nanoTime);
    var waits = new Waits(nanoTime);
    var memory = new ClaimMemory(demand, waits, preemptions, gate);
    var retention =
        new RetentionSteps(
            book,
            records,
            directs,
            fresh,
            ties,
            expiry,
            preemptions,
            memory,
            throttle,
            new NodesAsked(fresh, nanoTime),
            views);
    var holders = new ClaimLookup(claims);
    var requests = new PodRequestReader(sets);
    var worn = new WornAddresses(book, own, tasks, pods, claims, nanoTime);
    var places = new EniPlaces(book, own, tasks, claims, nanoTime);
    var destinations = new Destinations(book, new ZoneIndex(nodes, necs), subnets);
    var waiting = new WaitSteps(book, waits, throttle);
    var unanswered = new UnansweredRecords(client, book, leadership);
    var finalizer = new ClaimFinalizer(client, claims);
    var claimSteps =
        new ClaimSteps(
            new WrittenClaims(claims, Journals.none()),
            pods,
            events,
            clock,
            finalizer,
            memory,
            waiting,
            new AllocationSteps(
                book,
                records,
                directs,
                rooms,
                unanswered,
                worn,
                requests,
                fresh,
                new WarmYields(book, records),
                waiting),
            new PlacementSteps(
                book,
                records,
                directs,
                fresh,
                demand,
                places,
                new PreemptionVictims(book, holders, claims, preemptions),
                new Binder(book, ties, expiry, memory, NO_OBSERVER, clock),
                waiting),
            retention,
            new ReleaseSteps(
                book,
                records,
                path,
                workloads,
                unanswered,
                finalizer,
                memory,
                throttle,
                NO_OBSERVER));
    var gatherer =
        new ClaimGatherer(
            pods,
            book,
            views,
            holders,
            new RetentionGatherer(pods, book, views, gate, workloads, expiry, preemptions, clock),
            worn,
            requests,
            places,
            destinations,
            rooms);
    var claimReconciler =
        new ClaimReconciler(
            claims, pods, vips, nodes, necs, book, workloads, ties, gatherer, claimSteps);
    var decisions = new GateDecisions(claims, requests, destinations);
    var podReconciler =
        new PodReconciler(
            client,
            pods,
            claims,
            ties,
            worn,
            requests,
            new SchedulingGate(client, decisions),
            events,
            nanoTime);
    return new WiredOperator(
        client,
        pods,
        claims,
        vips,
        necs,
        nodes,
        sets,
        new StatefulSetReconciler(sets, claims, ties, events),
        podReconciler,
        new PodAdmission(requests, decisions),
        claimReconciler,
        claimSteps,
        vpcIpReconciler,
        book,
        subnets,
        sweeper,
        strays,
        leadership);
  }

  /** What happens when the process becomes the leader, before it looks at the first object. */
  public void lead() {
    var listed = client.resources(VpcIP.class).list();
    book.replaceBy(listed.getItems(), listed.getMetadata().getResourceVersion());
    subnets.refresh();
    leadership.started();
  }

  /** A Pod as the decisions see it. */
  PodView view(SlimPod pod) {
    return new PodRequestReader(sets).view(pod);
  }

  private static ReleaseSettings settings(Flags flags) {
    return ReleaseSettingsBuilder.builder(LiveConfig.DEFAULTS.releases())
        .expiry(flags.expiry())
        .cascade(flags.ownerReferences())
        .perWindow(flags.releasesPerSweep())
        .avalanche(flags.avalanche())
        .build();
  }

  /** This cloud does not offer reservations. */
  public static final AddressReservations NOT_OFFERED =
      new AddressReservations() {
        @Override
        public CompletionStage<Answer<Reservation>> reserve(String subnetId, Ip address) {
          return CompletableFuture.completedStage(new Answer.Unknown<>("not offered"));
        }

        @Override
        public CompletionStage<Answer<EniOperations.Done>> unreserve(
            Ip address, BooleanSupplier stillWanted) {
          return CompletableFuture.completedStage(new Answer.Unknown<>("not offered"));
        }

        @Override
        public CompletionStage<EniOperations.Done> assignReserved(
            String eniId, Ip address, boolean mayBeThere) {
          throw new AssertionError("nothing is reserved");
        }
      };

  private static final ClaimObserver NO_OBSERVER =
      new ClaimObserver() {
        @Override
        public void bound(Duration sincePodCreation) {}

        @Override
        public void released(VpcIPClaim claim, ReleaseReason reason) {}
      };
}
