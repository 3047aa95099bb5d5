package io.eniipamd.kube.address;

import io.eniipamd.api.v1.ClaimRef;
import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPSpec;
import io.eniipamd.api.v1.VpcIPSpecBuilder;
import io.eniipamd.api.v1.VpcIPStatusBuilder;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.condition.AddressConditions;
import io.eniipamd.domain.condition.AddressReason;
import io.eniipamd.kube.support.Conditions;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes the {@code VpcIP}s that stand for ENIs of Pods' own: which instance the ENI is to be on is
 * written before the cloud is asked for anything, where it is only when the cloud was seen to have
 * it there.
 */
@Singleton
public final class DirectRecords {
  private final VpcIpStore records;

  public DirectRecords(VpcIpStore records) {
    this.records = records;
  }

  /**
   * Takes an address for the ENI of the Pod of a claim, by creating its record: this is the
   * allocation.
   *
   * @param instanceId where the ENI is to be; null: on none
   * @return the record; empty if another claim has the address
   */
  public Optional<VpcIP> take(
      Ip ip, ClaimRef claim, String subnetId, String instanceId, String nodeName) {
    return records.takeNew(ip, spec(claim, subnetId, instanceId, nodeName));
  }

  /**
   * The same of an address that the claim had before: its ENI may be there.
   *
   * @return the record; empty if another claim has the address
   */
  public Optional<VpcIP> takeFound(
      Ip ip, ClaimRef claim, String subnetId, String instanceId, String nodeName) {
    return records.takeFound(ip, spec(claim, subnetId, instanceId, nodeName));
  }

  private static VpcIPSpec spec(
      ClaimRef claim, String subnetId, String instanceId, String nodeName) {
    return VpcIPSpecBuilder.builder()
        .type(VpcIPType.POD)
        .claimRef(claim)
        .subnetId(subnetId)
        .direct(true)
        .instanceId(instanceId)
        .nodeName(nodeName)
        .build();
  }

  /** Whether the answer to the creation of the record is a moment away: the watch may be faster. */
  boolean isBeingMade(Ip ip) {
    return records.isBeingMade(ip);
  }

  /** Whether this process made the record a moment ago; said once. */
  boolean wasNewborn(VpcIP vip) {
    return records.wasNewborn(vip);
  }

  /**
   * Changes which instance the ENI should be on; the intent, before any request to the cloud.
   *
   * @param instanceId null: on none
   */
  public VpcIP place(VpcIP vip, String instanceId, String nodeName) {
    return records.update(
        vip,
        VpcIPSpecBuilder.builder(vip.getSpec()).instanceId(instanceId).nodeName(nodeName).build());
  }

  /** The cloud has the ENI on the instance that the record wants it on. */
  void attached(VpcIP vip, NetworkInterface eni) {
    var instance = vip.getSpec().instanceId();
    records.status(
        vip,
        VpcIPStatusBuilder.builder(vip.statusOrEmpty())
            .phase(VpcIPPhase.ASSIGNED)
            .since(records.now())
            .eniId(eni.id())
            .eniMac(eni.mac().toLowerCase(Locale.ROOT))
            .instanceId(instance)
            .error(null)
            .conditions(
                records.withAttached(
                    vip,
                    Condition.TRUE,
                    AddressReason.ATTACHED,
                    eni.id() + " is on " + vip.getSpec().nodeName()))
            .build());
  }

  /**
   * The ENI is on no instance, and kept.
   *
   * @param eniId null where there is none
   */
  void detached(VpcIP vip, String eniId, String requestId) {
    var status = vip.statusOrEmpty();
    records.status(
        vip,
        VpcIPStatusBuilder.builder(status)
            .phase(VpcIPPhase.HELD)
            .since(records.now())
            .eniId(eniId)
            .instanceId(null)
            .error(null)
            .requestId(requestId.isEmpty() ? status.requestId() : requestId)
            .conditions(
                records.withAttached(
                    vip,
                    Condition.FALSE,
                    AddressReason.HELD,
                    eniId == null
                        ? "its claim keeps it, and it has no ENI"
                        : "its claim keeps it with " + eniId + ", which is on no instance"))
            .build());
  }

  /**
   * Whether the cloud was seen to have the ENI where the record wants it, since the record wants
   * it: what was seen before says nothing, because a change of before may be under way.
   */
  public static boolean isSettled(VpcIP vip) {
    var wanted = vip.getSpec().instanceId();
    var status = vip.statusOrEmpty();
    var reason = wanted == null ? AddressReason.HELD : AddressReason.ATTACHED;
    return status.phase() == (wanted == null ? VpcIPPhase.HELD : VpcIPPhase.ASSIGNED)
        && Objects.equals(wanted, status.instanceId())
        && Conditions.reason(status.conditions(), AddressConditions.ATTACHED)
            .filter(reason::equals)
            .isPresent()
        && Conditions.find(status.conditions(), AddressConditions.ATTACHED)
            .filter(c -> AddressOutcomes.isOfThisPlace(c, vip))
            .isPresent();
  }
}
