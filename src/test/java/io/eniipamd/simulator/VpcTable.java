package io.eniipamd.simulator;

import io.eniipamd.simulator.model.AddressState;
import io.eniipamd.simulator.model.EniState;
import io.eniipamd.simulator.model.EniView;
import io.eniipamd.simulator.model.InstanceView;
import io.eniipamd.simulator.model.ReservationView;
import io.eniipamd.simulator.model.SubnetView;
import io.eniipamd.simulator.model.TaskView;
import io.eniipamd.simulator.model.VpcSnapshot;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The VPC as text: subnets with their use, machines with their ENIs and addresses, reservations,
 * strangers, tasks under way.
 */
final class VpcTable {
  private static final String NONE = "-";
  private static final int BAR = 20;

  /** As many as a line takes without a wide terminal. */
  private static final int ADDRESSES_A_LINE = 4;

  private final VpcSnapshot snapshot;
  private final List<InstanceView> instances;
  private final List<TaskView> tasks;
  private final Instant now;

  VpcTable(VpcSnapshot snapshot, List<InstanceView> instances, List<TaskView> tasks, Instant now) {
    this.snapshot = snapshot;
    this.instances = instances;
    this.tasks = tasks;
    this.now = now;
  }

  @Override
  public String toString() {
    List<String> parts = new ArrayList<>();
    parts.add(subnets());
    parts.add(machines());
    parts.add(reservations());
    parts.add(strangers());
    parts.add(tasks());
    return parts.stream().filter(p -> !p.isEmpty()).collect(Collectors.joining("\n"));
  }

  private String subnets() {
    Columns columns = new Columns().row("SUBNET", "NAME", "ZONE", "CIDR", "USED", "OF", "");
    for (SubnetView subnet : snapshot.subnets()) {
      long used = subnet.total() - subnet.available();
      columns.row(
          subnet.id(),
          subnet.name(),
          subnet.zone(),
          subnet.cidr().toString(),
          String.valueOf(used),
          String.valueOf(subnet.total()),
          bar(used, subnet.total()));
    }
    return columns.toString();
  }

  /** Any use at all is seen, and only a full one is full. */
  private static String bar(long used, long total) {
    int filled = used == 0 ? 0 : (int) Math.max(1, Math.floorDiv(used * BAR, Math.max(1, total)));
    return "#".repeat(filled) + ".".repeat(BAR - filled) + " " + used * 100 / total + "%";
  }

  private String machines() {
    Columns columns =
        new Columns()
            .row("MACHINE / ENI", "STATE", "SUBNET", "PRIMARY", "USED", "SECONDARY ADDRESSES");
    for (InstanceView instance : instances) {
      List<EniView> enis = snapshot.enisOn(instance.layout().id());
      columns.row(
          instance.layout().id() + " " + instance.layout().zone(),
          instance.state(),
          instance.layout().subnetId(),
          instance.primaryIp().toString(),
          // Its own ENI counts against the limit.
          (enis.size() + 1) + "/" + instance.limit().enis() + " ENIs",
          "");
      enis.forEach(e -> eni(columns, e, "/" + slots(instance, e)));
    }
    List<EniView> loose =
        snapshot.secondaryEnis().stream().filter(e -> e.instanceId().isEmpty()).toList();
    if (!loose.isEmpty()) {
      columns.row("on no machine", "", "", "", "", "");
      loose.forEach(e -> eni(columns, e, ""));
    }
    return columns.toString();
  }

  private static int slots(InstanceView instance, EniView eni) {
    return eni.attachType() == 0
        ? instance.limit().addressesPerEni()
        : instance.limit().addressesPerExtensionEni();
  }

  private static void eni(Columns columns, EniView eni, String ofSlots) {
    List<String> lines = lines(eni);
    columns.row(
        "  " + eni.id(),
        eni.state() == EniState.AVAILABLE && eni.instanceId().isPresent()
            ? "INUSE"
            : eni.state().name(),
        eni.subnetId(),
        primaryOf(eni),
        eni.addresses().size() + ofSlots,
        lines.getFirst());
    lines.stream().skip(1).forEach(line -> columns.row("", "", "", "", "", line));
    if (!eni.tags().isEmpty()) {
      columns.row("    " + tags(eni.tags()));
    }
  }

  private static String primaryOf(EniView eni) {
    return eni.addresses().stream()
        .filter(EniView.Address::primary)
        .map(a -> a.ip().toString())
        .findFirst()
        .orElse(NONE);
  }

  /** The secondary addresses, some a line; one line at least. */
  private static List<String> lines(EniView eni) {
    List<String> all =
        eni.addresses().stream().filter(a -> !a.primary()).map(VpcTable::address).toList();
    List<String> lines = new ArrayList<>();
    for (int from = 0; from < all.size(); from += ADDRESSES_A_LINE) {
      lines.add(String.join(" ", all.subList(from, Math.min(from + ADDRESSES_A_LINE, all.size()))));
    }
    return lines.isEmpty() ? List.of(NONE) : lines;
  }

  private static String address(EniView.Address address) {
    return address.state() == AddressState.AVAILABLE
        ? address.ip().toString()
        : address.ip() + "(" + address.state() + ")";
  }

  private static String tags(Map<String, String> tags) {
    return new TreeMap<>(tags)
        .entrySet().stream()
            .map(t -> t.getKey() + "=" + t.getValue())
            .collect(Collectors.joining(" "));
  }

  private String reservations() {
    Columns columns = new Columns();
    if (!snapshot.reservations().isEmpty()) {
      columns.row("RESERVED", "ID", "ON", "NAME AND TAGS");
    }
    for (ReservationView one : snapshot.reservations()) {
      columns.row(
          one.ip().toString(),
          one.id(),
          one.eniId().orElse(NONE),
          (one.name() + " " + tags(one.tags())).strip());
    }
    return columns.toString();
  }

  private String strangers() {
    return snapshot.strangers().isEmpty()
        ? ""
        : snapshot.strangers().stream()
            .map(s -> s.ip() + " (" + s.name() + ")")
            .collect(Collectors.joining(", ", "strangers: ", "\n"));
  }

  private String tasks() {
    Columns columns = new Columns();
    if (!tasks.isEmpty()) {
      columns.row("TASK UNDER WAY", "ENI", "ENDS", "REQUEST");
    }
    for (TaskView task : tasks) {
      columns.row(task.what(), String.join(" ", task.eniIds()), end(task), task.requestId());
    }
    return columns.toString();
  }

  private String end(TaskView task) {
    return switch (task.fate()) {
      case HANGS -> "hangs";
      case FAILS -> "fails in " + Duration.between(now, task.due()).toMillis() + " ms";
      case SUCCEEDS -> "in " + Duration.between(now, task.due()).toMillis() + " ms";
    };
  }
}
