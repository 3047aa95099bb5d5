package io.eniipamd.simulator.model;

import io.eniipamd.simulator.layout.VpcLayout;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Making, attaching, detaching and deleting ENIs. Call it within {@link VpcModel#locked}. */
public final class EniLifecycle {
  private static final int STANDARD = 0;

  private final VpcModel model;

  EniLifecycle(VpcModel model) {
    this.model = model;
  }

  /** Begins to make an ENI, and to attach it where the order says so. */
  public EniView create(Ticket ticket, EniOrder order) {
    if (!order.vpcId().equals(model.vpcId())) {
      throw Refusal.notFound(order.vpcId());
    }
    requireGroups(order.securityGroups());
    SubnetSpace subnet = model.addresses.subnet(order.subnetId());
    Optional<Machine> machine = order.instanceId().map(model::machine);
    machine.ifPresent(m -> requireAttachable(m, subnet, order.attachType(), order.addressCount()));
    if (secondaryCount() >= model.settings().enisPerVpc()) {
      throw new Refusal(
          "LimitExceeded.NetworkInterfaceLimitExceeded",
          "The number of network interfaces in the VPC has reached the limit of "
              + model.settings().enisPerVpc()
              + ".");
    }
    int slots =
        machine
            .map(m -> VpcModel.slots(m.limit, order.attachType()))
            .orElse(model.settings().addressesPerUnattachedEni());
    if (order.addressCount() > slots) {
      throw new Refusal("LimitExceeded", "The IP quota of a network interface is " + slots + ".");
    }
    List<Ipv4> chosen = choose(subnet, order);
    Eni eni =
        new Eni(model.ids.next("eni"), subnet, model.ids.nextMac(), false, chosen.get(0), order);
    model.enis.put(eni.id, eni);
    model.addressLife().put(eni, chosen, AddressState.PENDING);
    machine.ifPresent(m -> hook(eni, m));
    VpcLayout.Latencies times = model.latencies();
    model.begin(
        ticket,
        machine.isPresent() ? "create and attach" : "create",
        times.createMillis() + (machine.isPresent() ? times.attachMillis() : 0),
        List.of(eni),
        () -> {
          eni.state = EniState.AVAILABLE;
          eni.addresses.replaceAll((ip, s) -> AddressState.AVAILABLE);
        },
        () -> remove(eni));
    return eni.view();
  }

  /** Begins to attach an ENI to a machine of its zone. */
  public void attach(Ticket ticket, String eniId, String instanceId, int attachType) {
    Eni eni = model.eni(eniId);
    Machine machine = model.machine(instanceId);
    requireSecondary(eni);
    if (eni.instanceId.isPresent()) {
      throw new Refusal(
          "UnsupportedOperation.AttachmentAlreadyExists",
          "The network interface `" + eniId + "` is attached to " + eni.instanceId.get() + ".");
    }
    requireIdle(eni);
    requireAttachable(machine, eni.subnet, attachType, eni.usedSlots());
    eni.state = EniState.ATTACHING;
    eni.attachType = attachType;
    hook(eni, machine);
    model.begin(
        ticket,
        "attach",
        model.latencies().attachMillis(),
        List.of(eni),
        () -> eni.state = EniState.AVAILABLE,
        () -> unhook(eni));
  }

  /** Begins to take an ENI from its machine. */
  public void detach(Ticket ticket, String eniId, String instanceId) {
    Eni eni = model.eni(eniId);
    model.machine(instanceId);
    requireSecondary(eni);
    requireIdle(eni);
    if (!eni.instanceId.equals(Optional.of(instanceId))) {
      throw Refusal.invalidState(eniId + " is not attached to " + instanceId);
    }
    eni.state = EniState.DETACHING;
    model.begin(
        ticket,
        "detach",
        model.latencies().detachMillis(),
        List.of(eni),
        () -> unhook(eni),
        () -> eni.state = EniState.AVAILABLE);
  }

  /**
   * Begins to move an ENI with all its addresses to another machine of its zone. It shows the old
   * one until it is on the new one, where its place is kept meanwhile.
   */
  public void migrate(
      Ticket ticket, String eniId, String sourceId, String destinationId, int attachType) {
    Eni eni = model.eni(eniId);
    model.machine(sourceId);
    Machine destination = model.machine(destinationId);
    requireSecondary(eni);
    if (!eni.instanceId.equals(Optional.of(sourceId))) {
      throw new Refusal(
          "UnsupportedOperation.AttachmentNotFound", eniId + " is not attached to " + sourceId);
    }
    if (sourceId.equals(destinationId)) {
      throw new Refusal("InvalidParameterValue.Malformed", "Source and destination are the same.");
    }
    if (attachType != eni.attachType) {
      throw new Refusal("UnsupportedOperation", "A migration does not change the attach type.");
    }
    requireIdle(eni);
    requireAttachable(destination, eni.subnet, attachType, eni.usedSlots());
    eni.state = EniState.DETACHING;
    eni.movingTo = Optional.of(destinationId);
    VpcLayout.Latencies times = model.latencies();
    model.begin(
        ticket,
        "migrate interface",
        times.detachMillis() + times.attachMillis(),
        List.of(eni),
        () -> {
          eni.movingTo = Optional.empty();
          eni.state = EniState.AVAILABLE;
          hook(eni, destination);
        },
        () -> {
          eni.movingTo = Optional.empty();
          eni.state = EniState.AVAILABLE;
        });
  }

  /** Begins to delete an ENI that is on no machine; its addresses are free at the end. */
  public void delete(Ticket ticket, String eniId) {
    Eni eni = model.eni(eniId);
    requireSecondary(eni);
    requireIdle(eni);
    if (eni.instanceId.isPresent()) {
      throw new Refusal(
          "ResourceInUse",
          "The network interface `" + eniId + "` is attached to " + eni.instanceId.get() + ".");
    }
    eni.state = EniState.DELETING;
    model.begin(
        ticket,
        "delete",
        model.latencies().deleteMillis(),
        List.of(eni),
        () -> remove(eni),
        () -> eni.state = EniState.AVAILABLE);
  }

  /** Adds or takes away security groups of ENIs, at once. */
  public void changeSecurityGroups(Collection<String> eniIds, List<String> groups, boolean add) {
    List<Eni> enis = eniIds.stream().map(model::eni).toList();
    requireGroups(groups);
    for (Eni eni : enis) {
      requireSecondary(eni);
      eni.securityGroups.removeAll(groups);
      if (add) {
        eni.securityGroups.addAll(groups);
      }
    }
    model.rememberNow();
  }

  /** Gives an ENI these security groups in place of those that it has, at once. */
  public void setSecurityGroups(String eniId, List<String> groups) {
    Eni eni = model.eni(eniId);
    requireGroups(groups);
    requireSecondary(eni);
    eni.securityGroups.clear();
    eni.securityGroups.addAll(groups);
    model.rememberNow();
  }

  private void requireGroups(Collection<String> groups) {
    groups.stream()
        .filter(model.settings().missingSecurityGroups()::contains)
        .findFirst()
        .ifPresent(
            missing -> {
              throw Refusal.notFound(missing);
            });
  }

  Eni addPrimary(VpcLayout.Instance instance) {
    SubnetSpace subnet = model.addresses.subnet(instance.subnetId());
    if (!subnet.zone().equals(instance.zone())) {
      throw new IllegalArgumentException(
          instance.id() + " is in " + instance.zone() + ", its subnet in " + subnet.zone());
    }
    EniOrder order =
        new EniOrder(
            model.vpcId(),
            subnet.id(),
            "Primary-" + instance.id(),
            "",
            List.of(),
            Map.of(),
            Optional.ofNullable(instance.primaryIp()).map(Ipv4::of),
            List.of(),
            0,
            "DEFAULT",
            Optional.empty(),
            STANDARD,
            model.now());
    Eni eni =
        new Eni(
            model.ids.next("eni"),
            subnet,
            model.ids.nextMac(),
            true,
            choose(subnet, order).get(0),
            order);
    model.enis.put(eni.id, eni);
    model.addressLife().put(eni, List.of(eni.primaryIp), AddressState.AVAILABLE);
    eni.state = EniState.AVAILABLE;
    eni.instanceId = Optional.of(instance.id());
    eni.attachedAt = Optional.of(model.now());
    return eni;
  }

  /** Takes everything from a machine that ends. */
  void orphan(Machine machine) {
    List<Eni> attached = attached(model, machine);
    attached.stream()
        .filter(e -> e.running > 0)
        .findFirst()
        .ifPresent(
            e -> {
              throw new IllegalStateException(e.id + " is busy, " + machine.layout.id() + " stays");
            });
    for (Eni eni : attached) {
      if (eni.primary) {
        remove(eni);
      } else {
        unhook(eni);
      }
    }
  }

  static long attachedCount(VpcModel model, Machine machine, int attachType) {
    return attached(model, machine).stream().filter(e -> e.attachType == attachType).count();
  }

  static int eniLimit(Machine machine, int attachType) {
    return attachType == STANDARD ? machine.limit.enis() : machine.limit.extensionEnis();
  }

  static void requireIdle(Eni eni) {
    if (eni.state != EniState.AVAILABLE || eni.running > 0) {
      throw Refusal.invalidState(eni.id + " is " + eni.state + ", tasks running: " + eni.running);
    }
  }

  private static List<Eni> attached(VpcModel model, Machine machine) {
    Optional<String> id = Optional.of(machine.layout.id());
    return model.enis.values().stream()
        .filter(e -> e.instanceId.equals(id) || e.movingTo.equals(id))
        .toList();
  }

  private List<Ipv4> choose(SubnetSpace subnet, EniOrder order) {
    List<Ipv4> named = new ArrayList<>();
    order.primaryIp().ifPresent(named::add);
    named.addAll(order.secondaryIps());
    if (new HashSet<>(named).size() < named.size()) {
      throw new Refusal("InvalidParameterValue", "An address is named twice.");
    }
    model.addressLife().requireTakeable(subnet, named);
    List<Ipv4> free = model.addresses.pickFree(subnet, order.addressCount() - named.size(), named);
    List<Ipv4> all = new ArrayList<>();
    if (order.primaryIp().isPresent()) {
      all.addAll(named);
      all.addAll(free);
    } else {
      all.add(free.get(0));
      all.addAll(named);
      all.addAll(free.subList(1, free.size()));
    }
    return all;
  }

  private void requireAttachable(Machine machine, SubnetSpace subnet, int attachType, int slots) {
    String id = machine.layout.id();
    if (!machine.layout.zone().equals(subnet.zone())) {
      throw new Refusal(
          "UnsupportedOperation.ZoneMismatch",
          "The network interface is in "
              + subnet.zone()
              + ", "
              + id
              + " in "
              + machine.layout.zone());
    }
    if (!machine.state.equals(Machine.RUNNING) && !machine.state.equals("STOPPED")) {
      throw new Refusal(
          "UnsupportedOperation.ResourceIsInvalidState",
          "The state of " + id + " is " + machine.state);
    }
    if (attachedCount(model, machine, attachType) >= eniLimit(machine, attachType)) {
      throw new Refusal(
          "LimitExceeded",
          "The network interface quota of " + id + " is " + eniLimit(machine, attachType));
    }
    if (slots > VpcModel.slots(machine.limit, attachType)) {
      throw new Refusal(
          "LimitExceeded",
          "The IP quota of a network interface of "
              + id
              + " is "
              + VpcModel.slots(machine.limit, attachType));
    }
  }

  static void requireSecondary(Eni eni) {
    if (eni.primary) {
      throw new Refusal(
          "UnsupportedOperation",
          "The primary network interface `" + eni.id + "` cannot be changed.");
    }
  }

  private long secondaryCount() {
    return model.enis.values().stream().filter(e -> !e.primary).count();
  }

  private void hook(Eni eni, Machine machine) {
    List<Integer> used = attached(model, machine).stream().map(e -> e.deviceIndex).toList();
    int index = 1;
    while (used.contains(index)) {
      index++;
    }
    eni.deviceIndex = index;
    eni.instanceId = Optional.of(machine.layout.id());
    eni.attachedAt = Optional.of(model.now());
  }

  static void unhook(Eni eni) {
    eni.state = EniState.AVAILABLE;
    eni.instanceId = Optional.empty();
    eni.attachedAt = Optional.empty();
    eni.deviceIndex = 0;
    eni.attachType = STANDARD;
  }

  private void remove(Eni eni) {
    model.addressLife().take(eni, List.copyOf(eni.addresses.keySet()));
    model.enis.remove(eni.id);
  }
}
