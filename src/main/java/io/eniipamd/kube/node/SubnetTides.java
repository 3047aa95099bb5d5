package io.eniipamd.kube.node;

import io.eniipamd.domain.node.RoomTide;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.SubnetCounts.Holder;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToLongFunction;

/**
 * Which subnets have addresses, as far as nodes offer slots for them. It follows the book at some
 * distance ({@link RoomTide}), because each turn changes the records of all nodes that have to do
 * with the subnet.
 */
@Singleton
public final class SubnetTides {

  /** An ENI takes one address itself, and is of use only with another one. */
  private static final int FOR_AN_ENI = 2;

  private record Tides(RoomTide pods, RoomTide enis) {}

  private final Predicate<String> found;
  private final ToLongFunction<String> free;
  private final Function<String, Map<Holder, Long>> held;
  private final Clock clock;
  private final Map<String, Tides> known = new ConcurrentHashMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

  @Inject
  SubnetTides(NodeSubnets subnets, AddressBook book, Clock clock) {
    this(subnets::isFound, subnets::free, id -> book.counts().of(id), clock);
  }

  /**
   * @param found whether the cloud has shown a subnet
   * @param free how many addresses of a subnet nothing has
   * @param held how many addresses of a subnet each kind of holder has
   */
  SubnetTides(
      Predicate<String> found,
      ToLongFunction<String> free,
      Function<String, Map<Holder, Long>> held,
      Clock clock) {
    this.found = found;
    this.free = free;
    this.held = held;
    this.clock = clock;
  }

  /** Called when a subnet has turned full, or has addresses again. */
  public void onTurn(Runnable listener) {
    listeners.add(listener);
  }

  /**
   * Whether a Pod can have an address of the subnet: a free one, a warm one, or its own, where one
   * is retained for a Pod that is away. A subnet that the cloud has not shown is taken to have
   * some.
   */
  boolean takesPods(String subnetId) {
    return !found.test(subnetId) || tides(subnetId).pods().open();
  }

  /** Whether an ENI from the subnet can have an address of its own, and one for a Pod. */
  boolean takesEnis(String subnetId) {
    return found.test(subnetId) && tides(subnetId).enis().open();
  }

  /** Looks at the subnets that nodes go by; called every few seconds on the leader. */
  public void look() {
    known.keySet().removeIf(id -> !found.test(id));
    boolean turned = false;
    for (var id : Set.copyOf(known.keySet())) {
      turned |= look(id);
    }
    if (turned) {
      listeners.forEach(Runnable::run);
    }
  }

  private boolean look(String id) {
    var now = clock.instant();
    var before = tides(id);
    var after =
        new Tides(before.pods().next(hasForPods(id), now), before.enis().next(hasForEni(id), now));
    known.put(id, after);
    return after.pods().open() != before.pods().open()
        || after.enis().open() != before.enis().open();
  }

  private Tides tides(String subnetId) {
    return known.computeIfAbsent(
        subnetId, id -> new Tides(RoomTide.first(hasForPods(id)), RoomTide.first(hasForEni(id))));
  }

  private boolean hasForPods(String subnetId) {
    if (free.applyAsLong(subnetId) > 0) {
      return true;
    }
    var holders = held.apply(subnetId);
    return holders.getOrDefault(Holder.RETAINED, 0L) + holders.getOrDefault(Holder.WARM, 0L) > 0;
  }

  private boolean hasForEni(String subnetId) {
    return free.applyAsLong(subnetId) >= FOR_AN_ENI;
  }
}
