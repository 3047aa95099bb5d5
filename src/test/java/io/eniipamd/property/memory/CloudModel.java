package io.eniipamd.property.memory;

import io.eniipamd.cloud.Answer;
import io.eniipamd.cloud.AttachMode;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.EniLimits;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.cloud.Fence;
import io.eniipamd.cloud.Instance;
import io.eniipamd.cloud.Listing;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.NetworkInterface.Address;
import io.eniipamd.cloud.NetworkInterface.AddressState;
import io.eniipamd.cloud.Reservation;
import io.eniipamd.cloud.ReservationQuery;
import io.eniipamd.cloud.ReservationSpec;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.cloud.Task;
import io.eniipamd.cloud.UsedAddresses;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.cloud.VpcLimits;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.kube.claim.WiredOperator;
import io.eniipamd.kube.support.EniTags;
import io.eniipamd.property.Action.CloudProblem;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The cloud as {@link EniOperations} promises it, one operation a step: what is asked waits until
 * the world sends it, has its effect in one moment, and is answered in another. Operations on one
 * ENI go one after the other, for each operator by itself.
 */
final class CloudModel {

  /** Hears of an effect right before it happens. */
  interface Witness {
    /** A changing call is about this ENI, whether it changes something or not. */
    void touching(String eniId, String what);

    void assigning(String eniId, Ip ip);

    void unassigning(String eniId, Ip ip);

    void migrating(String fromEniId, String toEniId, Ip ip);
  }

  /** Who sends, and may die at it. */
  interface Sender {
    boolean dead();

    /** Does what makes the change; may die before or after. */
    void change(Runnable effect);
  }

  private static final class Eni {
    final String cluster;
    String node;
    Optional<String> instance;
    final Ip primary;
    int slots;
    final Set<Ip> addresses = new TreeSet<>();

    Eni(String cluster, String node, String instance, Ip primary, int slots) {
      this.cluster = cluster;
      this.node = node;
      this.instance = Optional.of(instance);
      this.primary = primary;
      this.slots = slots;
    }
  }

  /** One operation that was asked for. */
  final class Operation {
    private final Sender sender;
    private final String eniId;
    private final String what;
    private final Runnable beforeSending;
    private final Runnable effect;
    private final CompletableFuture<EniOperations.Done> done = new CompletableFuture<>();
    private Optional<Runnable> answer = Optional.empty();

    Operation(Sender sender, String eniId, String what, Runnable beforeSending, Runnable effect) {
      this.sender = sender;
      this.eniId = eniId;
      this.what = what;
      this.beforeSending = beforeSending;
      this.effect = effect;
    }

    /** The next step: it is sent, or its answer arrives. */
    void step() {
      if (sender.dead()) {
        operations.remove(this);
        return;
      }
      if (answer.isPresent()) {
        operations.remove(this);
        answer.get().run();
        return;
      }
      try {
        answer = Optional.of(sent());
      } catch (Mortality.Death e) {
        operations.remove(this);
      }
    }

    private Runnable sent() {
      calls++;
      try {
        beforeSending.run();
        var problem = Optional.ofNullable(problems.poll());
        problem.filter(t -> t != CloudProblem.LOST_AFTER).ifPresent(this::fail);
        sender.change(effect);
        problem.ifPresent(this::fail);
        requests++;
        var request = "request-" + requests;
        return () -> done.complete(new EniOperations.Done(request));
      } catch (CloudException e) {
        return () -> done.completeExceptionally(e);
      }
    }

    private void fail(CloudProblem problem) {
      throw switch (problem) {
        case LOST_BEFORE, LOST_AFTER -> failure(Kind.TRANSIENT, what, "no answer");
        case THROTTLED -> failure(Kind.THROTTLED, what, "too many requests");
        case REFUSED -> failure(Kind.DENIED, what, "not allowed");
      };
    }

    @Override
    public String toString() {
      return what + (answer.isPresent() ? " (answer)" : "");
    }
  }

  private final List<Subnet> subnets;
  private final Witness witness;
  private final Map<String, Eni> enis = new TreeMap<>();
  private final Set<Ip> strangers = new TreeSet<>();
  private final Set<Ip> takenOff = new TreeSet<>();
  private final List<String> lookedAt = new ArrayList<>();
  private final List<Operation> operations = new ArrayList<>();
  private final Deque<CloudProblem> problems = new ArrayDeque<>();
  private long calls;
  private long requests;

