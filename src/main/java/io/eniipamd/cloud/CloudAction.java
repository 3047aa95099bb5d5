package io.eniipamd.cloud;

import java.util.OptionalInt;

/** The requests behind {@link VpcCloud}, for limits, metrics and messages. */
public enum CloudAction {
  DESCRIBE_SUBNETS("DescribeSubnets", Family.VPC, false, 0),
  DESCRIBE_NETWORK_INTERFACES("DescribeNetworkInterfaces", Family.VPC, false, 0),
  DESCRIBE_NETWORK_INTERFACE_LIMIT("DescribeNetworkInterfaceLimit", Family.VPC, false, 20),
  DESCRIBE_INSTANCES("DescribeInstances", Family.CVM, false, 0),
  CREATE_NETWORK_INTERFACE("CreateNetworkInterface", Family.VPC, true, 100),
  ATTACH_NETWORK_INTERFACE("AttachNetworkInterface", Family.VPC, true, 100),
  DETACH_NETWORK_INTERFACE("DetachNetworkInterface", Family.VPC, true, 0),
  DELETE_NETWORK_INTERFACE("DeleteNetworkInterface", Family.VPC, true, 0),
  MODIFY_NETWORK_INTERFACE_ATTRIBUTE("ModifyNetworkInterfaceAttribute", Family.VPC, true, 100),
  ASSIGN_PRIVATE_IP_ADDRESSES("AssignPrivateIpAddresses", Family.VPC, true, 100),
  UNASSIGN_PRIVATE_IP_ADDRESSES("UnassignPrivateIpAddresses", Family.VPC, true, 100),
  MIGRATE_PRIVATE_IP_ADDRESS("MigratePrivateIpAddress", Family.VPC, true, 0),
  DESCRIBE_VPC_PRIVATE_IP_ADDRESSES("DescribeVpcPrivateIpAddresses", Family.VPC, false, 0),
  DESCRIBE_USED_IP_ADDRESS("DescribeUsedIpAddress", Family.VPC, false, 0),
  DESCRIBE_VPC_TASK_RESULT("DescribeVpcTaskResult", Family.VPC, false, 20),
  DESCRIBE_VPC_LIMITS("DescribeVpcLimits", Family.VPC, false, 0),
  CREATE_RESERVE_IP_ADDRESSES("CreateReserveIpAddresses", Family.VPC, true, 20),
  DESCRIBE_RESERVE_IP_ADDRESSES("DescribeReserveIpAddresses", Family.VPC, false, 20),
  DELETE_RESERVE_IP_ADDRESSES("DeleteReserveIpAddresses", Family.VPC, true, 20);

  /** Products of the cloud, each with a cap on requests of its own. */
  public enum Family {
    VPC,
    CVM
  }

  private final String apiName;
  private final Family family;
  private final boolean changing;
  private final int documentedPerSecond;

  CloudAction(String apiName, Family family, boolean changing, int documentedPerSecond) {
    this.apiName = apiName;
    this.family = family;
    this.changing = changing;
    this.documentedPerSecond = documentedPerSecond;
  }

  /** The action's name on the wire. */
  public String apiName() {
    return apiName;
  }

  public Family family() {
    return family;
  }

  /** Whether the action changes something, so that it needs a fence and must not be repeated. */
  public boolean changing() {
    return changing;
  }

  /** Requests a second by the API's documentation, absent where it gives no figure. */
  public OptionalInt documentedPerSecond() {
    return documentedPerSecond == 0 ? OptionalInt.empty() : OptionalInt.of(documentedPerSecond);
  }
}
