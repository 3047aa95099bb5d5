package io.eniipamd.simulator.model;

import io.eniipamd.simulator.layout.VpcLayout;
import java.time.Instant;

/** A virtual machine. Guarded by the model's lock. */
final class Machine {
  static final String RUNNING = "RUNNING";

  final VpcLayout.Instance layout;
  final VpcLayout.InstanceLimit limit;
  final String primaryEniId;
  final Ipv4 primaryIp;
  final Instant createdAt;
  String state = RUNNING;

  Machine(
      VpcLayout.Instance layout,
      VpcLayout.InstanceLimit limit,
      String primaryEniId,
      Ipv4 primaryIp,
      Instant createdAt) {
    this.layout = layout;
    this.limit = limit;
    this.primaryEniId = primaryEniId;
    this.primaryIp = primaryIp;
    this.createdAt = createdAt;
  }

  InstanceView view() {
    return new InstanceView(layout, limit, primaryIp, state, createdAt);
  }
}
