package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.cloud.Subnet;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.Destination;
import io.eniipamd.domain.claim.PodRequest;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.Subnets;
import io.eniipamd.kube.node.ZoneIndex;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Finds where the address of a claim is from, from caches alone. */
@Singleton
final class Destinations {
  private final AddressBook book;
  private final ZoneIndex zones;
  private final Subnets subnets;

  Destinations(AddressBook book, ZoneIndex zones, Subnets subnets) {
    this.book = book;
    this.zones = zones;
    this.subnets = subnets;
  }

  /**
   * Whether {@link #of} tells nothing of a claim because the cloud has not described the subnets
   * yet. A subnet that does not exist is no reason to wait.
   */
  boolean isUnclear(VpcIPClaim claim, Optional<PodRequest.Requested> pod) {
    var wanted = PodRequests.address(claim, pod);
    boolean namesSome =
        held(claim).isPresent() || wanted.ip().isPresent() || !wanted.subnets().isEmpty();
    boolean notRead = subnets.found().isEmpty() && subnets.missing().isEmpty();
    return namesSome && (notRead || subnets.whyUnknown(subnets.configured()).isPresent());
  }

  /**
   * Where the claim's address is from, or will be by what is requested.
   *
   * @param pod what the Pod that is there requests
   * @return empty where it may be from any zone
   */
  Optional<Destination> of(VpcIPClaim claim, Optional<PodRequest.Requested> pod) {
    return own(claim)
        .or(() -> promised(claim))
        .or(() -> requested(PodRequests.address(claim, pod)));
  }

  /** An address that the claim holds already, or held until a moment ago. */
  private Optional<Destination> own(VpcIPClaim claim) {
    return held(claim).flatMap(this::of);
  }

  private Optional<VpcIP> held(VpcIPClaim claim) {
    var meta = claim.getMetadata();
    return book.heldBy(meta.getUid()).stream()
        .findFirst()
        .or(() -> book.quarantinedOf(meta.getNamespace(), meta.getName()));
  }

  private Optional<Destination> of(VpcIP vip) {
    return book.subnet(vip.getSpec().subnetId()).map(s -> in(Optional.of(vip.ip()), s));
  }

  /** The address in the status, even where the subnet is not configured any more. */
  private Optional<Destination> promised(VpcIPClaim claim) {
    var status = claim.statusOrEmpty();
    var ip = PodRequests.ip(status.address());
    return ip.flatMap(address -> book.subnetOf(address).map(s -> in(ip, s)))
        .or(
            () ->
                ip.filter(_ -> status.zone() != null && !status.zone().isEmpty())
                    .map(_ -> destination(ip, status.subnetId(), status.zone())));
  }

  private Optional<Destination> requested(PodRequests.Address wanted) {
    if (wanted.ip().isPresent()) {
      Ip ip = wanted.ip().get();
      return book.subnetOf(ip).map(s -> in(wanted.ip(), s));
    }
    var described = wanted.subnets().stream().map(book::subnet).toList();
    var named = described.stream().flatMap(Optional::stream).map(Subnet::zone);
    var inZones = named.collect(Collectors.toCollection(TreeSet::new));
    return inZones.size() == 1 && described.stream().allMatch(Optional::isPresent)
        ? Optional.of(
            destination(Optional.empty(), String.join(" or ", wanted.subnets()), inZones.first()))
        : Optional.empty();
  }

  private Destination in(Optional<Ip> ip, Subnet subnet) {
    return destination(ip, subnet.id(), subnet.zone());
  }

  private Destination destination(Optional<Ip> ip, String subnet, String zone) {
    return new Destination(ip, subnet, zone, zones.of(zone));
  }
}
