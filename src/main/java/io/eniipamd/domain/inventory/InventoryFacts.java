package io.eniipamd.domain.inventory;

import io.eniipamd.domain.address.Ip;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * What a look has to compare.
 *
 * @param enis the ENIs with the tag of this cluster
 * @param unclear ENIs of which the cloud's answer could not be read: nothing is said of them
 * @param addresses what the {@code VpcIP}s say
 * @param nodes the nodes that have a {@code NodeENIConfig}
 * @param listed the ENIs that each {@code NodeENIConfig} lists, to its node
 * @param reservations the reservations of this cluster; empty where the account may not list them
 * @param unknown whether no {@code VpcIP} and no claim has an address
 */
public record InventoryFacts(
    List<SeenEni> enis,
    Set<String> unclear,
    List<KnownAddress> addresses,
    Set<String> nodes,
    Map<String, String> listed,
    List<HeldReservation> reservations,
    Predicate<Ip> unknown) {

  public InventoryFacts {
    enis = List.copyOf(enis);
    unclear = Set.copyOf(unclear);
    addresses = List.copyOf(addresses);
    nodes = Set.copyOf(nodes);
    listed = Map.copyOf(listed);
    reservations = List.copyOf(reservations);
  }

  /**
   * An ENI in the cloud.
   *
   * @param id like {@code eni-…}
   * @param primary its own address, empty only while the cloud creates it
   * @param secondary the other addresses on it
   * @param instanceId the instance that it is on
   * @param node the node that its tag names
   * @param direct whether its tag says that it is a Pod's own
   */
  public record SeenEni(
      String id,
      Optional<Ip> primary,
      Set<Ip> secondary,
      Optional<String> instanceId,
      Optional<String> node,
      boolean direct) {
    public SeenEni {
      secondary = Set.copyOf(secondary);
    }
  }

  /**
   * What a {@code VpcIP} says.
   *
   * @param ofEni whether it is the address of an ENI, not of a Pod
   * @param direct whether it is that of an ENI of a Pod's own
   * @param eniId the ENI that the address is on by a confirmation of the cloud, and is to stay on
   * @param node the node of that ENI
   * @param holder the claim, as {@code namespace/name}
   * @param taken whether another user of the VPC was found to have the address
   */
  public record KnownAddress(
      Ip ip,
      boolean ofEni,
      boolean direct,
      Optional<String> eniId,
      Optional<String> node,
      Optional<String> holder,
      boolean taken) {

    /** Whether the record stands for an ENI, and so is wrong where that is gone. */
    public boolean isPrimary() {
      return ofEni || direct;
    }
  }

  /** A reservation of the cloud. */
  public record HeldReservation(String id, Ip address, Optional<String> boundTo) {}
}
