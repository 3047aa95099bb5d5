package io.eniipamd.simulator.action;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.simulator.model.EniView;
import io.eniipamd.simulator.model.Holder;
import io.eniipamd.simulator.model.Ipv4;
import io.eniipamd.simulator.model.Refusal;
import io.eniipamd.simulator.model.Ticket;
import io.eniipamd.simulator.model.VpcModel;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Secondary addresses of ENIs, and which addresses of the VPC are in use. */
final class AddressActions {
  private static final int MAX_COUNT = 30;
  private static final String USED_IPS = "ip-addresses";
  private static final Set<String> USED_FILTERS = Set.of(USED_IPS, "resource-id");

  private final VpcModel model;
  private final ClientTokens tokens;

  AddressActions(VpcModel model, ClientTokens tokens) {
    this.model = model;
    this.tokens = tokens;
  }

  List<Action> actions() {
    return List.of(
        Action.taking(
            "AssignPrivateIpAddresses",
            Action.DEFAULT_RATE,
            Set.of(
                "NetworkInterfaceId",
                "PrivateIpAddresses",
                "SecondaryPrivateIpAddressCount",
                "QosLevel",
                "ClientToken"),
            this::assign),
        Action.changing(
            "UnassignPrivateIpAddresses",
            Action.DEFAULT_RATE,
            Set.of("NetworkInterfaceId", "PrivateIpAddresses", "InstanceId"),
            this::unassign),
        Action.changing(
            "MigratePrivateIpAddress",
            Action.DEFAULT_RATE,
            Set.of("SourceNetworkInterfaceId", "DestinationNetworkInterfaceId", "PrivateIpAddress"),
            this::migrate),
        Action.reading(
            "DescribeVpcPrivateIpAddresses",
            Action.DEFAULT_RATE,
            Set.of("VpcId", "PrivateIpAddresses"),
            this::describeUsed),
        Action.reading(
            "DescribeUsedIpAddress",
            Action.DEFAULT_RATE,
            Set.of("VpcId", "SubnetId", "IpAddresses", "Filters", "Offset", "Limit"),
            this::describeHolders));
  }

  private ObjectNode assign(Parameters parameters, Ticket ticket) {
    String eniId = parameters.id("NetworkInterfaceId", "eni");
    List<Parameters.NamedAddress> named = parameters.namedAddresses();
    int count = parameters.count("SecondaryPrivateIpAddressCount", MAX_COUNT);
    if (named.isEmpty() && count == 0) {
      throw Parameters.missing("PrivateIpAddresses");
    }
    if (named.stream().anyMatch(Parameters.NamedAddress::primary)) {
      throw new Refusal(
          "InvalidParameterValue.Malformed", "A primary IP cannot be assigned afterwards.");
    }
    List<Ipv4> ips = named.stream().map(Parameters.NamedAddress::ip).toList();
    return tokens.once(
        "AssignPrivateIpAddresses",
        parameters,
        ticket,
        () -> {
          List<EniView.Address> assigned = model.addressLife().assign(ticket, eniId, ips, count);
          ObjectNode answer = Answers.empty();
          Answers.addresses(answer, assigned, parameters.text("QosLevel").orElse("DEFAULT"));
          return answer;
        });
  }

  private ObjectNode unassign(Parameters parameters, Ticket ticket) {
    String eniId = parameters.id("NetworkInterfaceId", "eni");
    List<Ipv4> ips = parameters.namedAddresses().stream().map(Parameters.NamedAddress::ip).toList();
    if (ips.isEmpty()) {
      throw Parameters.missing("PrivateIpAddresses");
    }
    Optional<String> detachFrom =
        parameters.has("InstanceId")
            ? Optional.of(parameters.id("InstanceId", "ins"))
            : Optional.empty();
    model.addressLife().unassign(ticket, eniId, ips, detachFrom);
    return Answers.empty();
  }

