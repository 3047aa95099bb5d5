package io.eniipamd.simulator.model;

import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An ENI at a moment.
 *
 * @param primary whether it is a machine's own one
 * @param instanceId the machine that it is on, or on its way to or from
 * @param deviceIndex its number there, 0 for the primary one
 * @param attachType 0 standard, 1 extension
 * @param addresses the primary one first, then in the order in which they came
 */
@RecordBuilder
public record EniView(
    String id,
    String name,
    String description,
    String subnetId,
    String zone,
    String mac,
    boolean primary,
    EniState state,
    Optional<String> instanceId,
    int deviceIndex,
    Optional<Instant> attachedAt,
    int attachType,
    String qosLevel,
    Instant createdAt,
    List<Address> addresses,
    Map<String, String> tags,
    List<String> securityGroups) {

  /** An address on the ENI. */
  public record Address(Ipv4 ip, boolean primary, AddressState state) {}

  /** The same without its tags. */
  public EniView untagged() {
    return EniViewBuilder.builder(this).tags(Map.of()).build();
  }
}
