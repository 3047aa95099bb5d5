package io.eniipamd.simulator.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Assigning, unassigning and migrating secondary addresses. Call it within {@link VpcModel#locked}.
 */
public final class AddressLife {
  private final VpcModel model;

  AddressLife(VpcModel model) {
    this.model = model;
  }

  /** Begins to put addresses on an ENI: named ones, and a number that the cloud chooses. */
  public List<EniView.Address> assign(Ticket ticket, String eniId, List<Ipv4> named, int count) {
    Eni eni = model.eni(eniId);
    requireDistinct(named);
    requireSteady(eni);
    requireTakeable(eni.subnet, named);
    int slots = model.slotsOf(eni);
    if (eni.usedSlots() + named.size() + count > slots) {
      throw new Refusal("LimitExceeded", "The IP quota of `" + eniId + "` is " + slots + ".");
    }
    List<Ipv4> all = new ArrayList<>(named);
    all.addAll(model.addresses.pickFree(eni.subnet, count, named));
    put(eni, all, AddressState.PENDING);
    model.begin(
        ticket,
        "assign",
        model.latencies().addressMillis(),
        List.of(eni),
        () -> mark(eni, all, AddressState.AVAILABLE),
        () -> take(eni, all));
    return all.stream().map(ip -> new EniView.Address(ip, false, AddressState.PENDING)).toList();
  }

  /** Begins to take addresses from an ENI. */
  public void unassign(Ticket ticket, String eniId, List<Ipv4> ips) {
    unassign(ticket, eniId, ips, Optional.empty());
  }

  /** Begins to take addresses from an ENI and, where a machine is named, the ENI from it. */
  public void unassign(Ticket ticket, String eniId, List<Ipv4> ips, Optional<String> detachFrom) {
    Eni eni = model.eni(eniId);
    requireDistinct(ips);
    requireSteady(eni);
    for (Ipv4 ip : ips) {
      if (ip.equals(eni.primaryIp)) {
        throw new Refusal(
            "InvalidParameterValue.Malformed", ip + " is the primary IP of `" + eniId + "`.");
      }
      if (!eni.addresses.containsKey(ip)) {
        throw new Refusal(
            "UnsupportedOperation.AttachmentNotFound", ip + " is not on `" + eniId + "`.");
      }
    }
    if (detachFrom.isPresent()) {
      if (!eni.instanceId.equals(detachFrom)) {
        throw new Refusal(
            "UnsupportedOperation.AttachmentNotFound",
            "`" + eniId + "` is not attached to " + detachFrom.get() + ".");
      }
      EniLifecycle.requireSecondary(eni);
      eni.state = EniState.DETACHING;
    }
    mark(eni, ips, AddressState.DELETING);
    model.begin(
        ticket,
        detachFrom.isPresent() ? "unassign and detach" : "unassign",
        model.latencies().addressMillis(),
        List.of(eni),
        () -> {
          take(eni, ips);
          if (detachFrom.isPresent()) {
            EniLifecycle.unhook(eni);
          }
        },
        () -> {
          mark(eni, ips, AddressState.AVAILABLE);
          eni.state = EniState.AVAILABLE;
        });
  }

  /** Begins to move an address to another ENI of the same subnet; it stays taken throughout. */
  public void migrate(Ticket ticket, String sourceId, String destinationId, Ipv4 ip) {
    Eni source = model.eni(sourceId);
    Eni destination = model.eni(destinationId);
    if (ip.equals(source.primaryIp)) {
      throw new Refusal(
          "UnauthorizedOperation.PrimaryIp", ip + " is the primary IP of `" + sourceId + "`.");
    }
    if (!source.addresses.containsKey(ip)) {
      throw new Refusal(
          "UnauthorizedOperation.AttachmentNotFound", ip + " is not on `" + sourceId + "`.");
    }
    if (source == destination) {
      throw new Refusal("InvalidParameterValue.Malformed", "Source and destination are the same.");
    }
    if (source.subnet != destination.subnet) {
      throw new Refusal("UnsupportedOperation", "The network interfaces are in different subnets.");
    }
    requireNoTask(source);
    requireNoTask(destination);
    int slots = model.slotsOf(destination);
    if (destination.usedSlots() + 1 > slots) {
      throw new Refusal("LimitExceeded", "The IP quota of `" + destinationId + "` is " + slots);
    }
    source.addresses.put(ip, AddressState.MIGRATING);
    destination.incoming++;
    model.begin(
        ticket,
        "migrate",
        model.latencies().migrateMillis(),
        List.of(source, destination),
        () -> move(source, destination, ip),
        () -> {
          destination.incoming--;
          source.addresses.put(ip, AddressState.AVAILABLE);
        });
  }

  /** Refuses if one of the addresses is not of the subnet, is the platform's, or is in use. */
  void requireTakeable(SubnetSpace subnet, Collection<Ipv4> ips) {
    for (Ipv4 ip : ips) {
      if (!subnet.cidr().contains(ip)) {
        throw new Refusal(
            "InvalidParameterValue.Range", ip + " is outside of the subnet " + subnet.cidr());
      }
      if (subnet.isPlatforms(ip)) {
        throw new Refusal("InvalidParameterValue.Reserved", ip + " is reserved by the system.");
      }
      Optional<Holder> holder = model.addresses.holderOf(ip);
      boolean takeable =
          holder.isEmpty()
              || (holder.get() instanceof Holder.Reserved
                  && model.settings().assignTakesReserved());
      if (!takeable) {
        throw new Refusal("ResourceInUse", "The IP " + ip + " is in use.");
      }
    }
  }

  /** Puts takeable addresses on an ENI. */
  void put(Eni eni, List<Ipv4> ips, AddressState state) {
    Holder.Eni holder = new Holder.Eni(eni.id);
    for (Ipv4 ip : ips) {
      Optional<Holder> before = model.addresses.holderOf(ip);
      if (before.isPresent() && before.get() instanceof Holder.Reserved reserved) {
        model.addresses.pass(ip, reserved, holder);
        model.reservations.get(reserved.reserveIpId()).eniId = Optional.of(eni.id);
      } else {
        model.addresses.take(ip, holder);
      }
      eni.addresses.put(ip, state);
    }
  }

  /** Takes addresses from an ENI; a reserved one stays reserved. */
  void take(Eni eni, List<Ipv4> ips) {
    Holder.Eni holder = new Holder.Eni(eni.id);
    for (Ipv4 ip : ips) {
      eni.addresses.remove(ip);
      Optional<Reservation> reservation = model.reservations().of(ip);
      if (reservation.isPresent()) {
        model.addresses.pass(ip, holder, new Holder.Reserved(reservation.get().id));
        reservation.get().eniId = Optional.empty();
      } else {
        model.addresses.release(ip, holder);
      }
    }
  }

  private void move(Eni source, Eni destination, Ipv4 ip) {
    destination.incoming--;
    source.addresses.remove(ip);
    destination.addresses.put(ip, AddressState.AVAILABLE);
    model.addresses.pass(ip, new Holder.Eni(source.id), new Holder.Eni(destination.id));
    model.reservations().of(ip).ifPresent(r -> r.eniId = Optional.of(destination.id));
  }

  private static void mark(Eni eni, List<Ipv4> ips, AddressState state) {
    ips.forEach(ip -> eni.addresses.put(ip, state));
  }

  private static void requireDistinct(List<Ipv4> ips) {
    if (new HashSet<>(ips).size() < ips.size()) {
      throw new Refusal("InvalidParameterValue.DuplicatePara", "An address is named twice.");
    }
  }

  private static void requireSteady(Eni eni) {
    if (eni.state != EniState.AVAILABLE) {
      throw Refusal.invalidState(eni.id + " is " + eni.state);
    }
    requireNoTask(eni);
  }

  private static void requireNoTask(Eni eni) {
    if (eni.running > 0) {
      throw new Refusal(
          "UnsupportedOperation.MutexOperationTaskRunning",
          "Another task of `" + eni.id + "` is running.");
    }
  }
}
