package io.eniipamd.simulator.model;

import java.time.Instant;

/**
 * A subnet at a moment.
 *
 * @param total addresses that somebody could have
 * @param available addresses that nobody has
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
