package io.eniipamd.simulator.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is different in a VPC between two moments, in words for users: what is leaked (there since
 * then), lost (gone since then), doubled (there twice where once was meant), moved or changed.
 * Times are not compared.
 */
public final class VpcDiff {

  /** In what way something is different. */
  public enum Kind {
    DOUBLED,
    LEAKED,
    LOST,
    MOVED,
    CHANGED
  }

  /** One difference. */
  public record Difference(Kind kind, String what) {
    @Override
    public String toString() {
      return String.format("%-8s %s", kind.name().toLowerCase(Locale.ROOT), what);
    }
  }

  private final List<Difference> differences = new ArrayList<>();

  private VpcDiff(VpcSnapshot before, VpcSnapshot after) {
    doubledAddresses(after);
    doubledEnis(before, after);
    compare(
        byId(before.enis(), EniView::id),
        byId(after.enis(), EniView::id),
        VpcDiff::describe,
        this::changed);
    addresses(holders(before), holders(after));
    compare(
        byId(before.reservations(), ReservationView::id),
        byId(after.reservations(), ReservationView::id),
        r -> "the reservation " + r.id() + " of " + r.ip(),
        this::changed);
    compare(
        byId(before.subnets(), SubnetView::id),
        byId(after.subnets(), SubnetView::id),
        s -> "the subnet " + s.id() + " " + s.cidr(),
        this::changed);
    differences.sort(Comparator.comparing(Difference::kind));
  }

  /** What is different in the later of two states. */
  public static VpcDiff between(VpcSnapshot before, VpcSnapshot after) {
    return new VpcDiff(before, after);
  }

  /** The differences, the worst kinds first. */
  public List<Difference> differences() {
    return List.copyOf(differences);
  }

  /** The differences of one kind, in words. */
  public List<String> of(Kind kind) {
    return differences.stream().filter(d -> d.kind() == kind).map(Difference::what).toList();
  }

  /** Whether nothing differs. */
  public boolean isEmpty() {
    return differences.isEmpty();
  }

  @Override
  public String toString() {
    return isEmpty()
        ? "nothing differs"
        : differences.stream().map(Difference::toString).collect(Collectors.joining("\n"));
  }

  /** The model never gives an address to two; a state from a file may say so all the same. */
  private void doubledAddresses(VpcSnapshot after) {
    holders(after)
        .forEach(
            (ip, holders) -> {
              if (holders.size() > 1) {
                add(Kind.DOUBLED, ip + " is held by " + String.join(" and ", holders));
              }
            });
  }

  /** ENIs of one name and the same tags: what a create that was repeated leaves behind. */
  private void doubledEnis(VpcSnapshot before, VpcSnapshot after) {
    Set<String> known = new HashSet<>(byId(before.enis(), EniView::id).keySet());
    Map<List<Object>, List<String>> alike = new LinkedHashMap<>();
    for (EniView eni : after.secondaryEnis()) {
      alike
          .computeIfAbsent(List.of(eni.name(), eni.tags(), eni.subnetId()), k -> new ArrayList<>())
          .add(eni.id());
    }
    alike.forEach(
        (key, ids) -> {
          if (ids.size() > 1 && !known.containsAll(ids)) {
            add(Kind.DOUBLED, "the ENI " + key.getFirst() + " is " + String.join(" and ", ids));
          }
        });
  }

  private void addresses(Map<Ipv4, List<String>> before, Map<Ipv4, List<String>> after) {
    Set<Ipv4> all = new HashSet<>(before.keySet());
    all.addAll(after.keySet());
    all.stream()
        .sorted()
        .forEach(
            ip -> {
              List<String> was = before.getOrDefault(ip, List.of());
              List<String> is = after.getOrDefault(ip, List.of());
              if (was.isEmpty()) {
                add(Kind.LEAKED, ip + ", held by " + String.join(" and ", is));
              } else if (is.isEmpty()) {
                add(Kind.LOST, ip + ", was held by " + String.join(" and ", was));
              } else if (!was.equals(is)) {
                add(
                    Kind.MOVED,
                    ip + " from " + String.join(" and ", was) + " to " + String.join(" and ", is));
              }
            });
  }

  private void changed(EniView was, EniView is) {
    String id = is.id();
    changed(id + " its state", was.state(), is.state());
    changed(id + " its machine", was.instanceId().orElse("none"), is.instanceId().orElse("none"));
    changed(id + " its name", was.name(), is.name());
    changed(id + " its tags", was.tags(), is.tags());
    changed(id + " its security groups", was.securityGroups(), is.securityGroups());
    Map<Ipv4, EniView.Address> before = byId(was.addresses(), EniView.Address::ip);
    for (EniView.Address address : is.addresses()) {
      EniView.Address earlier = before.get(address.ip());
      if (earlier != null) {
        changed(id + " the state of " + address.ip(), earlier.state(), address.state());
      }
    }
  }

  private void changed(ReservationView was, ReservationView is) {
    changed(is.id() + " its ENI", was.eniId().orElse("none"), is.eniId().orElse("none"));
    changed(is.id() + " its tags", was.tags(), is.tags());
  }

  private void changed(SubnetView was, SubnetView is) {
    changed(is.id() + " its range", was.cidr(), is.cidr());
    changed(is.id() + " its zone", was.zone(), is.zone());
  }

  private void changed(String what, Object was, Object is) {
    if (!Objects.equals(was, is)) {
      add(Kind.CHANGED, what + ": " + was + " to " + is);
    }
  }

  /** What both have, and what one of them has only. */
  private <T> void compare(
      Map<String, T> before, Map<String, T> after, Function<T, String> name, Both<T> both) {
    after.forEach(
        (id, is) -> {
          T was = before.get(id);
          if (was == null) {
            add(Kind.LEAKED, name.apply(is));
          } else {
            both.compare(was, is);
          }
        });
    before.forEach(
        (id, was) -> {
          if (!after.containsKey(id)) {
            add(Kind.LOST, name.apply(was));
          }
        });
  }

  private interface Both<T> {
    void compare(T was, T is);
  }

  private void add(Kind kind, String what) {
    differences.add(new Difference(kind, what));
  }

  private static String describe(EniView eni) {
    return "the ENI "
        + eni.id()
        + " ("
        + eni.name()
        + ") "
        + eni.instanceId().map(i -> "on " + i).orElse("on no machine")
        + ", tags "
        + new TreeMap<>(eni.tags());
  }

  /** Who has an address; a reservation that is on an ENI is no holder of its own. */
  private static Map<Ipv4, List<String>> holders(VpcSnapshot state) {
    Map<Ipv4, List<String>> holders = new TreeMap<>();
    for (EniView eni : state.enis()) {
      eni.addresses().forEach(a -> put(holders, a.ip(), eni.id()));
    }
    state.reservations().stream()
        .filter(r -> r.eniId().isEmpty())
        .forEach(r -> put(holders, r.ip(), r.id()));
    state.strangers().forEach(s -> put(holders, s.ip(), "the stranger " + s.name()));
    return holders;
  }

  private static void put(Map<Ipv4, List<String>> holders, Ipv4 ip, String holder) {
    holders.computeIfAbsent(ip, k -> new ArrayList<>()).add(holder);
  }

  private static <K, T> Map<K, T> byId(Collection<T> all, Function<T, K> id) {
    Map<K, T> byId = new LinkedHashMap<>();
    all.forEach(one -> byId.put(id.apply(one), one));
    return byId;
  }
}
