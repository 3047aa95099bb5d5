package io.eniipamd.simulator.model;

import java.util.HashMap;
import java.util.Map;

/**
 * What is true of a VPC whatever is asked of it. A violation is a mistake of the simulation, not of
 * its client, so it is an error and not a refusal.
 */
final class Invariants {
  private final VpcModel model;

  Invariants(VpcModel model) {
    this.model = model;
  }

  /** Checks one ENI, gone ones included. */
  void check(Eni eni) {
    if (!model.enis.containsKey(eni.id)) {
      return;
    }
    for (Ipv4 ip : eni.addresses.keySet()) {
      require(eni.subnet.cidr().contains(ip), ip + " on " + eni.id + " is not of its subnet");
      Holder holder = model.addresses.holderOf(ip).orElse(null);
      require(
          new Holder.Eni(eni.id).equals(holder),
          ip + " is on " + eni.id + " but held by " + holder);
    }
    require(eni.addresses.containsKey(eni.primaryIp), eni.id + " has lost its primary address");
    require(eni.incoming >= 0 && eni.running >= 0, eni.id + " counts below zero");
    eni.instanceId.ifPresent(
        id -> {
          Machine machine = model.machine(id);
          require(
              machine.layout.zone().equals(eni.subnet.zone()),
              eni.id + " is in another zone than " + id);
          require(eni.usedSlots() <= model.slotsOf(eni), eni.id + " has more than its slots");
        });
  }

  /** Checks the whole state. */
  void checkAll() {
    Map<Ipv4, String> seen = new HashMap<>();
    for (Eni eni : model.enis.values()) {
      check(eni);
      for (Ipv4 ip : eni.addresses.keySet()) {
        String other = seen.put(ip, eni.id);
        require(other == null, ip + " is on " + eni.id + " and on " + other);
      }
    }
    model
        .addresses
        .holders()
        .forEach(
            (ip, holder) -> {
              if (holder instanceof Holder.Eni(String id)) {
                require(id.equals(seen.get(ip)), ip + " is held by " + id + " but not on it");
              }
            });
    for (Machine machine : model.machines.values()) {
      for (int type = 0; type <= 1; type++) {
        require(
            EniLifecycle.attachedCount(model, machine, type)
                <= EniLifecycle.eniLimit(machine, type),
            machine.layout.id() + " has more ENIs than it may");
      }
    }
  }

  private static void require(boolean held, String otherwise) {
    if (!held) {
      throw new IllegalStateException("the simulated VPC contradicts itself: " + otherwise);
    }
  }
}
