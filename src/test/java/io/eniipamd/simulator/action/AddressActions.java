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
import java.util.Optional;
import java.util.Set;

/** Secondary addresses of ENIs, and which addresses of the VPC are in use. */
final class AddressActions {
  private static final int MAX_COUNT = 30;

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
            Set.of("NetworkInterfaceId", "PrivateIpAddresses"),
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
            this::describeUsed));
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
    model.addressLife().unassign(ticket, eniId, ips);
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
    for (Ipv4 ip : ips) {
      Optional<VpcModel.AddressPlace> place =
          model.placeOf(ip).filter(VpcModel.AddressPlace::taken);
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

  private String typeOf(Ipv4 ip) {
    return model
        .holderOf(ip)
        .map(
            holder ->
                switch (holder) {
                  case Holder.Eni _ -> "ENI";
                  case Holder.Reserved _ -> "RESERVE";
                  case Holder.Stranger _ -> "CLB";
                })
        .orElse("GATEWAY");
  }
}
