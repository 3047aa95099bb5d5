package io.eniipamd.domain.node;

import io.eniipamd.domain.address.Ip;

/**
 * An ENI that is recorded, by the {@code VpcIP} of its primary address, and not yet in the node's
 * status.
 *
 * @param primaryIp the address
 * @param subnetId its subnet
 * @param standing the state of its binding
 */
public record PendingEni(Ip primaryIp, String subnetId, BindingState standing) {

  /** The state of the binding of an ENI. */
  public sealed interface BindingState {
    /** Nothing goes on: it may begin, or begin again. */
    record Open() implements BindingState {}

    /** The cloud is at it. */
    record UnderWay() implements BindingState {}

    /** It failed, and it is too early for another try. */
    record Paused(Problem problem) implements BindingState {}

    /**
     * It has just failed.
     *
     * @param said the cloud's words
     * @param quota what is known of the quota of the VPC, where it is the cause
     */
    record Refused(Refusal refusal, String said, QuotaUse quota) implements BindingState {
      public Refused(Refusal refusal, String said) {
        this(refusal, said, QuotaUse.UNKNOWN);
      }
    }

    /** It is on the node. */
    record Bound(BoundEni eni) implements BindingState {}
  }

  /** What a failure of binding means. */
  public enum Refusal {
    /** The quota of the VPC is used up; it may be raised at any time. */
    QUOTA,
    /** The instance has all of the ENIs that it may have, whatever they are. */
    INSTANCE_FULL,
    /** The subnet has no address left, whatever the book says. */
    SUBNET_FULL,
    /** A user outside this cluster has the address. */
    ADDRESS_TAKEN,
    /** The credentials do not allow it. */
    DENIED,
    /** Anything else. */
    OTHER
  }
}
