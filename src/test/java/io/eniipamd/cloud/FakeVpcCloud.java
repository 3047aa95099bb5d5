package io.eniipamd.cloud;

import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.NetworkInterface.Address;
import io.eniipamd.cloud.NetworkInterface.AddressState;
import io.eniipamd.cloud.NetworkInterface.State;
import io.eniipamd.domain.address.Ip;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A cloud in memory: it keeps state and limits, records the calls, takes effect at once or when
 * told, and meets faults that are ordered one by one. Everything is guarded by its monitor.
 */
public final class FakeVpcCloud implements VpcCloud {

  /** What goes wrong with one call. */
  public enum Fault {
    /** No effect, and an answer that is no answer. */
    LOST_BEFORE,
    /** The effect, and no answer. */
    LOST_AFTER,
    /** {@code MutexOperationTaskRunning}. */
    MUTEX,
    THROTTLED,
    DENIED,
    CLOCK_IS_OFF,
    NOT_FOUND
  }

  /** A call that was made. */
  public record Call(CloudAction action, String eniId, List<Ip> addresses) {}

  private static final class Eni {
    final String id;
    final String subnetId;
    final Map<String, String> tags;
    final Map<Ip, Address> addresses = new LinkedHashMap<>();
    State state = State.AVAILABLE;
    Optional<String> instanceId = Optional.empty();
    List<String> securityGroups = List.of();
    boolean extension;

    Eni(String id, String subnetId, Map<String, String> tags) {
      this.id = id;
      this.subnetId = subnetId;
      this.tags = tags;
    }

    NetworkInterface view() {
      return new NetworkInterface(
          id,
          subnetId,
          "20:90:6f:00:00:01",
          state,
          instanceId,
          List.copyOf(addresses.values()),
          tags,
          securityGroups,
          extension);
    }
  }

  private final Map<String, Subnet> subnets = new TreeMap<>();
  private final Map<String, Instance> instances = new TreeMap<>();
  private boolean refuseUnknownInstances;
  private final Set<String> missingGroups = new HashSet<>();
  private boolean groupsAreSorted;
  private final Set<String> unreadable = new HashSet<>();
  private final Map<String, Eni> enis = new TreeMap<>();
  private final Map<String, String> eniOfToken = new HashMap<>();
  private final Set<Ip> strangers = new HashSet<>();
  private final Set<Ip> named = new HashSet<>();
  private final List<Call> calls = new ArrayList<>();
  private final Map<CloudAction, Queue<Fault>> faults = new EnumMap<>(CloudAction.class);
  private final Map<CloudAction, Fault> lasting = new EnumMap<>(CloudAction.class);
  private final List<Runnable> unsettled = new ArrayList<>();
  private final Set<String> failedTasks = new HashSet<>();
  private Map<String, NetworkInterface> stale = Map.of();
  private boolean isStale;
  private boolean settlesAtOnce = true;
  private final Map<String, Reservation> reservations = new TreeMap<>();
  private int addressesPerEni = 30;
  private int maxEnis = 1_000;
  private int maxReservations = 1_000;
  private boolean optionalCallsAllowed = true;
  private boolean endingDenied;
  private boolean assignTakesReserved;
  private boolean reservationsShown = true;
  private int requests;
  private int made;
  private int reserved;

  public synchronized void addSubnet(Subnet subnet) {
    subnets.put(subnet.id(), subnet);
  }

  public synchronized void addInstance(Instance instance) {
    instances.put(instance.id(), instance);
  }

  /** Adds an ENI with its primary address. */
  public synchronized void addEni(String id, String subnetId, Ip primary) {
    addEni(id, subnetId, primary, Map.of());
  }

  /** Adds an ENI with its primary address and its tags. */
  public synchronized void addEni(
      String id, String subnetId, Ip primary, Map<String, String> tags) {
    Eni eni = new Eni(id, subnetId, tags);
    eni.addresses.put(primary, new Address(primary, true, AddressState.AVAILABLE));
    enis.put(id, eni);
  }

  /** Gives an ENI security groups without a request. */
  public synchronized void giveGroups(String eniId, String... groups) {
    enis.get(eniId).securityGroups = List.of(groups);
  }

  /** From now on there is no security group of this id. */
  public synchronized void loseGroup(String group) {
    missingGroups.add(group);
  }

  /** From now on an ENI that gets security groups shows them in the order of their ids. */
  public synchronized void sortGroups() {
    groupsAreSorted = true;
  }

