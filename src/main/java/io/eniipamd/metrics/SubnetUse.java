package io.eniipamd.metrics;

/**
 * How the addresses of a subnet are used.
 *
 * @param id like {@code subnet-…}
 * @param zone the availability zone of the subnet
 * @param total addresses that anybody can have, by the cloud's count
 * @param available addresses that nobody has, by the cloud's count
 * @param pods held by Pods that live
 * @param enis primary addresses of ENIs
 * @param retained kept for fixed-IP Pods that are away
 * @param warm on an ENI already and held by nobody
 * @param releasing being given back, or given back and resting
 */
public record SubnetUse(
    String id,
    String zone,
    long total,
    long available,
    long pods,
    long enis,
    long retained,
    long warm,
    long releasing) {}
