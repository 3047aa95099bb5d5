package io.eniipamd.domain.node;

/**
 * A subnet that a node's ENIs may be from.
 *
 * @param id like {@code subnet-…}
 * @param zone where it lies
 * @param free how many addresses of it can still be had
 */
public record SubnetRoom(String id, String zone, long free) {}
