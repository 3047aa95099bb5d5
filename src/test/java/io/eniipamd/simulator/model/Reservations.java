package io.eniipamd.simulator.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reserved private addresses: the cloud does not choose them for others. Done at once, without a
 * task. Call it within {@link VpcModel#locked}.
 */
public final class Reservations {
  private final VpcModel model;

  Reservations(VpcModel model) {
    this.model = model;
  }

  /**
   * Reserves named addresses, or a number of free ones.
   *
   * @param subnetId absent with named addresses: theirs
   */
  public List<ReservationView> create(
      String vpcId,
      Optional<String> subnetId,
      List<Ipv4> named,
      int count,
      String name,
      String description,
      Map<String, String> tags) {
    if (!vpcId.equals(model.vpcId())) {
      throw Refusal.notFound(vpcId);
    }
    SubnetSpace subnet =
        subnetId
            .map(model.addresses::subnet)
            .orElseGet(
                () ->
                    model
                        .addresses
                        .subnetOf(named.getFirst())
                        .orElseThrow(
                            () ->
                                new Refusal(
                                    "InvalidParameterValue.Range",
                                    named.getFirst() + " is in no subnet of the VPC.")));
    if (new HashSet<>(named).size() < named.size()) {
      throw new Refusal("InvalidParameterValue.DuplicatePara", "An address is named twice.");
    }
    model.addressLife().requireTakeable(subnet, named);
    named.stream()
        .filter(ip -> model.addresses.holderOf(ip).isPresent())
        .findFirst()
        .ifPresent(
            ip -> {
              throw new Refusal("ResourceInUse", "The IP " + ip + " is in use.");
            });
    int quota = model.settings().reservedAddressQuota();
    if (model.reservations.size() + named.size() + count > quota) {
      throw new Refusal("LimitExceeded", "The quota of reserved IPs is " + quota + ".");
    }
    List<Ipv4> all = new ArrayList<>(named);
    all.addAll(model.addresses.pickFree(subnet, count, named));
    List<ReservationView> made = new ArrayList<>();
    for (Ipv4 ip : all) {
      Reservation one =
          new Reservation(
              model.ids.next("rsvip"), subnet.id(), ip, name, description, tags, model.now());
      model.addresses.take(ip, new Holder.Reserved(one.id));
      model.reservations.put(one.id, one);
      made.add(one.view());
    }
    return made;
  }

  /** Ends reservations that are on no ENI: all of them or none. */
  public void delete(String vpcId, List<String> reserveIpIds) {
    if (!vpcId.equals(model.vpcId())) {
      throw Refusal.notFound(vpcId);
    }
    for (String id : reserveIpIds) {
      Reservation one = model.reservations.get(id);
      if (one == null) {
        throw Refusal.notFound(id);
      }
      if (one.eniId.isPresent()) {
        throw new Refusal("ResourceInUse", "`" + id + "` is bound to " + one.eniId.get() + ".");
      }
    }
    for (String id : reserveIpIds) {
      Reservation one = model.reservations.remove(id);
      model.addresses.release(one.ip, new Holder.Reserved(id));
    }
  }

  /** All reservations, in the order in which they came. */
  public List<ReservationView> all() {
    return model.reservations.values().stream().map(Reservation::view).toList();
  }

  Optional<Reservation> of(Ipv4 ip) {
    return model.reservations.values().stream().filter(r -> r.ip.equals(ip)).findFirst();
  }
}