  /** Deletes an ENI with all that is on it without a request. */
  public synchronized void removeEni(String eniId) {
    enis.remove(eniId);
  }

  /** Puts an address on an ENI without a request. */
  public synchronized void addAddress(String eniId, Ip address, AddressState state) {
    enis.get(eniId).addresses.put(address, new Address(address, false, state));
  }

  /** Puts an ENI on an instance without a request. */
  public synchronized void attached(String eniId, String instanceId) {
    enis.get(eniId).instanceId = Optional.of(instanceId);
  }

  /** Takes an ENI off its instance without a request. */
  public synchronized void detached(String eniId) {
    enis.get(eniId).instanceId = Optional.empty();
  }

  /** Takes an address off an ENI without a request; nothing happens where it is not there. */
  public synchronized void removeAddress(String eniId, Ip address) {
    Optional.ofNullable(enis.get(eniId)).ifPresent(eni -> eni.addresses.remove(address));
  }

  /** An instance is gone; its ENIs are on none. */
  public synchronized void removeInstance(String instanceId) {
    instances.remove(instanceId);
    enis.values().stream()
        .filter(eni -> eni.instanceId.filter(instanceId::equals).isPresent())
        .forEach(eni -> eni.instanceId = Optional.empty());
  }

  /** Lets another user take an address. */
  public synchronized void addStranger(Ip address) {
    strangers.add(address);
  }

  /** Another user frees an address. */
  public synchronized void removeStranger(Ip address) {
    strangers.remove(address);
  }

  /** From now on the list of used addresses names this one too, whether it is used or not. */
  public synchronized void nameAsUsed(Ip address) {
    named.add(address);
  }

  /** The next calls of this action meet these faults, one each. */
  public synchronized void fail(CloudAction action, Fault... next) {
    faults.computeIfAbsent(action, any -> new ArrayDeque<>()).addAll(List.of(next));
  }

  /** A question for instances is refused as a whole where one of them is unknown. */
  public synchronized void refuseUnknownInstances() {
    refuseUnknownInstances = true;
  }

  /** What listings say of this thing cannot be read from now on. */
  public synchronized void describeUnreadably(String id) {
    unreadable.add(id);
  }

  /** What listings say can be read again. */
  public synchronized void describeReadably() {
    unreadable.clear();
  }

  /** Every call of this action meets this fault, until {@link #failNoMore}. */
  public synchronized void failAlways(CloudAction action, Fault fault) {
    lasting.put(action, fault);
  }

  /** Ends all faults. */
  public synchronized void failNoMore() {
    lasting.clear();
    faults.clear();
  }

  /** How many addresses an ENI may have, its primary one included. */
  public synchronized void limitAddressesPerEni(int limit) {
    addressesPerEni = limit;
  }

  /** How many ENIs there may be. */
  public synchronized void limitEnis(int limit) {
    maxEnis = limit;
  }

  /** How many reservations there may be. */
  public synchronized void limitReservations(int limit) {
    maxReservations = limit;
  }

  /** Whether the account may ask for limits and reserve addresses. */
  public synchronized void allowOptionalCalls(boolean allowed) {
    optionalCallsAllowed = allowed;
  }

  /** Whether the account may reserve addresses, but not end reservations. */
  public synchronized void denyEndingReservations(boolean denied) {
    endingDenied = denied;
  }

  /** Whether an assign takes a reserved address; else it is refused as in use. */
  public synchronized void assignTakesReserved(boolean takes) {
    assignTakesReserved = takes;
  }

  /** Whether listings show the reservations that there are; else they are behind, and empty. */
  public synchronized void showReservations(boolean shown) {
    reservationsShown = shown;
  }

  /** Reserves an address without a request. */
  public synchronized void addReservation(Reservation reservation) {
    reservations.put(reservation.id(), reservation);
  }

  /** The reservations as they really are. */
  public synchronized List<Reservation> reserved() {
    return List.copyOf(reservations.values());
  }

  /** Whether changes are done with the call; else they wait for {@link #settle}. */
  public synchronized void settlesAtOnce(boolean atOnce) {
    settlesAtOnce = atOnce;
  }

  /** Ends what is under way. */
  public synchronized void settle() {
    unsettled.forEach(Runnable::run);
    unsettled.clear();
  }

  /** Gives up what is under way: its effect is as it is, its tasks have failed. */
  public synchronized void failTasks() {
    unsettled.clear();
    for (int i = 1; i <= requests; i++) {
      failedTasks.add("request-" + i);
    }
  }

