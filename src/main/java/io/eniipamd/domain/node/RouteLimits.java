package io.eniipamd.domain.node;

import java.util.stream.IntStream;

/**
 * How many shared ENIs a node may have and how many Pod addresses each may carry. The primary ENI
 * of the instance and the primary address of an ENI are no Pod's and are not in these numbers.
 *
 * @param enis secondary ENIs, 0 or more
 * @param slotsPerEni secondary addresses of an ENI, 0 or more
 */
public record RouteLimits(int enis, int slotsPerEni) {

  public RouteLimits {
    enis = Math.max(0, enis);
    slotsPerEni = Math.max(0, slotsPerEni);
  }

  /**
   * From the cloud's answer, in which the primary ones count.
   *
   * @param enisInAll ENIs of the instance
   * @param addressesPerEni addresses of an ENI
   */
  public static RouteLimits ofCloud(int enisInAll, int addressesPerEni) {
    return new RouteLimits(enisInAll - 1, addressesPerEni - 1);
  }

  /** By the number of CPU cores, as the platform documents it, where the cloud does not say. */
  public static RouteLimits ofCores(int cores) {
    if (cores <= 1) {
      return new RouteLimits(1, 5);
    }
    if (cores <= 6) {
      return new RouteLimits(3, 9);
    }
    if (cores <= 10) {
      return new RouteLimits(5, 19);
    }
    return new RouteLimits(7, 29);
  }

  /** The same, and no more than these caps allow. */
  public RouteLimits capped(IntStream eniCaps, IntStream slotCaps) {
    return new RouteLimits(
        Math.min(enis, eniCaps.min().orElse(enis)),
        Math.min(slotsPerEni, slotCaps.min().orElse(slotsPerEni)));
  }

  /** How many Pod addresses the node can carry, which is what it offers to the scheduler. */
  public int offer() {
    return enis * slotsPerEni;
  }
}
