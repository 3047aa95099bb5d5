package io.eniipamd.kube.address;

import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPType;

/** What a record that no claim has was made for. */
public final class RecordPurpose {
  private RecordPurpose() {}

  /** Whether a record was made for an address that was found on an ENI without one. */
  public static boolean isStray(VpcIP vip) {
    return vip.getSpec().type() == VpcIPType.POD
        && vip.getSpec().claimRef() == null
        && vip.getSpec().eniId() != null
        && !isMadeWarm(vip);
  }

  /**
   * Whether the operator keeps the address ready on its ENI for a Pod that comes, or is putting it
   * there for that: no claim holds it, and it is not on its way out.
   */
  public static boolean isWarm(VpcIP vip) {
    return isMadeWarm(vip)
        && vip.getMetadata().getDeletionTimestamp() == null
        && switch (vip.statusOrEmpty().phase()) {
          case ATTACHING, ASSIGNED, AVAILABLE -> true;
          case HELD, RELEASING, QUARANTINED, UNKNOWN -> false;
        };
  }

  /** Whether the record was made for an address that is kept ready, and no claim has taken it. */
  static boolean isMadeWarm(VpcIP vip) {
    return vip.getSpec() != null
        && vip.getSpec().type() == VpcIPType.POD
        && vip.getSpec().claimRef() == null
        && vip.getSpec().eniId() != null
        && Boolean.TRUE.equals(vip.getSpec().warm());
  }
}
