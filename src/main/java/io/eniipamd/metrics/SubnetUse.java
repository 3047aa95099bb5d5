package io.eniipamd.metrics;

import java.util.Optional;

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
 * @param quota how many this cluster may take; empty where there is no quota
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
    long releasing,
    Optional<Long> quota) {

  /** The part of the quota that is used; all of it, where it is 0. */
  Optional<Double> quotaUsed() {
    return quota.map(
        most -> most == 0 ? 1.0 : (double) (pods + enis + retained + warm + releasing) / most);
  }
}
