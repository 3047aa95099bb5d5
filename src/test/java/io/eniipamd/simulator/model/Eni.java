package io.eniipamd.simulator.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An ENI and what is going on with it. Guarded by the model's lock. */
final class Eni {
  final String id;
  final String name;
  final String description;
  final SubnetSpace subnet;
  final String mac;
  final boolean primary;
  final Ipv4 primaryIp;
  final String qosLevel;
  final Instant createdAt;
  final Map<String, String> tags;
  final List<String> securityGroups;
  final Map<Ipv4, AddressState> addresses = new LinkedHashMap<>();

  EniState state = EniState.PENDING;
  Optional<String> instanceId = Optional.empty();
  Optional<Instant> attachedAt = Optional.empty();

  /** The machine that it is on its way to from another one, where it has a place already. */
  Optional<String> movingTo = Optional.empty();

  int deviceIndex;
  int attachType;

  /** Tasks that have this ENI to themselves. */
  int running;

  /** Slots promised to addresses that migrate here. */
  int incoming;

  Eni(String id, SubnetSpace subnet, String mac, boolean primary, Ipv4 primaryIp, EniOrder order) {
    this.id = id;
    this.subnet = subnet;
    this.mac = mac;
    this.primary = primary;
    this.primaryIp = primaryIp;
    this.name = order.name();
    this.description = order.description();
    this.qosLevel = order.qosLevel();
    this.createdAt = order.at();
    this.tags = new LinkedHashMap<>(order.tags());
    this.securityGroups = new ArrayList<>(order.securityGroups());
    this.attachType = order.attachType();
  }

  /** Slots in use or promised, the primary address's included. */
  int usedSlots() {
    return addresses.size() + incoming;
  }

  EniView view() {
    return new EniView(
        id,
        name,
        description,
        subnet.id(),
        subnet.zone(),
        mac,
        primary,
        state,
        instanceId,
        deviceIndex,
        attachedAt,
        attachType,
        qosLevel,
        createdAt,
        addresses.entrySet().stream()
            .map(e -> new EniView.Address(e.getKey(), e.getKey().equals(primaryIp), e.getValue()))
            .toList(),
        Map.copyOf(tags),
        List.copyOf(securityGroups));
  }
}
