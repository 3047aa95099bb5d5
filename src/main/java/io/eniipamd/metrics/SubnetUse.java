package io.eniipamd.metrics;

/**
 * How the addresses of a subnet are used.
 *
 * @param id like {@code subnet-…}
 * @param zone the availability zone of the subnet
 * @param total usable addresses, as reported by the cloud
 * @param available free addresses, as reported by the cloud
 * @param pods of running Pods
 * @param enis primary addresses of ENIs
 * @param retained of fixed-IP Pods that are away
 * @param warm on an ENI already, of no claim
 * @param releasing leaving their ENI, or in quarantine
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
