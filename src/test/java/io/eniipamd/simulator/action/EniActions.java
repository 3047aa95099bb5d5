package io.eniipamd.simulator.action;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.simulator.model.EniOrder;
import io.eniipamd.simulator.model.EniView;
import io.eniipamd.simulator.model.Ipv4;
import io.eniipamd.simulator.model.Refusal;
import io.eniipamd.simulator.model.Ticket;
import io.eniipamd.simulator.model.VpcModel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The life of ENIs. */
final class EniActions {
  private static final int MAX_NAME_BYTES = 60;
  private static final int MAX_SECONDARY_COUNT = 30;

  private static final Set<String> CREATE =
      Set.of(
          "VpcId",
          "SubnetId",
          "NetworkInterfaceName",
          "NetworkInterfaceDescription",
          "SecondaryPrivateIpAddressCount",
          "QosLevel",
          "SecurityGroupIds",
          "PrivateIpAddresses",
          "Tags",
          "TrunkingFlag",
          "IsRdma",
          "ClientToken");

  private final VpcModel model;
  private final ClientTokens tokens;

  EniActions(VpcModel model, ClientTokens tokens) {
    this.model = model;
    this.tokens = tokens;
  }

  List<Action> actions() {
    Set<String> createAndAttach = new HashSet<>(CREATE);
    createAndAttach.addAll(List.of("InstanceId", "AttachType"));
    Set<String> groups = Set.of("NetworkInterfaceIds", "SecurityGroupIds");
    return List.of(
        Action.taking(
            "CreateNetworkInterface", Action.DEFAULT_RATE, CREATE, (p, t) -> create(p, t, false)),
        Action.taking(
            "CreateAndAttachNetworkInterface",
            Action.SLOW_RATE,
            Set.copyOf(createAndAttach),
            (p, t) -> create(p, t, true)),
        Action.changing(
            "AttachNetworkInterface",
            Action.DEFAULT_RATE,
            Set.of("NetworkInterfaceId", "InstanceId", "AttachType", "ClientToken"),
            this::attach),
        Action.changing(
            "DetachNetworkInterface",
            Action.DEFAULT_RATE,
            Set.of("NetworkInterfaceId", "InstanceId", "ClientToken"),
            this::detach),
        Action.changing(
            "DeleteNetworkInterface",
            Action.DEFAULT_RATE,
            Set.of("NetworkInterfaceId"),
            this::delete),
        Action.changing(
            "MigrateNetworkInterface",
            Action.DEFAULT_RATE,
            Set.of("NetworkInterfaceId", "SourceInstanceId", "DestinationInstanceId", "AttachType"),
            this::migrate),
        Action.changing(
            "ModifyNetworkInterfaceAttribute",
            Action.DEFAULT_RATE,
            Set.of("NetworkInterfaceId", "SecurityGroupIds"),
            this::modify),
        Action.changing(
            "AssociateNetworkInterfaceSecurityGroups",
            Action.DEFAULT_RATE,
            groups,
            (p, t) -> changeGroups(p, true)),
        Action.changing(
            "DisassociateNetworkInterfaceSecurityGroups",
            Action.DEFAULT_RATE,
            groups,
            (p, t) -> changeGroups(p, false)));
  }

  private ObjectNode create(Parameters parameters, Ticket ticket, boolean attach) {
    EniOrder order = order(parameters, attach);
    return tokens.once(
        attach ? "CreateAndAttachNetworkInterface" : "CreateNetworkInterface",
        parameters,
        ticket,
        () -> {
          EniView made = model.eniLife().create(ticket, order);
          ObjectNode answer = Answers.empty();
          answer.set("NetworkInterface", Answers.networkInterface(made, model));
          return answer;
        });
  }

  private ObjectNode attach(Parameters parameters, Ticket ticket) {
    String eniId = parameters.id("NetworkInterfaceId", "eni");
    String instanceId = parameters.id("InstanceId", "ins");
    int type = attachType(parameters);
    return tokens.once(
        "AttachNetworkInterface",
        parameters,
        ticket,
        () -> {
          model.eniLife().attach(ticket, eniId, instanceId, type);
          return Answers.empty();
        });
  }

