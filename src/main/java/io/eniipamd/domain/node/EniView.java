package io.eniipamd.domain.node;

import io.eniipamd.domain.address.Cidr;
import io.eniipamd.domain.address.Ip;

/**
 * An attached ENI of a node.
 *
 * @param slots how many Pod addresses it has room for
 * @param used how many of these are used, or about to be
 * @param refusing whether the cloud has refused to put a further address on it a moment ago,
 *     although it has room by the records
 * @param subnetFull whether its subnet has no free address left, by the records or by what the
 *     cloud has answered a moment ago
 */
public record EniView(
    String eniId,
    String mac,
    String subnetId,
    Cidr cidr,
    Ip gateway,
    int slots,
    int used,
    boolean refusing,
    boolean subnetFull) {

  /** Whether it can carry another address, of whichever origin. */
  public boolean hasRoom() {
    return used < slots && !refusing;
  }
}
