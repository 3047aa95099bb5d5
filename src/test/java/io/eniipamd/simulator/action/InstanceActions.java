package io.eniipamd.simulator.action;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.simulator.model.InstanceView;
import io.eniipamd.simulator.model.Refusal;
import io.eniipamd.simulator.model.Ticket;
import io.eniipamd.simulator.model.VpcModel;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Virtual machines, the one action of the CVM's API. */
final class InstanceActions {
  private static final Pattern ID = Pattern.compile("ins-[0-9a-zA-Z]{1,32}");
  private static final Set<String> FILTERS =
      Set.of(
          "instance-id",
          "instance-name",
          "instance-state",
          "private-ip-address",
          "vpc-id",
          "subnet-id",
          "zone");

  private final VpcModel model;

  InstanceActions(VpcModel model) {
    this.model = model;
  }

  List<Action> actions() {
    return List.of(
        Action.reading(
            "DescribeInstances",
            Action.DEFAULT_RATE,
            Set.of("InstanceIds", "Filters", "Offset", "Limit"),
            this::describe));
  }

  private ObjectNode describe(Parameters parameters, Ticket ticket) {
    if (parameters.has("InstanceIds") && parameters.has("Filters")) {
      throw new Refusal("InvalidParameter", "`InstanceIds` and `Filters` cannot be used together.");
    }
    List<String> ids = parameters.texts("InstanceIds", Parameters.MAX_IDS);
    for (String id : ids) {
      if (!ID.matcher(id).matches()) {
        throw new Refusal("InvalidInstanceId.Malformed", "`" + id + "` is malformed.");
      }
    }
    if (model.settings().unknownIdsRefused()) {
      for (String id : ids) {
        if (model.instances().stream().noneMatch(i -> i.layout().id().equals(id))) {
          throw new Refusal("InvalidInstanceId.NotFound", "`" + id + "` does not exist.");
        }
      }
    }
    Filters filters = filters(parameters);
    List<InstanceView> found =
        model.instances().stream()
            .filter(i -> ids.isEmpty() || ids.contains(i.layout().id()))
            .filter(i -> filters.match(name -> valuesOf(i, name), Map.of()))
            .toList();
    ObjectNode answer = Answers.empty();
    answer.put("TotalCount", found.size());
    ArrayNode set = answer.putArray("InstanceSet");
    parameters.page().of(found).forEach(i -> set.add(instance(i)));
    return answer;
  }

  private static Filters filters(Parameters parameters) {
    try {
      return Filters.of(parameters, FILTERS);
    } catch (Refusal refusal) {
      throw refusal.code().startsWith("InvalidParameter.Filter")
          ? new Refusal("InvalidFilter", refusal.getMessage())
          : refusal;
    }
  }

  private List<String> valuesOf(InstanceView instance, String filter) {
    return switch (filter) {
      case "instance-id" -> List.of(instance.layout().id());
      case "instance-name" -> List.of(instance.layout().name());
      case "instance-state" -> List.of(instance.state());
      case "private-ip-address" -> List.of(instance.primaryIp().toString());
      case "vpc-id" -> List.of(model.vpcId());
      case "subnet-id" -> List.of(instance.layout().subnetId());
      case "zone" -> List.of(instance.layout().zone());
      default -> List.of();
    };
  }

  private ObjectNode instance(InstanceView instance) {
    ObjectNode node = Answers.empty();
    node.putObject("Placement").put("Zone", instance.layout().zone()).put("ProjectId", 0);
    node.put("InstanceId", instance.layout().id());
    node.put("InstanceType", instance.layout().type());
    node.put("CPU", instance.layout().cpu());
    node.put("Memory", instance.layout().memoryGib());
    node.put("RestrictState", "NORMAL");
    node.put("InstanceName", instance.layout().name());
    node.put("InstanceChargeType", "POSTPAID_BY_HOUR");
    node.putArray("PrivateIpAddresses").add(instance.primaryIp().toString());
    node.putNull("PublicIpAddresses");
    node.putObject("VirtualPrivateCloud")
        .put("VpcId", model.vpcId())
        .put("SubnetId", instance.layout().subnetId())
        .put("AsVpcGateway", false);
    node.put("CreatedTime", iso(instance.createdAt()));
    node.putNull("ExpiredTime");
    node.putArray("SecurityGroupIds").add("sg-default1");
    node.put("InstanceState", instance.state());
    node.putArray("Tags");
    node.putNull("LatestOperation");
    node.put("LatestOperationState", "SUCCESS");
    return node;
  }

  private static String iso(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
