package io.eniipamd.simulator.model;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** A reserved private address. Guarded by the model's lock. */
final class Reservation {
  final String id;
  final String subnetId;
  final Ipv4 ip;
  final String name;
  final String description;
  final Map<String, String> tags;
  final Instant createdAt;
  Optional<String> eniId = Optional.empty();

  Reservation(
      String id,
      String subnetId,
      Ipv4 ip,
      String name,
      String description,
      Map<String, String> tags,
      Instant createdAt) {
    this.id = id;
    this.subnetId = subnetId;
    this.ip = ip;
    this.name = name;
    this.description = description;
    this.tags = Map.copyOf(tags);
    this.createdAt = createdAt;
  }

  ReservationView view() {
    return new ReservationView(id, subnetId, ip, eniId, name, description, tags, createdAt);
  }
}