  /** From now on reads of ENIs show what is there now, whatever happens. */
  public synchronized void freezeReads() {
    remember();
    showRemembered();
  }

  /** Keeps the view of this moment. */
  public synchronized void remember() {
    stale = views();
  }

  /** From now on reads of ENIs show the view that was kept. */
  public synchronized void showRemembered() {
    isStale = true;
  }

  /** Reads show the truth again. */
  public synchronized void thawReads() {
    isStale = false;
  }

  /** The calls of changing actions, those that failed included. */
  public synchronized List<Call> calls(CloudAction action) {
    return calls.stream().filter(call -> call.action() == action).toList();
  }

  /** Calls of any kind. */
  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  /** An ENI as it really is. */
  public synchronized Optional<NetworkInterface> eni(String id) {
    return Optional.ofNullable(enis.get(id)).map(Eni::view);
  }

  /** All ENIs as they really are. */
  public synchronized List<NetworkInterface> enis() {
    return List.copyOf(views().values());
  }

  /** Forgets everything. */
  public synchronized void reset() {
    subnets.clear();
    instances.clear();
    refuseUnknownInstances = false;
    unreadable.clear();
    missingGroups.clear();
    groupsAreSorted = false;
    enis.clear();
    eniOfToken.clear();
    strangers.clear();
    named.clear();
    calls.clear();
    failNoMore();
    unsettled.clear();
    failedTasks.clear();
    isStale = false;
    settlesAtOnce = true;
    addressesPerEni = 30;
    maxEnis = 1_000;
    reservations.clear();
    maxReservations = 1_000;
    optionalCallsAllowed = true;
    endingDenied = false;
    assignTakesReserved = false;
    reservationsShown = true;
  }

  private <T> T call(
      CloudAction action, String about, Collection<Ip> addresses, Supplier<T> effect) {
    calls.add(new Call(action, about, List.copyOf(addresses)));
    Queue<Fault> due = faults.get(action);
    Fault next = due == null ? null : due.poll();
    Fault fault = next == null ? lasting.get(action) : next;
    String step = action.apiName() + " of " + about;
    if (fault == null) {
      return effect.get();
    }
    throw switch (fault) {
      case LOST_BEFORE -> failure(Kind.TRANSIENT, step, null);
      case LOST_AFTER -> {
        T unanswered = effect.get();
        yield failure(Kind.TRANSIENT, step + " (" + (unanswered != null) + ")", null);
      }
      case MUTEX -> failure(Kind.TRANSIENT, step, "UnsupportedOperation.MutexOperationTaskRunning");
      case THROTTLED -> failure(Kind.THROTTLED, step, "RequestLimitExceeded");
      case DENIED -> failure(Kind.DENIED, step, "UnauthorizedOperation");
      case CLOCK_IS_OFF -> failure(Kind.DENIED, step, "AuthFailure.SignatureExpire");
      case NOT_FOUND -> failure(Kind.NOT_FOUND, step, "ResourceNotFound");
    };
  }

  private static CloudException failure(Kind kind, String step, String code) {
    return new CloudException(kind, step, code, "so it was ordered", null, null);
  }

  private String requestId() {
    requests++;
    return "request-" + requests;
  }

  private void settling(Runnable end) {
    if (settlesAtOnce) {
      end.run();
    } else {
      unsettled.add(end);
    }
  }

  private Map<String, NetworkInterface> views() {
    var all = new TreeMap<String, NetworkInterface>();
    enis.forEach((id, eni) -> all.put(id, eni.view()));
    return all;
  }

  private boolean isUsed(Ip address) {
    return strangers.contains(address)
        || enis.values().stream().anyMatch(eni -> eni.addresses.containsKey(address));
  }

  private boolean isReserved(Ip address) {
    return reservations.values().stream().anyMatch(one -> one.address().equals(address));
  }

  private void bind(Ip address, Optional<String> eniId) {
    reservations.replaceAll(
        (id, one) ->
            one.address().equals(address)
                ? new Reservation(id, one.subnetId(), address, one.name(), eniId, one.tags())
                : one);
  }

  private <T> Answer<T> optional(Supplier<T> value) {
    return optionalCallsAllowed
        ? new Answer.Known<>(value.get())
        : new Answer.Unknown<>("the account may not do this");
  }

