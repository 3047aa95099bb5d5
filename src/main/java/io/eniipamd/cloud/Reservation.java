package io.eniipamd.cloud;

import io.eniipamd.domain.address.Ip;
import java.util.Map;
import java.util.Optional;

/**
 * A reserved private address: the cloud hands it to nobody by itself, and it takes no slot of an
 * ENI.
 *
 * @param id like {@code rsvip-…}
 * @param subnetId the subnet that the address belongs to
 * @param address what is held
 * @param name what it was called by whoever reserved it
 * @param boundTo the ENI that has the address, empty while nobody has it
 * @param tags key to value
 */
public record Reservation(
    String id,
    String subnetId,
    Ip address,
    String name,
    Optional<String> boundTo,
    Map<String, String> tags) {
  public Reservation {
    tags = Map.copyOf(tags);
  }
}
