package io.eniipamd.domain.claim;

import io.eniipamd.domain.address.Ip;

/** What people are told of a Pod that runs with an address which its claim cannot be bound to. */
public final class RunsElsewhere {
  /** The reason of the event and of the condition. */
  public static final String REASON = "RunsOnOtherNetwork";

  /** The reason while the cloud does not tell. */
  public static final String UNCLEAR = "AddressUnclear";

  private RunsElsewhere() {}

  /** The address is none of ours. */
  public static String message(Ip ip) {
    return ("the Pod runs with %s already, which is no free address of the configured subnets, nor on"
            + " an ENI of this cluster; it gets none while it runs. Delete the Pod, so that its next"
            + " one gets an address, or take its VPC-CNI annotations away")
        .formatted(ip);
  }

  /**
   * The cloud does not tell whose the address is.
   *
   * @param said what it says instead
   */
  public static String unclear(Ip ip, String said) {
    return "the Pod runs with %s already, and the cloud does not tell where that is: %s"
        .formatted(ip, said);
  }

  /** It is ours, and the claim holds another one. */
  public static String holdsAnother(Ip ip, Ip held) {
    return ("the Pod runs with %s already, but its claim holds %s; it gets none while it runs. Delete"
            + " the Pod, so that its next one gets %s")
        .formatted(ip, held, held);
  }
}