  private ObjectNode migrate(Parameters parameters, Ticket ticket) {
    model
        .addressLife()
        .migrate(
            ticket,
            parameters.id("SourceNetworkInterfaceId", "eni"),
            parameters.id("DestinationNetworkInterfaceId", "eni"),
            Parameters.address("PrivateIpAddress", parameters.requiredText("PrivateIpAddress")));
    return Answers.empty();
  }

  private ObjectNode describeUsed(Parameters parameters, Ticket ticket) {
    if (!parameters.id("VpcId", "vpc").equals(model.vpcId())) {
      throw Refusal.notFound(parameters.requiredText("VpcId"));
    }
    List<Ipv4> ips = parameters.addresses("PrivateIpAddresses", Parameters.MAX_ADDRESSES);
    if (ips.isEmpty()) {
      throw Parameters.missing("PrivateIpAddresses");
    }
    ObjectNode answer = Answers.empty();
    ArrayNode set = answer.putArray("VpcPrivateIpAddressSet");
    Set<Ipv4> used =
        model.listedAddresses().stream().map(VpcModel.ClaimAddress::ip).collect(Collectors.toSet());
    for (Ipv4 ip : ips) {
      Optional<VpcModel.AddressPlace> place =
          model.placeOf(ip).filter(p -> p.platforms() || used.contains(ip));
      if (place.isPresent()) {
        set.addObject()
            .put("PrivateIpAddress", ip.toString())
            .put("CidrBlock", place.get().subnet().toString())
            .put("PrivateIpAddressType", typeOf(ip))
            .put("CreatedTime", Answers.time(model.createdAt()));
      }
    }
    return answer;
  }

  private ObjectNode describeHolders(Parameters parameters, Ticket ticket) {
    if (!parameters.id("VpcId", "vpc").equals(model.vpcId())) {
      throw Refusal.notFound(parameters.requiredText("VpcId"));
    }
    Filters.requireNotBoth(parameters, "IpAddresses");
    List<Ipv4> ips = parameters.addresses("IpAddresses", Parameters.MAX_IDS);
    Filters filters = Filters.of(parameters, USED_FILTERS);
    String subnetId = parameters.has("SubnetId") ? parameters.id("SubnetId", "subnet") : "";
    for (Ipv4 ip : ips) {
      requireWithin(ip, subnetId);
    }
    List<VpcModel.ClaimAddress> found =
        model.listedAddresses().stream()
            .filter(a -> subnetId.isEmpty() || a.subnetId().equals(subnetId))
            .filter(a -> ips.isEmpty() || ips.contains(a.ip()))
            .filter(
                a ->
                    filters.match(
                        name ->
                            List.of(name.equals(USED_IPS) ? a.ip().toString() : a.holder().label()),
                        Map.of()))
            .toList();
    ObjectNode answer = Answers.empty();
    answer.put("TotalCount", found.size());
    ArrayNode set = answer.putArray("IpAddressStates");
    for (VpcModel.ClaimAddress one : parameters.page().of(found)) {
      set.addObject()
          .put("VpcId", model.vpcId())
          .put("SubnetId", one.subnetId())
          .put("IpAddress", one.ip().toString())
          .put("ResourceType", typeOf(one.holder()))
          .put("ResourceId", one.holder().label());
    }
    return answer;
  }

  private void requireWithin(Ipv4 ip, String subnetId) {
    boolean within =
        subnetId.isEmpty()
            ? model.cidr().contains(ip)
            : model.subnets().stream()
                .anyMatch(s -> s.id().equals(subnetId) && s.cidr().contains(ip));
    if (!within) {
      throw new Refusal(
          "InvalidParameterValue.ParameterMismatch",
          ip + " is not in " + (subnetId.isEmpty() ? "the VPC" : subnetId) + ".");
    }
  }

  private String typeOf(Ipv4 ip) {
    return model.holderOf(ip).map(AddressActions::typeOf).orElse("GATEWAY");
  }

  private static String typeOf(Holder holder) {
    return switch (holder) {
      case Holder.Eni _ -> "ENI";
      case Holder.Reserved _ -> "RESERVE";
      case Holder.Stranger _ -> "CLB";
    };
  }
}
