package io.eniipamd.domain.node;

import io.eniipamd.domain.address.Ip;

/**
 * An ENI that is recorded, by the {@code VpcIP} of its primary address, and not yet in the node's
 * status.
 *
 * @param primaryIp the address
 * @param subnetId its subnet
 * @param standing how its binding stands
 */
public record Coming(Ip primaryIp, String subnetId, Standing standing) {

  /** How the binding of an ENI stands. */
  public sealed interface Standing {
    /** Nothing goes on: it may begin, or begin again. */
    record Open() implements Standing {}

    /** The cloud is at it. */
    record UnderWay() implements Standing {}

    /** It failed, and it is too early for another try. */
    record Paused(Trouble trouble) implements Standing {}

    /** It has just failed. */
    record Refused(Refusal refusal, String said) implements Standing {}

    /** It is on the node. */
    record Bound(BoundEni eni) implements Standing {}
  }

  /** What a failure of binding means. */
  public enum Refusal {
    /** A quota is used up; it may be raised at any time. */
    QUOTA,
    /** The subnet has no address left, whatever the book says. */
    SUBNET_FULL,
    /** Somebody who is not of this cluster has the address. */
    ADDRESS_TAKEN,
    /** The credentials do not allow it. */
    DENIED,
    /** Anything else. */
    OTHER
  }
}