  private ObjectNode detach(Parameters parameters, Ticket ticket) {
    String eniId = parameters.id("NetworkInterfaceId", "eni");
    String instanceId = parameters.id("InstanceId", "ins");
    return tokens.once(
        "DetachNetworkInterface",
        parameters,
        ticket,
        () -> {
          model.eniLife().detach(ticket, eniId, instanceId);
          return Answers.empty();
        });
  }

  private ObjectNode delete(Parameters parameters, Ticket ticket) {
    model.eniLife().delete(ticket, parameters.id("NetworkInterfaceId", "eni"));
    return Answers.empty();
  }

  private ObjectNode migrate(Parameters parameters, Ticket ticket) {
    model
        .eniLife()
        .migrate(
            ticket,
            parameters.id("NetworkInterfaceId", "eni"),
            parameters.id("SourceInstanceId", "ins"),
            parameters.id("DestinationInstanceId", "ins"),
            attachType(parameters));
    return Answers.empty();
  }

  /** Of its attributes only the security groups: the others are not changed here. */
  private ObjectNode modify(Parameters parameters, Ticket ticket) {
    String eni = parameters.id("NetworkInterfaceId", "eni");
    List<String> groups = parameters.ids("SecurityGroupIds", "sg");
    if (groups.isEmpty()) {
      throw Parameters.missing("SecurityGroupIds");
    }
    model.eniLife().setSecurityGroups(eni, groups);
    return Answers.empty();
  }

  private ObjectNode changeGroups(Parameters parameters, boolean add) {
    List<String> enis = parameters.ids("NetworkInterfaceIds", "eni");
    List<String> groups = parameters.ids("SecurityGroupIds", "sg");
    if (enis.isEmpty() || groups.isEmpty()) {
      throw Parameters.missing(enis.isEmpty() ? "NetworkInterfaceIds" : "SecurityGroupIds");
    }
    model.eniLife().changeSecurityGroups(enis, groups, add);
    return Answers.empty();
  }

  private EniOrder order(Parameters parameters, boolean attach) {
    List<Parameters.NamedAddress> named = parameters.namedAddresses();
    List<Ipv4> primaries = new ArrayList<>();
    List<Ipv4> secondaries = new ArrayList<>();
    named.forEach(a -> (a.primary() ? primaries : secondaries).add(a.ip()));
    if (primaries.size() > 1) {
      throw new Refusal("InvalidParameterValue", "More than one primary address is named.");
    }
    List<String> groups = parameters.ids("SecurityGroupIds", "sg");
    return new EniOrder(
        parameters.id("VpcId", "vpc"),
        parameters.id("SubnetId", "subnet"),
        requiredName(parameters),
        parameters.boundedText("NetworkInterfaceDescription", MAX_NAME_BYTES),
        groups.isEmpty() ? List.of("sg-default1") : groups,
        parameters.tags(),
        primaries.stream().findFirst(),
        secondaries,
        parameters.count("SecondaryPrivateIpAddressCount", MAX_SECONDARY_COUNT),
        parameters.text("QosLevel").orElse("DEFAULT"),
        attach ? Optional.of(parameters.id("InstanceId", "ins")) : Optional.empty(),
        attach ? attachType(parameters) : 0,
        model.now());
  }

  private static String requiredName(Parameters parameters) {
    parameters.requiredText("NetworkInterfaceName");
    return parameters.boundedText("NetworkInterfaceName", MAX_NAME_BYTES);
  }

  private static int attachType(Parameters parameters) {
    long type = parameters.integer("AttachType").orElse(0L);
    if (type != 0 && type != 1) {
      throw new Refusal("InvalidParameterValue.Malformed", "`AttachType` is neither 0 nor 1.");
    }
    return (int) type;
  }
}
