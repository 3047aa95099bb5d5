package io.eniipamd.domain.claim;

import io.eniipamd.domain.node.ZoneLabel;
import io.eniipamd.domain.node.ZoneLabels;
import java.util.Optional;

/**
 * What becomes of the scheduling gate of a Pod that waits for the zone of its fixed IP.
 *
 * <p>The operator takes the gate from every Pod that has it, one that it does not serve included:
 * no other does.
 */
public sealed interface GateStep {

  /** The gate stays until the claim of the Pod is there, which enqueues the Pod. */
  record AwaitClaim() implements GateStep {}

  /** The gate stays until the cloud has described the subnets. */
  record AwaitSubnets() implements GateStep {}

  /**
   * The gate goes.
   *
   * @param zone what the Pod's node selector gets; empty where its address can be of any zone, or
   *     where the Pod itself excludes the zone, of which its claim tells
   */
  record Open(Optional<ZoneLabel> zone) implements GateStep {}

  /** Whether the claim of a Pod tells where its address is from. */
  enum Claim {
    /** There is none, or it is being deleted, or it will be for the Pod to get one of its own. */
    ABSENT,
    /** It names an address or subnets of which the cloud has told nothing yet. */
    UNCLEAR,
    CLEAR
  }

  /**
   * The decision.
   *
   * @param request what the Pod asks for
   * @param zones what the Pod itself says of zones
   * @param claim whether the claim of the Pod tells where its address is from
   * @param destination where that is; empty where it may be any zone
   */
  static GateStep decide(
      PodRequest request, PodZones zones, Claim claim, Optional<Destination> destination) {
    boolean served = request.requested().filter(r -> r.fatal().isEmpty()).isPresent();
    if (!served) {
      return new Open(Optional.empty());
    }
    // An earlier claim of the name may have the address: without it nothing is known of the zone.
    return switch (claim) {
      case ABSENT -> new AwaitClaim();
      case UNCLEAR -> new AwaitSubnets();
      case CLEAR ->
          new Open(
              destination
                  .filter(d -> !d.isExcludedBy(zones))
                  .flatMap(Destination::labels)
                  .map(ZoneLabels::select));
    };
  }
}
