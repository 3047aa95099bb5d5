package io.eniipamd.simulator.model;

import io.eniipamd.simulator.layout.VpcLayout;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The VPC. Everything in it is guarded by one lock, which {@link #locked} takes; a thread that
 * takes it finds what was due by then done. Effects are in {@link EniLifecycle}, {@link
 * AddressLife} and {@link Reservations}; here are the looks at the state and what a person does
 * beside the API (machines, subnets, strangers).
 */
public final class VpcModel {
  private final ReentrantLock lock = new ReentrantLock();
  private final Clock clock;
  private final VpcLayout layout;
  private final CidrBlock cidr;
  private final ModelSettings settings;
  private final Instant createdAt;

  final AddressSpace addresses = new AddressSpace();
  final Map<String, Machine> machines = new LinkedHashMap<>();
  final Map<String, Eni> enis = new LinkedHashMap<>();
  final Map<String, Reservation> reservations = new LinkedHashMap<>();
  final Tasks tasks = new Tasks();
  final Ids ids;

  private final EniLifecycle eniLife = new EniLifecycle(this);
  private final AddressLife addressLife = new AddressLife(this);
  private final Reservations reserved = new Reservations(this);
  private final Invariants invariants = new Invariants(this);
  private final Past<List<EniView>> past = new Past<>();
  private final Past<List<ClaimAddress>> pastHolders = new Past<>();

  /**
   * Builds the VPC of a layout.
   *
   * @param seed decides the ids
   * @throws IllegalArgumentException where the layout contradicts itself
   */
  public VpcModel(VpcLayout layout, Clock clock, long seed) {
    this.clock = clock;
    this.layout = layout;
    this.cidr = CidrBlock.of(layout.cidr());
    this.settings =
        new ModelSettings(
            layout.enisPerVpc(),
            clock,
            this::rememberPast,
            this::rememberHolders,
            this::freezeReads);
    this.createdAt = clock.instant();
    this.ids = new Ids(seed);
    layout.subnets().forEach(this::addSubnet);
    layout.instances().forEach(this::addInstance);
  }

  /** Does something while no other thread changes or sees the state, with all that was due done. */
  public <T> T locked(Supplier<T> work) {
    lock.lock();
    try {
      tasks.settle(clock.instant());
      return work.get();
    } finally {
      lock.unlock();
    }
  }

  /** Like {@link #locked(Supplier)}, without a result. */
  public void locked(Runnable work) {
    locked(
        () -> {
          work.run();
          return null;
        });
  }

  public ModelSettings settings() {
    return settings;
  }

  public EniLifecycle eniLife() {
    return eniLife;
  }

  public AddressLife addressLife() {
    return addressLife;
  }

  public Reservations reservations() {
    return reserved;
  }

  public String vpcId() {
    return layout.vpcId();
  }

  public String vpcName() {
    return layout.vpcName();
  }

  public CidrBlock cidr() {
    return cidr;
  }

  public Instant createdAt() {
    return createdAt;
  }

  /** The current time by the simulation's clock. */
  public Instant now() {
    return clock.instant();
  }

  /** The subnets, in the order in which they came. */
  public List<SubnetView> subnets() {
    return locked(() -> addresses.subnets().stream().map(s -> s.view(vpcId())).toList());
  }

  /** The machines, in the order in which they came. */
  public List<InstanceView> instances() {
    return locked(() -> machines.values().stream().map(Machine::view).toList());
  }

  /** The ENIs, primary ones of machines included, in the order in which they came. */
  public List<EniView> enis() {
    return locked(() -> enis.values().stream().map(Eni::view).toList());
  }

  /** The ENIs of an earlier moment, where looks are to show one; empty: they show the present. */
  public Optional<List<EniView>> earlierEnis() {
    return locked(
        () -> {
          Instant now = clock.instant();
          Duration behind = settings.readsBehind();
          return past.frozen(now)
              .or(() -> behind.isZero() ? Optional.empty() : past.at(now.minus(behind)));
        });
  }

  private void rememberPast(boolean remember) {
    locked(() -> past.remember(remember, this::enis));
  }

  private void rememberHolders(boolean remember) {
    locked(() -> pastHolders.remember(remember, this::heldAddresses));
  }

  private void freezeReads(Duration time) {
    locked(() -> past.freeze(clock.instant().plus(time), enis()));
  }

  /** Those of the ENIs that exist. */
  public List<EniView> enis(Collection<String> eniIds) {
    return locked(
        () -> eniIds.stream().map(enis::get).filter(e -> e != null).map(Eni::view).toList());
  }

  /** The holder of an address, if it has one. */
  public Optional<Holder> holderOf(Ipv4 ip) {
    return locked(() -> addresses.holderOf(ip));
  }

  /** The same as those see it who are behind. */
  public List<ClaimAddress> listedAddresses() {
    return locked(
        () ->
            settings.usedBehind().isZero()
                ? heldAddresses()
                : pastHolders
                    .at(clock.instant().minus(settings.usedBehind()))
                    .orElseGet(this::heldAddresses));
  }

  /** All addresses in use, in order. */
  public List<ClaimAddress> heldAddresses() {
    return locked(
        () ->
            addresses.holders().entrySet().stream()
                .map(
                    e ->
                        new ClaimAddress(
                            e.getKey(),
                            addresses.subnetOf(e.getKey()).orElseThrow().id(),
                            e.getValue()))
                .sorted(Comparator.comparing(ClaimAddress::ip))
                .toList());
  }

  /** An address, its subnet and who has it. */
  public record ClaimAddress(Ipv4 ip, String subnetId, Holder holder) {}

  /** The subnet that an address lies in, and whether it is one of the platform's. */
  public Optional<AddressPlace> placeOf(Ipv4 ip) {
    return locked(
        () ->
            addresses
                .subnetOf(ip)
                .map(s -> new AddressPlace(s.cidr(), s.isPlatforms(ip), s.isTaken(ip))));
  }

  /**
   * Where an address lies.
   *
   * @param platforms whether it is the network's, the gateway's or the broadcast one
   * @param taken whether no other can have it
   */
  public record AddressPlace(CidrBlock subnet, boolean platforms, boolean taken) {}

  /** The limits of a machine, by its id or that of an ENI on it. */
  public VpcLayout.InstanceLimit limitOf(String instanceOrEniId) {
    return locked(
        () -> {
          if (instanceOrEniId.startsWith("eni-")) {
            return eni(instanceOrEniId)
                .instanceId
                .map(id -> machine(id).limit)
                .orElseThrow(() -> Refusal.invalidState(instanceOrEniId + " is not attached"));
          }
          return machine(instanceOrEniId).limit;
        });
  }

  /** How a task stands. */
  public TaskStatus taskStatus(String taskId) {
    return locked(() -> tasks.status(taskId).orElseThrow(() -> Refusal.notFound(taskId)));
  }

  /** Makes the task of an earlier request known by the id of its repetition. */
  public void aliasTask(String requestId, String earlierRequestId) {
    locked(() -> tasks.alias(requestId, earlierRequestId));
  }

  /** Lets the tasks that hang end well. */
  public void releaseHangingTasks() {
    locked(tasks::releaseHanging);
  }

  /** The tasks that have not ended, in the order in which they began. */
  public List<TaskView> tasksUnderWay() {
    return locked(tasks::underWay);
  }

  /** The number of tasks that have not ended. */
  public int runningTasks() {
    return locked(tasks::runningCount);
  }

  /** Adds a subnet. */
  public void addSubnet(VpcLayout.Subnet subnet) {
    CidrBlock block = CidrBlock.of(subnet.cidr());
    if (!cidr.contains(block)) {
      throw new IllegalArgumentException(subnet.id() + " is outside of the VPC's " + cidr);
    }
    locked(
        () ->
            addresses.add(
                new SubnetSpace(
                    subnet.id(), subnet.name(), block, subnet.zone(), clock.instant())));
  }

  /** Removes a subnet of which no address is in use. */
  public void removeSubnet(String subnetId) {
    locked(() -> addresses.remove(subnetId));
  }

  /** Adds a machine, running, with its primary ENI. */
  public void addInstance(VpcLayout.Instance instance) {
    locked(
        () -> {
          if (machines.containsKey(instance.id())) {
            throw new IllegalArgumentException(instance.id() + " exists");
          }
          VpcLayout.InstanceLimit limit =
              layout.limits().stream()
                  .filter(l -> instance.type().equals(l.type()))
                  .findFirst()
                  .orElseGet(() -> VpcLayout.InstanceLimit.ofCores(instance.cpu()));
          Eni primary = eniLife.addPrimary(instance);
          machines.put(
              instance.id(),
              new Machine(instance, limit, primary.id, primary.primaryIp, clock.instant()));
        });
  }

  /** Ends a machine: its primary ENI goes with it, the others stay and are on none. */
  public void removeInstance(String instanceId) {
    locked(
        () -> {
          Machine machine = machine(instanceId);
          eniLife.orphan(machine);
          machines.remove(instanceId);
          rememberNow();
        });
  }

  /** Sets a machine's state, like {@code RUNNING}, {@code STOPPED} or {@code SHUTDOWN}. */
  public void setInstanceState(String instanceId, String state) {
    locked(() -> machine(instanceId).state = state);
  }

  /** Lets another user of the VPC take an address. */
  public void addStranger(String ip, String name) {
    Ipv4 address = Ipv4.of(ip);
    locked(
        () -> {
          addresses.take(address, new Holder.Stranger(name));
          rememberNow();
        });
  }

  /** Lets the stranger free the address. */
  public void removeStranger(String ip) {
    Ipv4 address = Ipv4.of(ip);
    locked(
        () -> {
          Holder holder = addresses.holderOf(address).orElse(null);
          if (!(holder instanceof Holder.Stranger)) {
            throw new IllegalStateException("no stranger has " + ip);
          }
          addresses.release(address, holder);
          rememberNow();
        });
  }

  /** The whole state as values, in an order of its own, after a check of every invariant. */
  public VpcSnapshot snapshot() {
    return locked(
        () -> {
          invariants.checkAll();
          return new VpcSnapshot(
              addresses.subnets().stream().map(s -> s.view(vpcId())).toList(),
              enis.values().stream()
                  .map(Eni::view)
                  .sorted(Comparator.comparing(EniView::id))
                  .toList(),
              reservations.values().stream()
                  .map(Reservation::view)
                  .sorted(Comparator.comparing(ReservationView::ip))
                  .toList(),
              addresses.holders().entrySet().stream()
                  .filter(e -> e.getValue() instanceof Holder.Stranger)
                  .map(e -> new VpcSnapshot.StrangerView(e.getKey(), e.getValue().label()))
                  .sorted(Comparator.comparing(VpcSnapshot.StrangerView::ip))
                  .toList());
        });
  }

  Eni eni(String id) {
    Eni eni = enis.get(id);
    if (eni == null) {
      throw Refusal.notFound(id);
    }
    return eni;
  }

  Machine machine(String id) {
    Machine machine = machines.get(id);
    if (machine == null) {
      throw Refusal.notFound(id);
    }
    return machine;
  }

  /** The slots of an ENI, its primary address's included, where it is now. */
  int slotsOf(Eni eni) {
    return eni.instanceId
        .map(id -> slots(machine(id).limit, eni.attachType))
        .orElse(settings.addressesPerUnattachedEni());
  }

  static int slots(VpcLayout.InstanceLimit limit, int attachType) {
    return attachType == 0 ? limit.addressesPerEni() : limit.addressesPerExtensionEni();
  }

  /** Starts a task that has these ENIs to itself, checks the invariants now and at its end. */
  void begin(
      Ticket ticket,
      String what,
      long latencyMillis,
      List<Eni> involved,
      Runnable done,
      Runnable undone) {
    involved.forEach(e -> e.running++);
    tasks.start(
        new TaskView(
            ticket.requestId(),
            what,
            involved.stream().map(e -> e.id).toList(),
            clock.instant().plusMillis(Math.max(latencyMillis, settings.shortestTask().toMillis())),
            ticket.fate()),
        () -> end(involved, done),
        () -> end(involved, undone));
    involved.forEach(invariants::check);
    rememberNow();
  }

  private void end(List<Eni> involved, Runnable effect) {
    involved.forEach(e -> e.running--);
    effect.run();
    involved.forEach(invariants::check);
    rememberNow();
  }

  /** Something has changed that those see later who are behind. */
  void rememberNow() {
    if (past.isKept()) {
      past.add(clock.instant(), enis());
    }
    if (pastHolders.isKept()) {
      pastHolders.add(clock.instant(), heldAddresses());
    }
  }

  VpcLayout.Latencies latencies() {
    return layout.latencies();
  }
}
