package io.eniipamd.domain.inventory;

import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.inventory.InventoryFacts.HeldReservation;
import io.eniipamd.domain.inventory.InventoryFacts.KnownAddress;
import io.eniipamd.domain.inventory.InventoryFacts.SeenEni;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds what differs. A look is no snapshot: what is being changed while it is taken differs, too.
 * A caller that acts on a difference has to have found it twice.
 */
public final class InventoryComparison {
  private final InventoryFacts facts;
  private final Map<String, SeenEni> enis;

  /** The ENIs whose own address has a record that names them and a node that may want them. */
  private final Set<String> recorded;

  /** Addresses of ENIs whose record names a node without a {@code NodeENIConfig}. */
  private final Set<Ip> forsaken;

  /** The own addresses of the ENIs. */
  private final Set<Ip> primaries;

  /** The ENI that has each secondary address. */
  private final Map<Ip, String> places = new HashMap<>();

  private InventoryComparison(InventoryFacts facts) {
    this.facts = facts;
    this.enis = facts.enis().stream().collect(Collectors.toMap(SeenEni::id, eni -> eni));
    this.recorded =
        facts.addresses().stream()
            .filter(address -> address.isPrimary() && !isForsaken(address))
            .flatMap(address -> address.eniId().stream())
            .collect(Collectors.toSet());
    this.forsaken =
        facts.addresses().stream()
            .filter(this::isForsaken)
            .map(KnownAddress::ip)
            .collect(Collectors.toSet());
    this.primaries =
        facts.enis().stream().flatMap(eni -> eni.primary().stream()).collect(Collectors.toSet());
    facts.enis().forEach(eni -> eni.secondary().forEach(ip -> places.put(ip, eni.id())));
  }

  /** All differences, those of one kind together. */
  public static List<Drift> compare(InventoryFacts facts) {
    var comparison = new InventoryComparison(facts);
    var all = new ArrayList<Drift>();
    facts.enis().forEach(eni -> comparison.ofEni(eni).forEach(all::add));
    facts.addresses().forEach(address -> comparison.ofAddress(address).ifPresent(all::add));
    facts.reservations().forEach(held -> comparison.ofReservation(held).ifPresent(all::add));
    all.sort(Comparator.comparing(Drift::kind).thenComparing(Drift::subject));
    return List.copyOf(all);
  }

  private Stream<Drift> ofEni(SeenEni eni) {
    if (!hasOwner(eni)) {
      return Stream.of(
          new Drift(
              DriftKind.UNOWNED_ENI,
              eni.id(),
              eni.primary(),
              Optional.of(eni.id()),
              eni.node(),
              eni.direct(),
              "ENI %s has the tag of this cluster%s, is on %s and has %s; no NodeENIConfig lists it, and %s"
                  .formatted(
                      eni.id(),
                      eni.node().map(node -> " and of node " + node).orElse(""),
                      eni.instanceId().map(id -> "instance " + id).orElse("no instance"),
                      addresses(eni),
                      eni.primary().filter(forsaken::contains).isPresent()
                          ? "the node of its VpcIP has no NodeENIConfig"
                          : "no VpcIP has its address")));
    }
    // Of an ENI that no node lists nothing says what should be on it.
    if (!facts.listed().containsKey(eni.id())) {
      return Stream.empty();
    }
    return eni.secondary().stream()
        .filter(facts.unknown())
        .map(
            ip ->
                new Drift(
                    DriftKind.STRAY_ADDRESS,
                    ip.toString(),
                    Optional.of(ip),
                    Optional.of(eni.id()),
                    Optional.of(facts.listed().get(eni.id())),
                    false,
                    "%s is on ENI %s; no VpcIP and no claim has it".formatted(ip, eni.id())));
  }

  /**
   * Whether a record lists the ENI or has its own address. The record of an address whose node has
   * no {@code NodeENIConfig} is nobody's: no reconciler starts from it.
   */
  private boolean hasOwner(SeenEni eni) {
    return facts.listed().containsKey(eni.id())
        || recorded.contains(eni.id())
        || eni.primary()
            .filter(facts.unknown().negate())
            .filter(ip -> !forsaken.contains(ip))
            .isPresent();
  }

  private boolean isForsaken(KnownAddress known) {
    return known.ofEni() && known.node().filter(node -> !facts.nodes().contains(node)).isPresent();
  }

  private static String addresses(SeenEni eni) {
    return eni.secondary().isEmpty()
        ? "only its primary address"
        : eni.secondary().size() == 1
            ? "one secondary address"
            : eni.secondary().size() + " secondary addresses";
  }

  private Optional<Drift> ofAddress(KnownAddress known) {
    if (known.taken()) {
      return Optional.of(
          of(
              known,
              DriftKind.ADDRESS_TAKEN,
              "another user of the VPC has %s, which %s keeps"
                  .formatted(
                      known.ip(), known.holder().map(h -> "claim " + h).orElse("its VpcIP"))));
    }
    if (known.eniId().isEmpty() && isForsaken(known)) {
      return ofIntent(known);
    }
    if (known.eniId().filter(eniId -> !facts.unclear().contains(eniId)).isEmpty()) {
      return Optional.empty();
    }
    var eniId = known.eniId().get();
    var eni = enis.get(eniId);
    if (known.isPrimary()) {
      return eni != null
          ? Optional.empty()
          : Optional.of(
              of(
                  known,
                  DriftKind.ENI_GONE,
                  "the VpcIP says that %s is the address of ENI %s; the cloud has no such ENI of this cluster"
                      .formatted(known.ip(), eniId)));
    }
    // Where the ENI itself is gone, its own record says so.
    if (eni == null || eni.secondary().contains(known.ip())) {
      return Optional.empty();
    }
    var elsewhere = Optional.ofNullable(places.get(known.ip()));
    return Optional.of(
        of(
            known,
            elsewhere.isPresent() ? DriftKind.ADDRESS_ELSEWHERE : DriftKind.ADDRESS_MISSING,
            "the VpcIP says that %s is on ENI %s; %s"
                .formatted(
                    known.ip(),
                    eniId,
                    elsewhere
                        .map(other -> "ENI " + other + " has it")
                        .orElse("no ENI of this cluster has it"))));
  }

  /**
   * An ENI was to be made, and its node is gone; which ENI an unclear answer hides is not known.
   */
  private Optional<Drift> ofIntent(KnownAddress known) {
    return primaries.contains(known.ip()) || !facts.unclear().isEmpty()
        ? Optional.empty()
        : Optional.of(
            of(
                known,
                DriftKind.ENI_GONE,
                "the VpcIP says that %s is for an ENI of node %s, which has no NodeENIConfig; the cloud has no such ENI of this cluster"
                    .formatted(known.ip(), known.node().orElseThrow())));
  }

  private static Drift of(KnownAddress known, DriftKind kind, String evidence) {
    return new Drift(
        kind,
        known.ip().toString(),
        Optional.of(known.ip()),
        known.eniId(),
        known.node(),
        known.direct(),
        evidence);
  }

  private Optional<Drift> ofReservation(HeldReservation held) {
    if (held.boundTo().isPresent() || !facts.unknown().test(held.address())) {
      return Optional.empty();
    }
    return Optional.of(
        new Drift(
            DriftKind.UNWANTED_RESERVATION,
            held.id(),
            Optional.of(held.address()),
            Optional.empty(),
            Optional.empty(),
            false,
            "reservation %s of this cluster holds %s; no VpcIP and no claim has it"
                .formatted(held.id(), held.address())));
  }
}
