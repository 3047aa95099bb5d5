package io.eniipamd.simulator.model;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An ENI to be made.
 *
 * @param primaryIp its primary address, if the caller names it
 * @param secondaryIps named secondary addresses
 * @param secondaryCount further ones that the cloud chooses
 * @param instanceId the machine to attach it to at once, if any
 * @param attachType 0 standard, 1 extension
 * @param at the time of the request
 */
public record EniOrder(
    String vpcId,
    String subnetId,
    String name,
    String description,
    List<String> securityGroups,
    Map<String, String> tags,
    Optional<Ipv4> primaryIp,
    List<Ipv4> secondaryIps,
    int secondaryCount,
    String qosLevel,
    Optional<String> instanceId,
    int attachType,
    Instant at) {

  /** How many addresses the ENI is to have in all. */
  int addressCount() {
    return 1 + secondaryIps.size() + secondaryCount;
  }
}
