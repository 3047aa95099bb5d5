package io.eniipamd.simulator.model;

import java.util.List;
import java.util.Optional;

/**
 * The VPC at a moment; two of them are equal when nothing differs.
 *
 * @param subnets in the order in which they came
 * @param enis all, primary ones of machines included, by id
 * @param reservations by address
 * @param strangers by address
 */
public record VpcSnapshot(
    List<SubnetView> subnets,
    List<EniView> enis,
    List<ReservationView> reservations,
    List<StrangerView> strangers) {

  /** An address that another user of the VPC has. */
  public record StrangerView(Ipv4 ip, String name) {}

  /** The ENIs that were made through the API. */
  public List<EniView> secondaryEnis() {
    return enis.stream().filter(e -> !e.primary()).toList();
  }

  /** The secondary addresses of all ENIs, as text, in order. */
  public List<String> secondaryAddresses() {
    return enis.stream()
        .flatMap(e -> e.addresses().stream())
        .filter(a -> !a.primary())
        .map(EniView.Address::ip)
        .sorted()
        .map(Ipv4::toString)
        .toList();
  }

  /** The ENI that has an address, if any. */
  public Optional<EniView> eniOf(String ip) {
    Ipv4 address = Ipv4.of(ip);
    return enis.stream()
        .filter(e -> e.addresses().stream().anyMatch(a -> a.ip().equals(address)))
        .findFirst();
  }

  /** The secondary ENIs on a machine. */
  public List<EniView> enisOn(String instanceId) {
    return secondaryEnis().stream()
        .filter(e -> e.instanceId().filter(instanceId::equals).isPresent())
        .toList();
  }

  /** A subnet by its id. */
  public SubnetView subnet(String subnetId) {
    return subnets.stream().filter(s -> s.id().equals(subnetId)).findFirst().orElseThrow();
  }
}