  private Eni existing(String eniId) {
    Eni eni = enis.get(eniId);
    if (eni == null) {
      throw failure(Kind.NOT_FOUND, "finding " + eniId, "ResourceNotFound");
    }
    return eni;
  }

  @Override
  public synchronized Listing<Subnet> subnets(Collection<String> subnetIds) {
    return call(
        CloudAction.DESCRIBE_SUBNETS,
        "subnets",
        List.of(),
        () ->
            listing(
                subnetIds.stream().map(subnets::get).filter(s -> s != null).toList(), Subnet::id));
  }

  @Override
  public synchronized Listing<NetworkInterface> networkInterfaces(EniQuery query) {
    return call(
        CloudAction.DESCRIBE_NETWORK_INTERFACES,
        query.toString(),
        List.of(),
        () ->
            listing(
                (isStale ? stale : views())
                    .values().stream().filter(eni -> selects(query, eni)).toList(),
                NetworkInterface::id));
  }

  private <T> Listing<T> listing(List<T> rows, Function<T, String> id) {
    var torn = new HashMap<String, CloudException>();
    rows.stream()
        .map(id)
        .filter(unreadable::contains)
        .forEach(one -> torn.put(one, failure(Kind.TRANSIENT, "reading " + one, null)));
    return Listing.of(rows, id).and(new Listing<>(Map.of(), torn));
  }

  private static boolean selects(EniQuery query, NetworkInterface eni) {
    return switch (query) {
      case EniQuery.ByIds(List<String> ids) -> ids.contains(eni.id());
      case EniQuery.ByInstance(String id) -> eni.instanceId().filter(id::equals).isPresent();
      case EniQuery.ByTags(Map<String, String> tags) ->
          eni.tags().entrySet().containsAll(tags.entrySet());
      case EniQuery.ByAddress(Ip address) -> eni.address(address).isPresent();
    };
  }

  @Override
  public synchronized EniLimits eniLimits(String instanceId) {
    return call(
        CloudAction.DESCRIBE_NETWORK_INTERFACE_LIMIT,
        instanceId,
        List.of(),
        () -> new EniLimits(4, addressesPerEni));
  }

  @Override
  public synchronized Listing<Instance> instances(Collection<String> instanceIds) {
    return call(
        CloudAction.DESCRIBE_INSTANCES,
        "instances",
        List.of(),
        () -> {
          if (refuseUnknownInstances && !instances.keySet().containsAll(instanceIds)) {
            throw failure(Kind.NOT_FOUND, "instances", "InvalidInstanceId.NotFound");
          }
          return listing(
              instanceIds.stream().map(instances::get).filter(i -> i != null).toList(),
              Instance::id);
        });
  }

  @Override
  public synchronized NetworkInterface createNetworkInterface(EniSpec spec) {
    return call(
        CloudAction.CREATE_NETWORK_INTERFACE,
        spec.name(),
        List.of(spec.primaryIp()),
        () -> create(spec));
  }

  private NetworkInterface create(EniSpec spec) {
    String known = eniOfToken.get(spec.clientToken());
    if (known != null && enis.containsKey(known)) {
      return existing(known).view();
    }
    if (enis.size() >= maxEnis) {
      throw failure(Kind.QUOTA, "creating", "LimitExceeded.NetworkInterfaceLimitExceeded");
    }
    if (isUsed(spec.primaryIp())) {
      throw failure(Kind.ADDRESS_TAKEN, "creating", "ResourceInUse");
    }
    Eni eni = new Eni("eni-made" + made++, spec.subnetId(), spec.tags());
    eni.state = State.PENDING;
    eni.securityGroups = spec.securityGroups();
    eni.addresses.put(
        spec.primaryIp(), new Address(spec.primaryIp(), true, AddressState.AVAILABLE));
    enis.put(eni.id, eni);
    eniOfToken.put(spec.clientToken(), eni.id);
    settling(() -> eni.state = State.AVAILABLE);
    return eni.view();
  }

  @Override
  public synchronized String attachNetworkInterface(
      String eniId, String instanceId, AttachMode mode, String clientToken) {
    return call(
        CloudAction.ATTACH_NETWORK_INTERFACE,
        eniId,
        List.of(),
        () -> {
          Eni eni = existing(eniId);
          if (eni.instanceId.isPresent()) {
            throw failure(
                Kind.TRANSIENT, "attaching", "UnsupportedOperation.AttachmentAlreadyExists");
          }
          eni.instanceId = Optional.of(instanceId);
          eni.extension = mode == AttachMode.EXTENSION;
          eni.state = State.ATTACHING;
          settling(() -> eni.state = State.AVAILABLE);
          return requestId();
        });
  }

