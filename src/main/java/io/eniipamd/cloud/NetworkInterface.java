package io.eniipamd.cloud;

import io.eniipamd.domain.address.Ip;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * An elastic network interface as the cloud describes it.
 *
 * @param id like {@code eni-…}
 * @param subnetId the subnet of all its addresses
 * @param mac its hardware address
 * @param state what the cloud is doing with it
 * @param instanceId the instance it is attached to, or being attached to or detached from
 * @param addresses all addresses on it, the primary one included
 * @param tags key to value
 * @param securityGroups the ids of its security groups, the first of which the cloud asks first
 * @param extension whether it is attached in the extension mode, for one Pod alone
 */
public record NetworkInterface(
    String id,
    String subnetId,
    String mac,
    State state,
    Optional<String> instanceId,
    List<Address> addresses,
    Map<String, String> tags,
    List<String> securityGroups,
    boolean extension) {

  /** One that is not attached in the extension mode. */
  public NetworkInterface(
      String id,
      String subnetId,
      String mac,
      State state,
      Optional<String> instanceId,
      List<Address> addresses,
      Map<String, String> tags,
      List<String> securityGroups) {
    this(id, subnetId, mac, state, instanceId, addresses, tags, securityGroups, false);
  }

  public NetworkInterface {
    addresses = List.copyOf(addresses);
    tags = Map.copyOf(tags);
    securityGroups = List.copyOf(securityGroups);
  }

  /** {@code AVAILABLE} says that nothing is going on, not whether the ENI is attached. */
  public enum State {
    PENDING,
    AVAILABLE,
    ATTACHING,
    DETACHING,
    DELETING,
    /** A state that this version does not know: nothing is begun on such an ENI. */
    UNKNOWN
  }

  /** An address on the ENI; usable once {@code AVAILABLE}. */
  public record Address(Ip ip, boolean primary, AddressState state) {}

  /** What the cloud is doing with an address. */
  public enum AddressState {
    PENDING,
    AVAILABLE,
    MIGRATING,
    DELETING,
    UNKNOWN
  }

  /** The primary address, absent only while the cloud is still making the ENI. */
  public Optional<Ip> primaryIp() {
    return addresses.stream().filter(Address::primary).map(Address::ip).findFirst();
  }

  /** The address on this ENI, in whatever state. */
  public Optional<Address> address(Ip ip) {
    return addresses.stream().filter(a -> a.ip().equals(ip)).findFirst();
  }

  /** Whether the ENI sits on the instance and nothing is going on. */
  public boolean attachedTo(String instance) {
    return state == State.AVAILABLE && instanceId.filter(instance::equals).isPresent();
  }
}
