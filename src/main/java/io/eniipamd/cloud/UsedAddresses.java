package io.eniipamd.cloud;

import io.eniipamd.domain.address.Ip;
import java.util.List;

/**
 * A part of the list of the used addresses of a subnet.
 *
 * @param addresses those that can be read
 * @param rows how many rows this part has, whether they can be read or not
 * @param total how many rows the whole list has
 */
public record UsedAddresses(List<Ip> addresses, int rows, long total) {
  public UsedAddresses {
    addresses = List.copyOf(addresses);
  }
}
