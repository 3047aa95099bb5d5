package io.eniipamd.simulator.model;

import java.time.Instant;

/**
 * A subnet at a moment.
 *
 * @param total usable addresses
 * @param available free addresses
 */
public record SubnetView(
    String id,
    String name,
    String vpcId,
    CidrBlock cidr,
    String zone,
    long total,
    long available,
    Instant createdAt) {}