  @Override
  public synchronized String detachNetworkInterface(String eniId, String instanceId) {
    return call(
        CloudAction.DETACH_NETWORK_INTERFACE,
        eniId,
        List.of(),
        () -> {
          Eni eni = existing(eniId);
          eni.state = State.DETACHING;
          settling(
              () -> {
                eni.state = State.AVAILABLE;
                eni.instanceId = Optional.empty();
              });
          return requestId();
        });
  }

  @Override
  public synchronized String deleteNetworkInterface(String eniId) {
    return call(
        CloudAction.DELETE_NETWORK_INTERFACE,
        eniId,
        List.of(),
        () -> {
          Eni eni = existing(eniId);
          if (eni.instanceId.isPresent()) {
            throw failure(Kind.TRANSIENT, "deleting", "UnsupportedOperation.InvalidState");
          }
          eni.state = State.DELETING;
          settling(() -> enis.remove(eniId));
          return requestId();
        });
  }

  @Override
  public synchronized String setSecurityGroups(String eniId, List<String> securityGroups) {
    return call(
        CloudAction.MODIFY_NETWORK_INTERFACE_ATTRIBUTE,
        eniId,
        List.of(),
        () -> {
          Eni eni = existing(eniId);
          if (securityGroups.stream().anyMatch(missingGroups::contains)) {
            throw failure(Kind.NOT_FOUND, "setting", "ResourceNotFound");
          }
          settling(
              () ->
                  eni.securityGroups =
                      groupsAreSorted ? securityGroups.stream().sorted().toList() : securityGroups);
          return requestId();
        });
  }

  @Override
  public synchronized String assign(String eniId, Collection<Ip> addresses) {
    return call(
        CloudAction.ASSIGN_PRIVATE_IP_ADDRESSES,
        eniId,
        addresses,
        () -> {
          Eni eni = existing(eniId);
          if (addresses.size() > MAX_ADDRESSES_PER_CALL) {
            throw failure(Kind.INVALID, "assigning", "InvalidParameterValue.LimitExceeded");
          }
          if (addresses.stream().anyMatch(this::isUsed)
              || (!assignTakesReserved && addresses.stream().anyMatch(this::isReserved))) {
            throw failure(Kind.ADDRESS_TAKEN, "assigning", "ResourceInUse");
          }
          if (eni.addresses.size() + addresses.size() > addressesPerEni) {
            throw failure(Kind.QUOTA, "assigning", "LimitExceeded");
          }
          for (Ip address : addresses) {
            eni.addresses.put(address, new Address(address, false, AddressState.PENDING));
            bind(address, Optional.of(eniId));
            settling(
                () ->
                    eni.addresses.computeIfPresent(
                        address, (ip, a) -> new Address(ip, false, AddressState.AVAILABLE)));
          }
          return requestId();
        });
  }

  @Override
  public synchronized String unassign(String eniId, Collection<Ip> addresses) {
    return call(
        CloudAction.UNASSIGN_PRIVATE_IP_ADDRESSES,
        eniId,
        addresses,
        () -> {
          Eni eni = existing(eniId);
          if (!eni.addresses.keySet().containsAll(addresses)) {
            throw failure(Kind.NOT_FOUND, "unassigning", "ResourceNotFound");
          }
          for (Ip address : addresses) {
            eni.addresses.put(address, new Address(address, false, AddressState.DELETING));
            settling(
                () -> {
                  eni.addresses.remove(address);
                  bind(address, Optional.empty());
                });
          }
          return requestId();
        });
  }

  @Override
  public synchronized String migrate(String fromEniId, String toEniId, Ip address) {
    return call(
        CloudAction.MIGRATE_PRIVATE_IP_ADDRESS,
        fromEniId,
        List.of(address),
        () -> {
          Eni from = existing(fromEniId);
          Eni to = existing(toEniId);
          if (!from.addresses.containsKey(address)) {
            throw failure(Kind.NOT_FOUND, "migrating", "UnauthorizedOperation.AttachmentNotFound");
          }
          if (to.addresses.size() >= addressesPerEni) {
            throw failure(Kind.QUOTA, "migrating", "LimitExceeded");
          }
          from.addresses.remove(address);
          to.addresses.put(address, new Address(address, false, AddressState.MIGRATING));
          settling(
              () ->
                  to.addresses.computeIfPresent(
                      address, (ip, a) -> new Address(ip, false, AddressState.AVAILABLE)));
          return requestId();
        });
  }

