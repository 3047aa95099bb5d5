package io.eniipamd.simulator.model;

import io.eniipamd.simulator.layout.VpcLayout;
import java.time.Instant;

/**
 * A virtual machine at a moment.
 *
 * @param layout what it is
 * @param primaryIp its own address
 * @param state like {@code RUNNING}
 */
public record InstanceView(
    VpcLayout.Instance layout, Ipv4 primaryIp, String state, Instant createdAt) {}
