package io.eniipamd.simulator;

import io.eniipamd.simulator.model.AddressState;
import io.eniipamd.simulator.model.EniState;
import io.eniipamd.simulator.model.EniView;
import io.eniipamd.simulator.model.InstanceView;
import io.eniipamd.simulator.model.SubnetView;
import io.eniipamd.simulator.model.VpcSnapshot;
import java.util.List;
import java.util.stream.Collectors;

/** The VPC as text: subnets with their use, machines with their ENIs and addresses, the rest. */
final class VpcTable {
  private static final String NONE = "-";
  private static final int BAR = 20;

  private final StringBuilder out = new StringBuilder();

  VpcTable(VpcSnapshot snapshot, List<InstanceView> instances) {
    line("SUBNET", "ZONE", "CIDR", "USED/TOTAL", "");
    snapshot.subnets().forEach(this::subnet);
    out.append('\n');
    line("INSTANCE / ENI", "STATE", "SUBNET", "PRIMARY", "ADDRESSES");
    for (InstanceView instance : instances) {
      line(
          instance.layout().id() + " (" + instance.layout().zone() + ")",
          instance.state(),
          instance.layout().subnetId(),
          instance.primaryIp().toString(),
          "");
      snapshot.enisOn(instance.layout().id()).forEach(this::eni);
    }
    List<EniView> loose =
        snapshot.secondaryEnis().stream().filter(e -> e.instanceId().isEmpty()).toList();
    if (!loose.isEmpty()) {
      line("on no instance", "", "", "", "");
      loose.forEach(this::eni);
    }
    if (!snapshot.reservations().isEmpty()) {
      out.append("\nreserved: ");
      out.append(
          snapshot.reservations().stream()
              .map(r -> r.ip() + r.eniId().map(e -> " on " + e).orElse(""))
              .collect(Collectors.joining(", ")));
      out.append('\n');
    }
    if (!snapshot.strangers().isEmpty()) {
      out.append("\nstrangers: ");
      out.append(
          snapshot.strangers().stream()
              .map(s -> s.ip() + " (" + s.name() + ")")
              .collect(Collectors.joining(", ")));
      out.append('\n');
    }
  }

  @Override
  public String toString() {
    return out.toString();
  }

  private void subnet(SubnetView subnet) {
    long used = subnet.total() - subnet.available();
    int filled = (int) Math.ceilDiv(used * BAR, Math.max(1, subnet.total()));
    line(
        subnet.id(),
        subnet.zone(),
        subnet.cidr().toString(),
        used + "/" + subnet.total(),
        "#".repeat(filled) + ".".repeat(BAR - filled));
  }

  private void eni(EniView eni) {
    String primary =
        eni.addresses().stream()
            .filter(EniView.Address::primary)
            .map(a -> a.ip().toString())
            .findFirst()
            .orElse(NONE);
    String others =
        eni.addresses().stream()
            .filter(a -> !a.primary())
            .map(VpcTable::address)
            .collect(Collectors.joining(" "));
    line(
        "  " + eni.id(),
        eni.state() == EniState.AVAILABLE && eni.instanceId().isPresent()
            ? "INUSE"
            : eni.state().name(),
        eni.subnetId(),
        primary,
        others.isEmpty() ? NONE : others);
  }

  private static String address(EniView.Address address) {
    return address.state() == AddressState.AVAILABLE
        ? address.ip().toString()
        : address.ip() + "(" + address.state() + ")";
  }

  private void line(String first, String second, String third, String fourth, String fifth) {
    out.append(
            String.format("%-34s %-16s %-18s %-14s %s", first, second, third, fourth, fifth)
                .stripTrailing())
        .append('\n');
  }
}
