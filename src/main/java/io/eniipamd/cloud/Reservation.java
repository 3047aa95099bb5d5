package io.eniipamd.cloud;

import io.eniipamd.domain.address.Ip;
import java.util.Map;
import java.util.Optional;

/**
 * A reserved private address: the cloud does not choose it for others, and it takes no slot of an
 * ENI.
 *
 * @param id like {@code rsvip-…}
 * @param subnetId the subnet that the address belongs to
 * @param address what is held
 * @param name the name that its creator gave it
 * @param boundTo the ENI that has the address; empty while none has it
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
