package io.eniipamd.simulator.action;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.model.Refusal;
import io.eniipamd.simulator.model.Ticket;
import io.eniipamd.simulator.model.VpcModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Limits, and how tasks stand. */
final class QuotaActions {
  private final VpcModel model;

  QuotaActions(VpcModel model) {
    this.model = model;
  }

  List<Action> actions() {
    return List.of(
        Action.reading(
            "DescribeNetworkInterfaceLimit",
            Action.SLOW_RATE,
            Set.of("InstanceId"),
            this::describeInterfaceLimit),
        Action.reading(
            "DescribeVpcLimits",
            Action.DEFAULT_RATE,
            Set.of("LimitTypes"),
            this::describeVpcLimits),
        Action.reading(
            "DescribeVpcTaskResult", Action.SLOW_RATE, Set.of("TaskId"), this::describeTask));
  }

  private ObjectNode describeInterfaceLimit(Parameters parameters, Ticket ticket) {
    String id = parameters.requiredText("InstanceId");
    if (!id.matches("(ins|eni)-[0-9a-zA-Z]+")) {
      throw new Refusal("InvalidParameterValue.Malformed", "`" + id + "` is malformed.");
    }
    VpcLayout.InstanceLimit limit = limitOf(id);
    ObjectNode answer = Answers.empty();
    answer.put("EniQuantity", limit.enis());
    answer.put("EniPrivateIpAddressQuantity", limit.addressesPerEni());
    answer.put("ExtendEniQuantity", limit.extensionEnis());
    answer.put("ExtendEniPrivateIpAddressQuantity", limit.addressesPerExtensionEni());
    answer.put("SubEniQuantity", 0);
    answer.put("SubEniPrivateIpAddressQuantity", 0);
    return answer;
  }

  private VpcLayout.InstanceLimit limitOf(String id) {
    try {
      return model.limitOf(id);
    } catch (Refusal refusal) {
      if (id.startsWith("ins-")) {
        throw new Refusal(
            "InvalidInstanceId.NotFound", "The instance `" + id + "` does not exist.");
      }
      throw refusal;
    }
  }

  private ObjectNode describeVpcLimits(Parameters parameters, Ticket ticket) {
    List<String> types = parameters.texts("LimitTypes", Parameters.MAX_IDS);
    if (types.isEmpty()) {
      throw Parameters.missing("LimitTypes");
    }
    Map<String, Integer> limits = limits();
    ObjectNode answer = Answers.empty();
    ArrayNode set = answer.putArray("VpcLimitSet");
    for (String type : types) {
      Integer limit = limits.get(type);
      if (limit == null) {
        throw new Refusal("InvalidParameterValue", "The limit type `" + type + "` does not exist.");
      }
      set.addObject().put("LimitType", type).put("LimitValue", limit);
    }
    return answer;
  }

  private Map<String, Integer> limits() {
    Map<String, Integer> limits = new LinkedHashMap<>();
    limits.put("appid-max-vpcs", 20);
    limits.put("vpc-max-subnets", 100);
    limits.put("vpc-max-enis", model.settings().enisPerVpc());
    limits.put("eni-max-private-ips", model.settings().addressesPerUnattachedEni());
    limits.put("eni-max-ipv6s", 0);
    limits.put("vpc-max-ipv6s", 0);
    return limits;
  }

  private ObjectNode describeTask(Parameters parameters, Ticket ticket) {
    ObjectNode answer = Answers.empty();
    answer.put("Status", model.taskStatus(parameters.requiredText("TaskId")).name());
    answer.put("Output", "");
    answer.putArray("Result");
    return answer;
  }
}
