package io.eniipamd.domain.node;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * A subnet that a node's ENIs may be from.
 *
 * @param id like {@code subnet-…}
 * @param zone where it lies
 * @param free how many addresses of it can still be had, its quota kept
 * @param quota its quota and the use of it, where it has one
 */
public record SubnetRoom(String id, String zone, long free, Optional<SubnetQuotaUse> quota) {

  /** A subnet without a quota. */
  public SubnetRoom(String id, String zone, long free) {
    this(id, zone, free, Optional.empty());
  }

  /** The quota, where it is what limits the number of free addresses. */
  public Optional<SubnetQuotaUse> limit() {
    return quota.filter(q -> q.left() <= free);
  }

  /** The quotas that limit the numbers of free addresses of these subnets. */
  public static List<SubnetQuotaUse> limits(Collection<SubnetRoom> rooms) {
    return rooms.stream().flatMap(room -> room.limit().stream()).toList();
  }
}
