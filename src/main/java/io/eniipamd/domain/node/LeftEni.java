package io.eniipamd.domain.node;

import io.eniipamd.domain.address.Ip;

/**
 * An ENI that was made for a node and is not on its instance: it was on the machine that had the
 * node's name before, or a user has detached or deleted it.
 *
 * @param primaryIp its own address
 * @param eniId like {@code eni-…}
 * @param where what the cloud says of it
 * @param recorded whether its own address has a record still
 */
public record LeftEni(Ip primaryIp, String eniId, Where where, boolean recorded) {

  /** Where the cloud has it. */
  public enum Where {
    /** The cloud does not have it any more. */
    GONE,
    /** On no instance, and no address is on it beside its own. */
    EMPTY,
    /** On no instance; it has addresses that claims may retain. */
    LOADED,
    /** On another instance. */
    ELSEWHERE,
    /** Its tag names another cluster, or none. */
    OTHERS,
    /** The cloud is at it, or a try to delete it has failed a moment ago. */
    BUSY
  }
}
