package io.eniipamd.property.day;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * What happens in each hour of a day. Nodes, and with them Pods, become more until noon and fewer
 * after it; every kind of deed happens at least once, at hours that are drawn.
 */
record Day(List<List<Deed>> hours) {
  static final int HOURS = 24;
  static final int NOON = 12;
  static final int MOST_NODES = 30;
  static final int ZONES = 2;
  private static final int FEWEST_NODES = 6;
  private static final int MOST_FIXED = 24;
  private static final int FEWEST_FIXED = 8;

  /** Draws a day; the same seed draws the same one. */
  static Day of(long seed) {
    var random = new Random(seed);
    var hours = new TreeMap<Integer, List<Deed>>();
    for (int hour = 0; hour < HOURS; hour++) {
      hours.put(hour, new ArrayList<>());
    }
    // What runs out does so while the cluster grows, and is there again by noon.
    int quota = 5 + random.nextInt(3);
    hours.get(quota).add(new Deed.QuotaLeaves(random.nextInt(4)));
    hours.get(quota + 3).add(new Deed.QuotaIsRaised());
    for (int from : List.of(1, NOON + 1)) {
      int full = from + random.nextInt(3);
      hours.get(full).add(new Deed.SubnetRunsOut(random.nextInt(ZONES)));
      hours.get(full + 2).add(new Deed.SubnetsRecover());
    }
    for (int hour = 0; hour < HOURS; hour++) {
      grow(hours.get(hour), hour, random);
    }
    for (int zone = 0; zone < ZONES; zone++) {
      int none = 3 + random.nextInt(5) + zone * NOON;
      hours.get(none).add(new Deed.Fixed(zone, 0));
      hours.get(none + 2).add(new Deed.Fixed(zone, MOST_FIXED / 2));
      hours.get(NOON - 2).add(new Deed.Fixed(zone, MOST_FIXED));
      hours.get(HOURS - 2).add(new Deed.Fixed(zone, FEWEST_FIXED));
      hours.get(2 + random.nextInt(HOURS - 4)).add(new Deed.Restart(zone));
      hours.get(2 + random.nextInt(HOURS - 4)).add(new Deed.MachineVanishes(zone));
      hours.get(2 + random.nextInt(HOURS - 4)).add(new Deed.OperatorDies());
    }
    return new Day(List.copyOf(hours.values()));
  }

  private static void grow(List<Deed> deeds, int hour, Random random) {
    double height = 1 - Math.abs(hour - NOON) / (double) NOON;
    int nodes = FEWEST_NODES + (int) Math.round((MOST_NODES - FEWEST_NODES) * height);
    // At noon as many as there can be, and in the first and last hour alike in the zones.
    int tilt = hour == 0 || hour == HOURS - 1 ? 0 : random.nextInt(3) - 1;
    int first = nodes / 2 + tilt;
    int[] counts = {first, nodes - first};
    for (int zone = 0; zone < ZONES; zone++) {
      deeds.add(new Deed.Nodes(zone, counts[zone]));
      deeds.add(new Deed.Floating(zone, 4 + random.nextInt(4) + (int) (24 * height)));
      if (hour == 0) {
        deeds.add(new Deed.Fixed(zone, FEWEST_FIXED));
      }
    }
  }
}
