package io.eniipamd.simulator.model;

import io.eniipamd.simulator.layout.VpcLayout;
import java.time.Instant;

/**
 * A virtual machine at a moment.
 *
 * @param layout what it is
 * @param limit what it may have
 * @param primaryIp its own address
 * @param state like {@code RUNNING}
 */
public record InstanceView(
    VpcLayout.Instance layout,
    VpcLayout.InstanceLimit limit,
    Ipv4 primaryIp,
    String state,
    Instant createdAt) {}
