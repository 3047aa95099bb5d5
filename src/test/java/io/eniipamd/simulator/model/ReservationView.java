package io.eniipamd.simulator.model;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A reserved private address at a moment.
 *
 * @param eniId the ENI that it is on, if any
 */
public record ReservationView(
    String id,
    String subnetId,
    Ipv4 ip,
    Optional<String> eniId,
    String name,
    String description,
    Map<String, String> tags,
    Instant createdAt) {}