  CloudModel(List<Subnet> subnets, Witness witness) {
    this.subnets = List.copyOf(subnets);
    this.witness = witness;
  }

  void addEni(String id, String node, String instance, Ip primary, int slots) {
    enis.put(id, new Eni(WiredOperator.CLUSTER, node, instance, primary, slots));
  }

  /** The ENI is gone, with all its addresses. */
  void removeEni(String id) {
    enis.remove(id);
  }

  /** The machine of an ENI is no node any more; it runs on. */
  void leaveNode(String id) {
    enis.get(id).node = "";
  }

  /** The ENI is taken off its machine, with all its addresses. */
  void detach(String id) {
    enis.get(id).node = "";
    enis.get(id).instance = Optional.empty();
  }

  /** Whether the ENI is on a machine, be it a node's or not. */
  boolean isAttached(String eniId) {
    return Optional.ofNullable(enis.get(eniId)).flatMap(eni -> eni.instance).isPresent();
  }

  /** The cloud puts no more than so many addresses on an ENI, whatever the records say. */
  void limit(String eniId, int slots) {
    enis.get(eniId).slots = slots;
  }

  boolean exists(String eniId) {
    return enis.containsKey(eniId);
  }

  /** The ENIs that were looked at since this was asked last. */
  List<String> takeLooks() {
    var looks = List.copyOf(lookedAt);
    lookedAt.clear();
    return looks;
  }

  /** Whether the ENI is on that node's machine. */
  boolean isOn(String eniId, String node) {
    return enis.containsKey(eniId) && enis.get(eniId).node.equals(node);
  }

  /** A user takes an address off its ENI. */
  void takeOff(Ip ip) {
    if (enis.values().stream().anyMatch(e -> e.addresses.remove(ip))) {
      takenOff.add(ip);
    }
  }

  /** Whether an address was taken off by hand, and is on no ENI since. */
  boolean wasTakenOff(Ip ip) {
    return takenOff.contains(ip) && eniOf(ip).isEmpty();
  }

  /** An ENI of another cluster of the VPC, and what its Pods use. */
  void addForeignEni(String id, Ip primary, int slots) {
    enis.put(id, new Eni("cls-of-others", "node-of-others", "ins-ofothers", primary, slots));
  }

  /** The other cluster gives a free address to a Pod of its own. */
  boolean foreignPodTakes(String eniId, Ip ip) {
    return eniOf(ip).isEmpty() && !strangers.contains(ip) && enis.get(eniId).addresses.add(ip);
  }

  /** The Pods of the other cluster end. */
  void foreignPodsLeave(String eniId) {
    enis.get(eniId).addresses.clear();
  }

  /** An address turns out to be on another ENI. */
  void movedTo(Ip ip, String eniId) {
    enis.values().forEach(e -> e.addresses.remove(ip));
    enis.get(eniId).addresses.add(ip);
  }

  /** The addresses that the other cluster has on an ENI. */
  Set<Ip> addressesOn(String eniId) {
    return Set.copyOf(enis.get(eniId).addresses);
  }

  /** The next operations that are sent meet this, one each. */
  void problem(CloudProblem next) {
    problems.add(next);
  }

  void endProblems() {
    problems.clear();
  }

  /** A user of the VPC takes a free address. */
  boolean strangerTakes(Ip ip) {
    return eniOf(ip).isEmpty() && strangers.add(ip);
  }

  void strangersLeave() {
    strangers.clear();
  }

  Set<Ip> strangers() {
    return Set.copyOf(strangers);
  }

