package io.eniipamd.domain.node;

import io.eniipamd.domain.address.Ip;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;

/**
 * What to do about the warm addresses of a node: at most one batch at a time.
 *
 * @param fills addresses to add, by ENI
 * @param surplus addresses to release
 */
public record WarmPlan(List<Fill> fills, List<Ip> surplus) {

  /** Nothing to do. */
  public static final WarmPlan NOTHING = new WarmPlan(List.of(), List.of());

  /** As many as one request to the cloud takes. */
  public static final int BATCH = 10;

  /** A subnet keeps so many free addresses for Pods: warm addresses do not use them up. */
  public static final int LEFT_FREE = 10;

  public WarmPlan {
    fills = List.copyOf(fills);
    surplus = List.copyOf(surplus);
  }

  /**
   * Addresses to put on an ENI.
   *
   * @param slots how many Pod addresses the ENI can carry in all; what is used of them may change
   *     while the plan is followed
   */
  public record Fill(String eniId, String subnetId, int slots, int addresses) {}

  /**
   * Adds addresses below the minimum, the fullest ENI first so that ENIs are few, and releases
   * addresses beyond the maximum, from the emptiest ENI first. Neither between the two.
   */
  public static WarmPlan of(WarmNeeds needs) {
    int warm = needs.warm();
    if (needs.isBelow()) {
      return new WarmPlan(fills(needs, needs.targets().min() - warm), List.of());
    }
    if (warm > needs.targets().max()) {
      return new WarmPlan(List.of(), surplus(needs, warm - needs.targets().max()));
    }
    return NOTHING;
  }

  private static List<Fill> fills(WarmNeeds needs, int missing) {
    int room = needs.enis().stream().mapToInt(WarmNeeds.Eni::room).sum();
    int left = Math.min(Math.min(missing, BATCH), room - needs.waiting());
    var free = new HashMap<String, Long>();
    var fills = new ArrayList<Fill>();
    for (var eni : byRoom(needs)) {
      long ofSubnet = free.getOrDefault(eni.subnetId(), eni.freeInSubnet()) - LEFT_FREE;
      int take = (int) Math.min(Math.min(left, eni.room()), ofSubnet);
      if (take > 0) {
        fills.add(new Fill(eni.eniId(), eni.subnetId(), eni.slots(), take));
        free.merge(eni.subnetId(), eni.freeInSubnet() - take, (a, _) -> a - take);
        left -= take;
      }
    }
    return fills;
  }

  private static List<Ip> surplus(WarmNeeds needs, int tooMany) {
    int left = Math.min(tooMany, BATCH);
    var surplus = new ArrayList<Ip>();
    for (var eni : byRoom(needs).reversed()) {
      for (var ip : eni.warm().reversed()) {
        if (surplus.size() < left) {
          surplus.add(ip);
        }
      }
    }
    return surplus;
  }

  private static List<WarmNeeds.Eni> byRoom(WarmNeeds needs) {
    return needs.enis().stream()
        .sorted(Comparator.comparingInt(WarmNeeds.Eni::room).thenComparing(WarmNeeds.Eni::eniId))
        .toList();
  }
}
