package io.eniipamd.simulator.action;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.eniipamd.simulator.model.EniState;
import io.eniipamd.simulator.model.EniView;
import io.eniipamd.simulator.model.VpcModel;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Parts that several answers have in common. */
final class Answers {
  /** Without a zone, as the VPC's actions write it; presumably UTC+8, the documents do not say. */
  private static final DateTimeFormatter VPC_TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.of("Asia/Shanghai"));

  private static final String ACCOUNT = "100000000001";

  private Answers() {}

  static ObjectNode empty() {
    return JsonNodeFactory.instance.objectNode();
  }

  static String time(Instant at) {
    return VPC_TIME.format(at);
  }

  static void texts(ObjectNode parent, String name, Collection<String> values) {
    ArrayNode array = parent.putArray(name);
    values.forEach(array::add);
  }

  static void tags(ObjectNode parent, Map<String, String> tags) {
    ArrayNode array = parent.putArray("TagSet");
    tags.forEach((key, value) -> array.addObject().put("Key", key).put("Value", value));
  }

  static void addresses(ObjectNode parent, List<EniView.Address> addresses, String qosLevel) {
    ArrayNode array = parent.putArray("PrivateIpAddressSet");
    for (EniView.Address address : addresses) {
      array
          .addObject()
          .put("PrivateIpAddress", address.ip().toString())
          .put("Primary", address.primary())
          .put("PublicIpAddress", "")
          .put("AddressId", "")
          .put("Description", "")
          .put("IsWanIpBlocked", false)
          .put("State", address.state().name())
          .put("QosLevel", qosLevel);
    }
  }

  static ObjectNode networkInterface(EniView eni, VpcModel model) {
    ObjectNode node = empty();
    node.put("NetworkInterfaceId", eni.id());
    node.put("NetworkInterfaceName", eni.name());
    node.put("NetworkInterfaceDescription", eni.description());
    node.put("SubnetId", eni.subnetId());
    node.put("VpcId", model.vpcId());
    texts(node, "GroupSet", eni.securityGroups());
    node.put("Primary", eni.primary());
    node.put("MacAddress", eni.mac());
    node.put("State", eni.state().name());
    boolean inUse = eni.state() == EniState.AVAILABLE && eni.instanceId().isPresent();
    node.put("NetworkInterfaceState", inUse ? "INUSE" : eni.state().name());
    addresses(node, eni.addresses(), eni.qosLevel());
    if (eni.instanceId().isPresent()) {
      node.putObject("Attachment")
          .put("InstanceId", eni.instanceId().get())
          .put("DeviceIndex", eni.deviceIndex())
          .put("InstanceAccountId", ACCOUNT)
          .put("AttachTime", eni.attachedAt().map(Answers::time).orElse(""));
    } else {
      node.putNull("Attachment");
    }
    node.put("Zone", eni.zone());
    node.put("CreatedTime", time(eni.createdAt()));
    node.putArray("Ipv6AddressSet");
    tags(node, eni.tags());
    node.put("EniType", eni.primary() ? 1 : 0);
    node.put("Business", "cvm");
    node.put("CdcId", "");
    node.put("AttachType", eni.attachType());
    node.put("ResourceId", "");
    node.put("QosLevel", eni.qosLevel());
    return node;
  }
}