  /** The ENI that an address is on. */
  Optional<String> eniOf(Ip ip) {
    return enis.entrySet().stream()
        .filter(e -> e.getValue().addresses.contains(ip) || e.getValue().primary.equals(ip))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** All secondary addresses on this cluster's ENIs. */
  Set<Ip> addresses() {
    var all = new TreeSet<Ip>();
    enis.values().stream()
        .filter(e -> e.cluster.equals(WiredOperator.CLUSTER))
        .forEach(e -> all.addAll(e.addresses));
    return all;
  }

  /** Whether the ENI is another cluster's. */
  boolean isOthers(String eniId) {
    return Optional.ofNullable(enis.get(eniId))
        .filter(e -> !e.cluster.equals(WiredOperator.CLUSTER))
        .isPresent();
  }

  /** How many operations were sent. */
  long calls() {
    return calls;
  }

  /** The operations that can go on: the first of each operator on each ENI. */
  List<Operation> ready() {
    var ready = new ArrayList<Operation>();
    for (var operation : operations) {
      boolean first =
          ready.stream()
              .noneMatch(o -> o.sender == operation.sender && o.eniId.equals(operation.eniId));
      if (first) {
        ready.add(operation);
      }
    }
    return ready;
  }

  private Eni existing(String id, String what) {
    var eni = enis.get(id);
    if (eni == null) {
      throw failure(Kind.NOT_FOUND, what, "there is no such ENI");
    }
    return eni;
  }

  private static CloudException failure(Kind kind, String what, String detail) {
    return new CloudException(kind, what, "Ordered", detail, null, null);
  }

  private void assign(String eniId, Ip ip, String what) {
    var eni = existing(eniId, what);
    witness.touching(eniId, what);
    if (eni.addresses.contains(ip)) {
      return;
    }
    if (strangers.contains(ip) || eniOf(ip).isPresent()) {
      throw failure(Kind.ADDRESS_TAKEN, what, "the address is in use by another user of the VPC");
    }
    if (eni.addresses.size() >= eni.slots) {
      throw failure(Kind.QUOTA, what, "the ENI is full");
    }
    witness.assigning(eniId, ip);
    eni.addresses.add(ip);
  }

  private void unassign(String eniId, Ip ip, String what) {
    var eni = enis.get(eniId);
    witness.touching(eniId, what);
    if (eni != null && eni.addresses.contains(ip)) {
      witness.unassigning(eniId, ip);
      eni.addresses.remove(ip);
    }
  }

  private void migrate(String fromEniId, String toEniId, Ip ip, String what) {
    var from = existing(fromEniId, what);
    var to = existing(toEniId, what);
    witness.touching(fromEniId, what);
    witness.touching(toEniId, what);
    if (to.addresses.contains(ip)) {
      return;
    }
    if (!from.addresses.contains(ip)) {
      throw failure(Kind.NOT_FOUND, what, "it is not there");
    }
    if (to.addresses.size() >= to.slots) {
      throw failure(Kind.QUOTA, what, "the ENI is full");
    }
    witness.migrating(fromEniId, toEniId, ip);
    from.addresses.remove(ip);
    to.addresses.add(ip);
  }

  /** The operations as one operator has them. */
  EniOperations of(Sender sender, Fence fence) {
    return new EniOperations() {
      @Override
      public CompletionStage<Done> assign(String eniId, Ip address, boolean mayBeThere) {
        var what = "assigning " + address + " to " + eniId;
        return ask(
            eniId,
            what,
            () -> fence.check(what),
            () -> CloudModel.this.assign(eniId, address, what));
      }

      @Override
      public CompletionStage<Done> unassign(String eniId, Ip address, BooleanSupplier stillWanted) {
        var what = "unassigning " + address + " from " + eniId;
        return ask(
            eniId,
            what,
            () -> {
              fence.check(what);
              if (!wanted(stillWanted, what)) {
                throw failure(Kind.TRANSIENT, what, "withdrawn: no longer needed");
              }
            },
            () -> CloudModel.this.unassign(eniId, address, what));
      }

      @Override
      public CompletionStage<Done> migrate(String fromEniId, String toEniId, Ip address) {
        var what = "migrating " + address + " from " + fromEniId + " to " + toEniId;
        return ask(
            fromEniId,
            what,
            () -> fence.check(what),
            () -> CloudModel.this.migrate(fromEniId, toEniId, address, what));
      }

      private CompletionStage<Done> ask(
          String eniId, String what, Runnable beforeSending, Runnable effect) {
        var operation = new Operation(sender, eniId, what, beforeSending, effect);
        operations.add(operation);
        return operation.done;
      }

      @Override
      public CompletionStage<NetworkInterface> create(EniSpec spec, boolean mayBeThere) {
        throw new UnsupportedOperationException("nodes do not change here");
      }

      @Override
      public CompletionStage<NetworkInterface> attach(
          String eniId, String instanceId, AttachMode mode, String clientToken) {
        throw new UnsupportedOperationException("nodes do not change here");
      }

      @Override
      public CompletionStage<Done> detach(String eniId, Predicate<NetworkInterface> stillWanted) {
        throw new UnsupportedOperationException("nodes do not change here");
      }

      @Override
      public CompletionStage<Done> remove(String eniId, Predicate<NetworkInterface> stillWanted) {
        throw new UnsupportedOperationException("nodes do not change here");
      }

      @Override
      public CompletionStage<NetworkInterface> setSecurityGroups(
          String eniId, List<String> securityGroups, Predicate<NetworkInterface> stillWanted) {
        throw new UnsupportedOperationException("nodes do not change here");
      }
    };
  }

  private static boolean wanted(BooleanSupplier stillWanted, String what) {
    try {
      return stillWanted.getAsBoolean();
    } catch (RuntimeException e) {
      throw failure(Kind.TRANSIENT, what, "withdrawn: not known whether wanted: " + e);
    }
  }

  private NetworkInterface described(String eniId) {
    var eni = enis.get(eniId);
    var addresses =
        Stream.concat(
                Stream.of(new Address(eni.primary, true, AddressState.AVAILABLE)),
                eni.addresses.stream().map(ip -> new Address(ip, false, AddressState.AVAILABLE)))
            .toList();
    return new NetworkInterface(
        eniId,
        subnets.getFirst().id(),
        "20:90:6f:00:00:01",
        NetworkInterface.State.AVAILABLE,
        eni.instance,
        addresses,
        Map.of(EniTags.CLUSTER, eni.cluster),
        List.of());
  }

  /** All used addresses of a subnet, on one page. */
  private UsedAddresses usedIn(String subnetId) {
    var subnet = subnets.stream().filter(s -> s.id().equals(subnetId)).findFirst().orElseThrow();
    var used = new TreeSet<>(strangers);
    enis.values()
        .forEach(
            eni -> {
              used.add(eni.primary);
              used.addAll(eni.addresses);
            });
    used.removeIf(ip -> !subnet.cidr().contains(ip));
    return new UsedAddresses(List.copyOf(used), used.size(), used.size());
  }

  /** The cloud for those who only look. */
  VpcCloud reads() {
    return new VpcCloud() {
      @Override
      public Listing<Subnet> subnets(Collection<String> subnetIds) {
        return Listing.of(
            subnets.stream().filter(s -> subnetIds.contains(s.id())).toList(), Subnet::id);
      }

      @Override
      public Listing<NetworkInterface> networkInterfaces(EniQuery query) {
        return switch (query) {
          case EniQuery.ByIds(var ids) -> {
            lookedAt.addAll(ids);
            yield listing(ids.stream().filter(enis::containsKey));
          }
          case EniQuery.ByAddress(var ip) -> listing(eniOf(ip).stream());
          case EniQuery.ByInstance byInstance -> Listing.none();
          case EniQuery.ByTags byTags -> Listing.none();
        };
      }

      private Listing<NetworkInterface> listing(Stream<String> ids) {
        return Listing.of(ids.map(CloudModel.this::described).toList(), NetworkInterface::id);
      }

      @Override
      public EniLimits eniLimits(String instanceId) {
        throw unused();
      }

      @Override
      public Listing<Instance> instances(Collection<String> instanceIds) {
        throw unused();
      }

      @Override
      public NetworkInterface createNetworkInterface(EniSpec spec) {
        throw unused();
      }

      @Override
      public String attachNetworkInterface(
          String eniId, String instanceId, AttachMode mode, String clientToken) {
        throw unused();
      }

      @Override
      public String detachNetworkInterface(String eniId, String instanceId) {
        throw unused();
      }

      @Override
      public String deleteNetworkInterface(String eniId) {
        throw unused();
      }

      @Override
      public String setSecurityGroups(String eniId, List<String> securityGroups) {
        throw unused();
      }

      @Override
      public String assign(String eniId, Collection<Ip> addresses) {
        throw unused();
      }

      @Override
      public String unassign(String eniId, Collection<Ip> addresses) {
        throw unused();
      }

      @Override
      public String migrate(String fromEniId, String toEniId, Ip address) {
        throw unused();
      }

      @Override
      public List<Ip> usedAddresses(Collection<Ip> addresses) {
        throw unused();
      }

      @Override
      public Answer<UsedAddresses> usedAddressesIn(String subnetId, int offset) {
        return new Answer.Known<>(usedIn(subnetId));
      }

      @Override
      public Task task(String requestId) {
        throw unused();
      }

      @Override
      public Answer<VpcLimits> vpcLimits() {
        throw unused();
      }

      @Override
      public Answer<List<Reservation>> reservations(ReservationQuery query) {
        throw unused();
      }

      @Override
      public Answer<Reservation> createReservation(ReservationSpec spec) {
        throw unused();
      }

      @Override
      public Answer<String> deleteReservation(String reservationId) {
        throw unused();
      }

      private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("changes go through EniOperations");
      }
    };
  }
}
