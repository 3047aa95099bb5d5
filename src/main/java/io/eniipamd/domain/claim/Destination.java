package io.eniipamd.domain.claim;

import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.ZoneLabels;
import java.util.Optional;

/**
 * Where the address of a claim is from, or will be: the Pod has to run in that zone.
 *
 * @param ip the address, where it is known which
 * @param subnet the id of its subnet, or of several in that zone
 * @param zone the name of the zone
 * @param labels how the nodes of the zone are labelled; empty where no node tells
 */
public record Destination(
    Optional<Ip> ip, String subnet, String zone, Optional<ZoneLabels> labels) {

  /** Whether what the Pod itself says of zones excludes this one. */
  public boolean isExcludedBy(PodZones zones) {
    return labels.filter(l -> !zones.allow(l.common())).isPresent();
  }
}
