package io.eniipamd.domain.node;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The ENIs to add to a node.
 *
 * @param subnets for each new ENI, the subnet that it should be from
 * @param problem why there are not as many as are needed
 */
public record EniGrowth(List<String> subnets, Optional<Problem> problem) {
  public EniGrowth {
    subnets = List.copyOf(subnets);
  }

  /**
   * As many ENIs as give every waiting Pod a slot and reach the desired number of slots, at least
   * one in all, never more than the limits allow, and only from subnets of the node's zone, the one
   * with most free addresses first.
   */
  public static EniGrowth plan(EniNeeds needs) {
    return new Planner(needs).plan();
  }

  private static final class Planner {
    private final EniNeeds needs;
    private final List<SubnetRoom> inZone;
    private final Map<String, Integer> freeSlots = new HashMap<>();
    private final Map<String, Long> freeAddresses = new HashMap<>();
    private final Map<String, List<Placed>> placed = new HashMap<>();
    private final List<String> chosen = new ArrayList<>();
    private int slots;
    private Optional<Problem> problem = Optional.empty();

    Planner(EniNeeds needs) {
      this.needs = needs;
      this.inZone = needs.subnets().stream().filter(s -> s.zone().equals(needs.zone())).toList();
      needs.subnets().forEach(s -> freeAddresses.put(s.id(), s.free()));
      for (var eni : needs.present()) {
        freeSlots.merge(eni.subnetId(), eni.free(), Integer::sum);
        slots += eni.slots();
      }
    }

    EniGrowth plan() {
      // The choosy ones first: a Pod that takes any subnet must not take their slot.
      needs.waiting().stream()
          .sorted(Comparator.comparing((Set<String> s) -> s.isEmpty()).thenComparing(Set::size))
          .forEach(this::place);
      while (slots < needs.desiredSlots() && left() > 0 && grow(Set.of(), 1)) {
        // each turn adds an ENI
      }
      if (needs.present().isEmpty() && chosen.isEmpty()) {
        var unused = grow(Set.of(), 1);
      }
      return new EniGrowth(chosen, problem);
    }

    private void place(Set<String> asked) {
      // One that asks for subnets may have its address already; another one needs a new one.
      int addresses = asked.isEmpty() ? 1 : 0;
      if (!takeSlot(asked, addresses) && grow(asked, 1 + addresses)) {
        var unused = takeSlot(asked, addresses);
      }
    }

    /**
     * Places a Pod on a slot that is free, or that becomes free when others move over: the slots
     * are given out so that as many Pods as possible have one, whatever the order.
     */
    private boolean takeSlot(Set<String> asked, int addresses) {
      var pod = new Placed(asked, addresses);
      var subnets = freeSlots.keySet().stream().sorted().toList();
      for (var subnet : subnets) {
        if (pod.fits(subnet) && freeSlots.get(subnet) > 0) {
          put(pod, subnet);
          return true;
        }
      }
      var visited = new HashSet<String>();
      for (var subnet : subnets) {
        if (pod.fits(subnet) && visited.add(subnet) && vacate(subnet, visited)) {
          put(pod, subnet);
          return true;
        }
      }
      return false;
    }

    /** Moves one of the Pods that are placed on a subnet to another, and others for it in turn. */
    private boolean vacate(String subnet, Set<String> visited) {
      for (var pod : List.copyOf(placed.getOrDefault(subnet, List.of()))) {
        for (var other : freeSlots.keySet().stream().sorted().toList()) {
          if (pod.fits(other)
              && visited.add(other)
              && (freeSlots.get(other) > 0 || vacate(other, visited))) {
            placed.get(subnet).remove(pod);
            freeSlots.merge(subnet, 1, Integer::sum);
            use(subnet, -pod.addresses);
            put(pod, other);
            return true;
          }
        }
      }
      return false;
    }

    private void put(Placed pod, String subnet) {
      placed.computeIfAbsent(subnet, _ -> new ArrayList<>()).add(pod);
      freeSlots.merge(subnet, -1, Integer::sum);
      use(subnet, pod.addresses);
    }

    /** A Pod that waits; two equal requests are two. */
    private final class Placed {
      private final Set<String> asked;
      private final int addresses;

      Placed(Set<String> asked, int addresses) {
        this.asked = asked;
        this.addresses = addresses;
      }

      boolean fits(String subnet) {
        return (asked.isEmpty() || asked.contains(subnet)) && free(subnet) >= addresses;
      }
    }

    /**
     * @param addresses how many free ones the subnet has to have, the primary one included
     */
    private boolean grow(Set<String> asked, int addresses) {
      var rooms = inZone.stream().filter(s -> asked.isEmpty() || asked.contains(s.id())).toList();
      var candidates = rooms.stream().map(SubnetRoom::id).toList();
      if (candidates.isEmpty()) {
        if (asked.isEmpty()) {
          problem =
              Optional.of(NodeProblems.noSubnetInZone(needs.node(), needs.zone(), needs.subnets()));
        }
        // The claim of a Pod that asks for subnets which the node may not use says so.
        return false;
      }
      if (left() <= 0) {
        problem = Optional.of(NodeProblems.nodeFull(needs.node(), needs.limits().enis()));
        return false;
      }
      var most =
          candidates.stream()
              .filter(id -> free(id) >= addresses)
              .max(Comparator.comparingLong(this::free).thenComparing(Comparator.reverseOrder()));
      if (most.isEmpty()) {
        problem =
            Optional.of(
                NodeProblems.subnetFull(needs.zone(), candidates, SubnetRoom.limits(rooms)));
        return false;
      }
      var id = most.get();
      chosen.add(id);
      use(id, 1);
      freeSlots.merge(id, needs.limits().slotsPerEni(), Integer::sum);
      slots += needs.limits().slotsPerEni();
      return true;
    }

    /** What is left of a subnet; of one that nothing is known of, enough. */
    private long free(String subnet) {
      return freeAddresses.getOrDefault(subnet, Long.MAX_VALUE);
    }

    private void use(String subnet, int addresses) {
      freeAddresses.computeIfPresent(subnet, (_, free) -> free - addresses);
    }

    private int left() {
      return needs.limits().enis() - needs.strangers() - needs.present().size() - chosen.size();
    }
  }
}
