package io.eniipamd.domain.node;

/**
 * The quota of a subnet, and what this cluster has there. Every address counts that has a record,
 * and every one that is about to get one.
 *
 * @param subnet its ID
 * @param quota how many addresses this cluster may take there
 * @param pods of Pods
 * @param enis ENIs' own
 * @param retained of fixed-IP Pods that are away
 * @param warm kept ready for Pods that come
 * @param releasing leaving their ENI, or in quarantine
 * @param coming chosen at this moment, and not recorded yet
 */
public record SubnetQuotaUse(
    String subnet,
    long quota,
    long pods,
    long enis,
    long retained,
    long warm,
    long releasing,
    long coming) {

  /** All that counts; more than the quota where the quota was lowered. */
  public long used() {
    return pods + enis + retained + warm + releasing + coming;
  }

  /** How many more this cluster may take. */
  public long left() {
    return Math.max(0, quota - used());
  }

  /** Whether this cluster may take no further address there. */
  public boolean isMet() {
    return left() == 0;
  }
}
