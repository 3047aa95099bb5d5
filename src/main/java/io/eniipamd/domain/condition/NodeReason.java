package io.eniipamd.domain.condition;

/** Reasons of nodes and of their ENIs. */
public enum NodeReason implements Reason {
  ENI_ATTACHED(
      "ENIAttached", Places.on(NodeConditions.READY), "The node has ENIs that carry Pods.", ""),
  NOTHING_IN_THE_WAY(
      "NothingInTheWay",
      Places.on(NodeConditions.CAN_GROW),
      "The operator adds ENIs as Pods need them.",
      ""),
  ALL_FOUND(
      "AllFound", Places.on(NodeConditions.SUBNETS_FOUND), "Every subnet of the node exists.", ""),
  GROUPS_SET(
      "GroupsSet",
      Places.on(NodeConditions.SECURITY_GROUPS_SET),
      "The ENIs of the node have the security groups that the message names.",
      ""),
  SECURITY_GROUPS_OFF(
      "SecurityGroupsOff",
      Places.on(NodeConditions.SECURITY_GROUPS_SET)
          .andTold(ObjectKind.NODE, ObjectKind.NODE_RECORD),
      "spec.securityGroups names security groups, but enable-security-groups is false; the operator"
          + " leaves the ENIs as they are.",
      "Set enable-security-groups to true, or empty spec.securityGroups."),
  SECURITY_GROUP_NOT_FOUND(
      "SecurityGroupNotFound",
      Places.on(NodeConditions.SECURITY_GROUPS_SET)
          .andTold(ObjectKind.NODE, ObjectKind.NODE_RECORD),
      "The cloud does not know a security group that the node's ENIs are to have; they keep those"
          + " that they have.",
      "Correct spec.securityGroups of the NodeENIConfig, or security-groups."),
  SECURITY_GROUPS_REFUSED(
      "SecurityGroupsRefused",
      Places.on(NodeConditions.SECURITY_GROUPS_SET)
          .andTold(ObjectKind.NODE, ObjectKind.NODE_RECORD),
      "The cloud refuses the security groups that the node's ENIs are to have; they keep those that"
          + " they have.",
      "Do what the message says; the operator tries again."),
  PROVIDER_ID_INVALID(
      "ProviderIDInvalid",
      Places.onNodes(),
      "The last part of the node's spec.providerID is not an instance ID.",
      "Set it to the form qcloud:///800002/ins-0a1b2c3d."),
  NODE_ZONE_MISSING(
      "NodeZoneMissing",
      Places.onNodes(),
      "The operator does not know the node's availability zone.",
      "Grant cvm:DescribeInstances, or set the zone label that the message names."),
  NODE_SUBNETS_INVALID(
      "NodeSubnetsInvalid",
      Places.onNodes(),
      "The label that names the node's subnets contains something other than subnet IDs.",
      "Write IDs joined by _."),
  NODE_GONE(
      "NodeGone",
      Places.onNodes(),
      "The Node object is gone. When node-leave-delay is over and no Pod names the node, the"
          + " operator detaches and deletes each ENI on which no address is left, and then the"
          + " NodeENIConfig.",
      "Nothing. If it stays, kubectl get vip shows the addresses that are left, and an event"
          + " on the NodeENIConfig says what the cloud refuses."),
  INSTANCE_CHANGED(
      "InstanceChanged",
      Places.onNodes(),
      "The node runs on another instance than its record names; the operator creates the"
          + " record again.",
      "Wait; if it stays, apply kubernetes.yml again: the operator needs the right to delete nodeeniconfigs."),
  INSTANCE_NOT_FOUND(
      "InstanceNotFound",
      Places.onNodes(),
      "The cloud does not know the instance that the node's spec.providerID names.",
      "Correct spec.providerID, or the region of the operator."),
  LIMITS_UNKNOWN(
      "LimitsUnknown",
      Places.onNodes(),
      "The operator does not know how many ENIs the instance may have.",
      "Grant vpc:DescribeNetworkInterfaceLimit or cvm:DescribeInstances."),
  CLOUD_DENIED(
      "CloudDenied",
      Places.onNodes().andOn(NodeConditions.SECURITY_GROUPS_SET, AddressConditions.ATTACHED),
      "The cloud refuses the operator's key.",
      "Grant the permission that the message names, or correct the key or the clock."),
  CLOUD_FAILED(
      "CloudFailed",
      Places.onNodes().andOn(NodeConditions.SECURITY_GROUPS_SET),
      "The cloud did not answer.",
      "Wait; the operator tries again."),
  NO_SUBNET_IN_ZONE(
      "NoSubnetInZone",
      Places.onNodes(),
      "The node has no subnet in its zone.",
      "Add one of that zone to --eni-subnets, or to the node's label."),
  SUBNET_FULL(
      "SubnetFull",
      Places.onNodes().andOn(AddressConditions.ATTACHED),
      "The subnet has no free address.",
      "Add a subnet of that zone to --eni-subnets, or release addresses that claims" + " keep."),
  SUBNET_QUOTA_EXCEEDED(
      "SubnetQuotaExceeded",
      Places.onNodes(),
      "This cluster may take no further address of the subnet, by the quota that is set for it.",
      "Raise the quota of the subnet (subnet-quotas), release addresses that claims keep there, or"
          + " add a subnet of that zone to --eni-subnets."),
  SUBNET_NOT_FOUND(
      "SubnetNotFound",
      Places.onNodes().andOn(NodeConditions.SUBNETS_FOUND),
      "The cloud does not know a configured subnet.",
      "Correct --eni-subnets, or the node's label."),
  ENI_LIMIT(
      "ENILimit",
      Places.onNodes().andOn(AddressConditions.ATTACHED),
      "The VPC, or the instance, can have no further ENI.",
      "Ask Tencent Cloud for a higher quota of ENIs; the message says which, and its value."),
  ENI_FAILED(
      "ENIFailed",
      Places.onNodes().andOn(AddressConditions.ATTACHED),
      "The cloud did not make or attach an ENI.",
      "Do what the message says; the operator tries again."),
  ADDRESS_TAKEN(
      "AddressTaken",
      Places.onNodes().andOn(AddressConditions.ATTACHED).andTold(ObjectKind.ADDRESS),
      "Another user of the VPC has the address that the operator chose; it"
          + " chooses another one.",
      ""),
  NODE_FULL(
      "NodeFull",
      Places.onNodes(),
      "The node has all ENIs that it may have, and Pods wait for more room.",
      "Raise maxRouteENI where the instance allows it, or let the Pods run on other" + " nodes."),
  ENI_GONE(
      "ENIGone",
      Places.onNodes(),
      "An ENI of the node does not exist any more.",
      "Find the user or program that deletes ENIs of this cluster; the operator adds another one."),
  ENI_DETACHED(
      "ENIDetached",
      Places.told(ObjectKind.NODE_RECORD),
      "An ENI of the node is not attached to its instance; the operator puts no Pod on" + " it.",
      "Attach it again, or delete it."),
  WARM_TARGET_INVALID(
      "WarmTargetInvalid",
      Places.told(ObjectKind.NODE_RECORD),
      "The annotations for the warm addresses of the node are not a valid pair.",
      "Set both, whole numbers, the minimum at most the maximum; or remove both."),
  ENI_LEFT_BEHIND(
      "ENILeftBehind",
      Places.told(ObjectKind.NODE_RECORD),
      "The operator made an ENI for this node that is to be deleted, and cannot be.",
      "Do what the message says."),
  UNOWNED_ENI(
      "UnownedENI",
      Places.told(ObjectKind.NODE_RECORD, ObjectKind.CONFIG_MAP),
      "An ENI has the tag of this cluster, and no record has it. Without repairs it costs quota and an address.",
      "Do what the message says; docs/inventory.md says when the operator deletes it.");

  @SuppressWarnings("ImmutableEnumChecker") // Its sets are copies that no code changes.
  private final Declaration declaration;

  NodeReason(String word, Places places, String meaning, String remedy) {
    declaration = new Declaration(word, places, meaning, remedy);
  }

  @Override
  public Declaration declaration() {
    return declaration;
  }
}
