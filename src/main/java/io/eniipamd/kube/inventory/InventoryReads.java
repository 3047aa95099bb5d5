package io.eniipamd.kube.inventory;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.cloud.Answer;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.Listing;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.NetworkInterface.Address;
import io.eniipamd.cloud.Reservation;
import io.eniipamd.cloud.ReservationQuery;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.domain.condition.AddressConditions;
import io.eniipamd.domain.condition.AddressReason;
import io.eniipamd.domain.inventory.InventoryFacts;
import io.eniipamd.domain.inventory.InventoryFacts.HeldReservation;
import io.eniipamd.domain.inventory.InventoryFacts.KnownAddress;
import io.eniipamd.domain.inventory.InventoryFacts.SeenEni;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.StrayCollector;
import io.eniipamd.kube.support.Conditions;
import io.eniipamd.kube.support.EniTags;
import io.eniipamd.kube.support.EnisById;
import io.eniipamd.kube.support.SharedCache;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads what the inventory compares: the records from the caches, the rest from the cloud. */
@Singleton
public final class InventoryReads {
  private static final Set<VpcIPPhase> KEPT = Set.of(VpcIPPhase.ASSIGNED, VpcIPPhase.HELD);

  private final VpcCloud cloud;
  private final SharedCache<NodeENIConfig> necs;
  private final SharedCache<VpcIP> vips;
  private final AddressBook book;
  private final Map<String, String> tags;

  public InventoryReads(
      VpcCloud cloud,
      SharedCache<NodeENIConfig> necs,
      SharedCache<VpcIP> vips,
      AddressBook book,
      InventorySettings settings) {
    this.cloud = cloud;
    this.necs = necs;
    this.vips = vips;
    this.book = book;
    this.tags = Map.of(EniTags.CLUSTER, settings.clusterId());
  }

  InventoryFacts facts() {
    // Before the look: what is recorded after it may be newer than what it shows.
    var addresses = vips.all().filter(InventoryReads::isReadable).map(this::known).toList();
    var listed = listed();
    var nodes = necs.all().map(nec -> nec.getMetadata().getName()).collect(Collectors.toSet());
    var seen = cloud.networkInterfaces(new EniQuery.ByTags(tags));
    var unclear = new HashSet<>(seen.unclear().keySet());
    unclear.addAll(withoutTag(seen, addresses));
    return new InventoryFacts(
        seen.found().values().stream().map(InventoryReads::eni).toList(),
        unclear,
        addresses,
        nodes,
        listed,
        reservations(),
        book::isUnknown);
  }

  private Map<String, String> listed() {
    var listed = new HashMap<String, String>();
    necs.all()
        .forEach(
            nec ->
                nec.statusOrEmpty()
                    .eniInfos()
                    .forEach(eni -> listed.put(eni.eniId(), nec.getMetadata().getName())));
    return listed;
  }

  /**
   * ENIs that records name and that the list does not have: that their tag is gone is no reason to
   * take them for gone.
   */
  private Set<String> withoutTag(Listing<NetworkInterface> seen, List<KnownAddress> addresses) {
    var missing =
        addresses.stream()
            .filter(KnownAddress::isPrimary)
            .flatMap(address -> address.eniId().stream())
            .filter(id -> !seen.found().containsKey(id) && !seen.unclear().containsKey(id))
            .distinct()
            .toList();
    var found = EnisById.read(cloud, missing);
    var there = new HashSet<>(found.found().keySet());
    there.addAll(found.unclear().keySet());
    return there;
  }

  private List<HeldReservation> reservations() {
    return switch (cloud.reservations(new ReservationQuery.ByTags(tags))) {
      case Answer.Known<List<Reservation>>(List<Reservation> ours) ->
          ours.stream()
              .map(one -> new HeldReservation(one.id(), one.address(), one.boundTo()))
              .toList();
      // An account that may not list them could not have made one either.
      case Answer.Unknown<List<Reservation>> _ -> List.of();
    };
  }

  private static SeenEni eni(NetworkInterface eni) {
    return new SeenEni(
        eni.id(),
        eni.primaryIp(),
        eni.addresses().stream()
            .filter(address -> !address.primary())
            .map(Address::ip)
            .collect(Collectors.toSet()),
        eni.instanceId(),
        Optional.ofNullable(eni.tags().get(EniTags.NODE)),
        EniTags.isDirect(eni.tags()));
  }

  private static boolean isReadable(VpcIP vip) {
    return vip.unreadable().isEmpty() && !vip.isMarkedForDeletion();
  }

  /** The ENI that was seen and that the record keeps, on an instance or on none. */
  private static Optional<String> ownEni(VpcIP vip) {
    return Optional.ofNullable(vip.statusOrEmpty().eniId())
        .filter(_ -> KEPT.contains(vip.statusOrEmpty().phase()));
  }

  private KnownAddress known(VpcIP vip) {
    var claim = vip.getSpec().claimRef();
    return new KnownAddress(
        vip.ip(),
        vip.getSpec().type() == VpcIPType.ENI,
        vip.getSpec().ofOwnEni(),
        vip.getSpec().ofOwnEni() ? ownEni(vip) : StrayCollector.placeOf(vip),
        Optional.ofNullable(vip.getSpec().nodeName()),
        Optional.ofNullable(claim).map(ref -> ref.namespace() + "/" + ref.name()),
        Conditions.reason(vip.statusOrEmpty().conditions(), AddressConditions.ATTACHED)
            .filter(AddressReason.TAKEN_BY_STRANGER::equals)
            .isPresent());
  }
}
