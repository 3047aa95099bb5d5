package io.eniipamd.cloud;

import io.eniipamd.domain.address.Ip;
import java.util.Map;

/**
 * An address to be reserved.
 *
 * @param name at most 60 bytes; by it the reservation is found again
 * @param subnetId the subnet that the address belongs to
 * @param address a free address
 * @param tags what identifies the reservations of this cluster
 */
public record ReservationSpec(String name, String subnetId, Ip address, Map<String, String> tags) {
  public ReservationSpec {
    tags = Map.copyOf(tags);
  }
}
