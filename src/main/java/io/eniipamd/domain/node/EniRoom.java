package io.eniipamd.domain.node;

/**
 * An ENI that is on its node or on its way to it, as room for Pods.
 *
 * @param subnetId the subnet of all its addresses
 * @param slots Pod addresses that it can carry
 * @param used how many of these are used; more than there are slots after a cap was lowered
 */
public record EniRoom(String subnetId, int slots, int used) {
  public int free() {
    return Math.max(0, slots - used);
  }
}
