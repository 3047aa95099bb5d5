package io.eniipamd.simulator.action;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.simulator.model.Refusal;
import io.eniipamd.simulator.model.SubnetView;
import io.eniipamd.simulator.model.Ticket;
import io.eniipamd.simulator.model.VpcModel;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The VPC and its subnets. */
final class SubnetActions {
  private static final Set<String> SUBNET_FILTERS =
      Set.of(
          "subnet-id",
          "vpc-id",
          "cidr-block",
          "is-default",
          "is-remote-vpc-snat",
          "subnet-name",
          "zone",
          "cdc-id",
          "is-cdc-subnet");
  private static final Set<String> VPC_FILTERS =
      Set.of("vpc-name", "is-default", "vpc-id", "cidr-block");

  private final VpcModel model;

  SubnetActions(VpcModel model) {
    this.model = model;
  }

  List<Action> actions() {
    return List.of(
        Action.reading(
            "DescribeSubnets",
            Action.DEFAULT_RATE,
            Set.of("SubnetIds", "Filters", "Offset", "Limit", "MaxResults", "NextToken"),
            this::describeSubnets),
        Action.reading(
            "DescribeVpcs",
            Action.DEFAULT_RATE,
            Set.of("VpcIds", "Filters", "Offset", "Limit", "MaxResults", "NextToken"),
            this::describeVpcs));
  }

  private ObjectNode describeSubnets(Parameters parameters, Ticket ticket) {
    Filters.requireNotBoth(parameters, "SubnetIds");
    List<String> ids = parameters.ids("SubnetIds", "subnet");
    Filters filters = Filters.of(parameters, SUBNET_FILTERS);
    List<SubnetView> all = model.subnets();
    for (String id : ids) {
      if (all.stream().noneMatch(s -> s.id().equals(id))) {
        throw Refusal.notFound(id);
      }
    }
    List<SubnetView> found =
        all.stream()
            .filter(s -> ids.isEmpty() || ids.contains(s.id()))
            .filter(s -> filters.match(name -> valuesOf(s, name), Map.of()))
            .toList();
    ObjectNode answer = Answers.empty();
    answer.put("TotalCount", found.size());
    ArrayNode set = answer.putArray("SubnetSet");
    parameters.pageOfTexts().of(found).forEach(s -> set.add(subnet(s)));
    answer.put("NextToken", "");
    return answer;
  }

  private ObjectNode describeVpcs(Parameters parameters, Ticket ticket) {
    Filters.requireNotBoth(parameters, "VpcIds");
    List<String> ids = parameters.ids("VpcIds", "vpc");
    Filters filters = Filters.of(parameters, VPC_FILTERS);
    for (String id : ids) {
      if (!id.equals(model.vpcId())) {
        throw Refusal.notFound(id);
      }
    }
    boolean found =
        filters.match(
            name ->
                switch (name) {
                  case "vpc-name" -> List.of(model.vpcName());
                  case "vpc-id" -> List.of(model.vpcId());
                  case "cidr-block" -> List.of(model.cidr().toString());
                  default -> List.of("false");
                },
            Map.of());
    ObjectNode answer = Answers.empty();
    answer.put("TotalCount", found ? 1 : 0);
    ArrayNode set = answer.putArray("VpcSet");
    if (found && parameters.pageOfTexts().offset() == 0) {
      set.add(vpc());
    }
    return answer;
  }

  private static List<String> valuesOf(SubnetView subnet, String filter) {
    return switch (filter) {
      case "subnet-id" -> List.of(subnet.id());
      case "vpc-id" -> List.of(subnet.vpcId());
      case "cidr-block" -> List.of(subnet.cidr().toString(), subnet.cidr().network().toString());
      case "subnet-name" -> List.of(subnet.name());
      case "zone" -> List.of(subnet.zone());
      case "is-default", "is-remote-vpc-snat" -> List.of("false");
      case "is-cdc-subnet" -> List.of("0");
      default -> List.of();
    };
  }

  private static ObjectNode subnet(SubnetView subnet) {
    ObjectNode node = Answers.empty();
    node.put("VpcId", subnet.vpcId());
    node.put("SubnetId", subnet.id());
    node.put("SubnetName", subnet.name());
    node.put("CidrBlock", subnet.cidr().toString());
    node.put("IsDefault", false);
    node.put("EnableBroadcast", false);
    node.put("Zone", subnet.zone());
    node.put("RouteTableId", "rtb-simulate");
    node.put("CreatedTime", Answers.time(subnet.createdAt()));
    node.put("AvailableIpAddressCount", subnet.available());
    node.put("Ipv6CidrBlock", "");
    node.put("NetworkAclId", "");
    node.put("IsRemoteVpcSnat", false);
    node.put("TotalIpAddressCount", subnet.total());
    node.putArray("TagSet");
    node.put("CdcId", "");
    node.put("IsCdcSubnet", 0);
    return node;
  }

  private ObjectNode vpc() {
    ObjectNode node = Answers.empty();
    node.put("VpcName", model.vpcName());
    node.put("VpcId", model.vpcId());
    node.put("CidrBlock", model.cidr().toString());
    node.put("IsDefault", false);
    node.put("EnableMulticast", false);
    node.put("CreatedTime", Answers.time(model.createdAt()));
    node.putArray("DnsServerSet").add("183.60.83.19").add("183.60.82.98");
    node.put("DomainName", "");
    node.put("DhcpOptionsId", "");
    node.put("EnableDhcp", true);
    node.put("Ipv6CidrBlock", "");
    node.putArray("TagSet");
    node.putArray("AssistantCidrSet");
    return node;
  }
}
