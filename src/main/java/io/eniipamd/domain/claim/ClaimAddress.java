package io.eniipamd.domain.claim;

import io.eniipamd.domain.address.Ip;
import java.util.Optional;

/**
 * An address that the claim holds.
 *
 * @param ip the address
 * @param subnetId the subnet it is from
 * @param zone the zone of that subnet, empty where the subnet is not known
 * @param phase where it is in its life
 * @param intendedEni the ENI it should be on
 * @param confirmedEni the ENI that the cloud last confirmed it on
 * @param problem what the cloud said when the last step failed
 * @param newerThanClaim whether its record was written after the claim was
 * @param refused whether the cloud has refused to put it on the ENI that is intended now, so that
 *     it is certainly not there
 * @param subnetFull whether the cloud has refused it because the subnet has no address left
 * @param direct the ENI of which it is the primary address, where that is the Pod's own
 */
public record ClaimAddress(
    Ip ip,
    String subnetId,
    Optional<String> zone,
    Phase phase,
    Optional<String> intendedEni,
    Optional<String> confirmedEni,
    Optional<String> problem,
    boolean newerThanClaim,
    boolean refused,
    boolean subnetFull,
    Optional<DirectEni> direct) {

  /** One for an ENI that Pods share. */
  public ClaimAddress(
      Ip ip,
      String subnetId,
      Optional<String> zone,
      Phase phase,
      Optional<String> intendedEni,
      Optional<String> confirmedEni,
      Optional<String> problem,
      boolean newerThanClaim,
      boolean refused,
      boolean subnetFull) {
    this(
        ip,
        subnetId,
        zone,
        phase,
        intendedEni,
        confirmedEni,
        problem,
        newerThanClaim,
        refused,
        subnetFull,
        Optional.empty());
  }

  /** Where the address is in its life; a mirror of the object's phase without its spelling. */
  public enum Phase {
    ATTACHING,
    ASSIGNED,
    AVAILABLE,
    /** Kept for its claim, on no ENI. */
    HELD,
    RELEASING,
    QUARANTINED
  }

  /** Whether the cloud may be putting it on an ENI at this moment, or has done so unheard. */
  public boolean underWay() {
    return intendedEni.isPresent() && !settledOn(intendedEni.get()) && !refused;
  }

  /** Whether the cloud has ever confirmed it on an ENI, or it is kept on none on purpose. */
  public boolean wasConfirmed() {
    return phase != Phase.ATTACHING || confirmedEni.isPresent();
  }

  /**
   * Whether it is on the ENI and nothing is going on. A warm address that a claim has just taken is
   * {@code AVAILABLE} until its phase is written, which the Pod need not wait for.
   */
  public boolean settledOn(String eniId) {
    return (phase == Phase.ASSIGNED || phase == Phase.AVAILABLE)
        && intendedEni.filter(eniId::equals).isPresent()
        && confirmedEni.filter(eniId::equals).isPresent();
  }
}