  @Override
  public synchronized List<Ip> usedAddresses(Collection<Ip> addresses) {
    return call(
        CloudAction.DESCRIBE_VPC_PRIVATE_IP_ADDRESSES,
        "addresses",
        addresses,
        () ->
            addresses.stream()
                .filter(ip -> named.contains(ip) || isUsed(ip) || isReserved(ip))
                .toList());
  }

  @Override
  public synchronized Answer<UsedAddresses> usedAddressesIn(String subnetId, int offset) {
    return call(
        CloudAction.DESCRIBE_USED_IP_ADDRESS,
        subnetId,
        List.of(),
        () -> optional(() -> usedIn(subnets.get(subnetId), offset)));
  }

  private UsedAddresses usedIn(Subnet subnet, int offset) {
    List<Ip> all =
        Stream.concat(
                strangers.stream(),
                enis.values().stream().flatMap(eni -> eni.addresses.keySet().stream()))
            .filter(ip -> subnet.cidr().contains(ip))
            .sorted()
            .toList();
    List<Ip> page = all.stream().skip(offset).limit(MAX_IDS_PER_CALL).toList();
    return new UsedAddresses(page, page.size(), all.size());
  }

  @Override
  public synchronized Task task(String requestId) {
    return call(
        CloudAction.DESCRIBE_VPC_TASK_RESULT,
        requestId,
        List.of(),
        () ->
            failedTasks.contains(requestId)
                ? new Task(Task.State.FAILED, "it was ordered to")
                : new Task(Task.State.RUNNING, ""));
  }

  @Override
  public synchronized Answer<VpcLimits> vpcLimits() {
    return call(
        CloudAction.DESCRIBE_VPC_LIMITS,
        "the VPC",
        List.of(),
        () -> optional(() -> new VpcLimits(maxEnis)));
  }

  @Override
  public synchronized Answer<List<Reservation>> reservations(ReservationQuery query) {
    return call(
        CloudAction.DESCRIBE_RESERVE_IP_ADDRESSES,
        query.toString(),
        List.of(),
        () ->
            optional(
                () ->
                    reservations.values().stream()
                        .filter(one -> reservationsShown && selects(query, one))
                        .toList()));
  }

  private static boolean selects(ReservationQuery query, Reservation one) {
    return switch (query) {
      case ReservationQuery.ByTags(Map<String, String> tags) ->
          one.tags().entrySet().containsAll(tags.entrySet());
      case ReservationQuery.ByName(String name, Map<String, String> tags) ->
          one.name().equals(name) && one.tags().entrySet().containsAll(tags.entrySet());
    };
  }

  @Override
  public synchronized Answer<Reservation> createReservation(ReservationSpec spec) {
    return call(
        CloudAction.CREATE_RESERVE_IP_ADDRESSES,
        spec.name(),
        List.of(spec.address()),
        () -> optional(() -> reserve(spec)));
  }

  private Reservation reserve(ReservationSpec spec) {
    if (isUsed(spec.address()) || isReserved(spec.address())) {
      throw failure(Kind.ADDRESS_TAKEN, "reserving", "ResourceInUse");
    }
    if (reservations.size() >= maxReservations) {
      throw failure(Kind.QUOTA, "reserving", "LimitExceeded");
    }
    reserved++;
    var made =
        new Reservation(
            "rsvip-made" + reserved,
            spec.subnetId(),
            spec.address(),
            spec.name(),
            Optional.empty(),
            spec.tags());
    reservations.put(made.id(), made);
    return made;
  }

  @Override
  public synchronized Answer<String> deleteReservation(String reservationId) {
    return call(
        CloudAction.DELETE_RESERVE_IP_ADDRESSES,
        reservationId,
        List.of(),
        () ->
            optionalCallsAllowed && !endingDenied
                ? new Answer.Known<>(endReservation(reservationId))
                : new Answer.Unknown<>("the account may not do this"));
  }

  private String endReservation(String reservationId) {
    Reservation one = reservations.get(reservationId);
    if (one == null) {
      throw failure(Kind.NOT_FOUND, "ending " + reservationId, "ResourceNotFound");
    }
    if (one.boundTo().isPresent()) {
      throw failure(Kind.TRANSIENT, "ending " + reservationId, "ResourceInUse");
    }
    reservations.remove(reservationId);
    return requestId();
  }
}
