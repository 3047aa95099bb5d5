package io.eniipamd.domain.claim;

import io.eniipamd.domain.address.Ip;

/** What people are told of a Pod that runs with an address which its claim cannot be bound to. */
public final class RunsElsewhere {
  /** The reason of the event and of the condition. */
  public static final String REASON = "RunsOnOtherNetwork";

  private RunsElsewhere() {}

  /** The address is none of ours. */
  public static String message(Ip ip) {
    return ("the Pod runs with %s already, which is no free address of the configured subnets, nor on"
            + " an ENI of this cluster; it gets none while it runs. Delete the Pod, so that its next"
            + " one gets an address, or take its VPC-CNI annotations away")
        .formatted(ip);
  }

  /** It is ours, and the claim holds another one. */
  public static String holdsAnother(Ip ip, Ip held) {
    return ("the Pod runs with %s already, but its claim holds %s; it gets none while it runs. Delete"
            + " the Pod, so that its next one gets %s")
        .formatted(ip, held, held);
  }
}
