package io.eniipamd.domain.condition;

/** Reasons of claims, of the Pods that wait for them, and of releases. */
public enum ClaimReason implements Reason {
  // Claims: the states that are as they should be.
  BOUND(
      "Bound",
      Places.on(ClaimConditions.READY),
      "The address is on an ENI of the Pod's node, and the Pod may use it.",
      ""),
  RETAINED(
      "Retained",
      Places.on(ClaimConditions.READY),
      "The Pod has ended and the claim keeps the address for the next Pod of that name;"
          + " the message says until when.",
      "Delete the claim to release the address at once."),
  ACCEPTED(
      "Accepted",
      Places.on(ClaimConditions.VALID),
      "The annotations of the Pod and of the claim can be read.",
      ""),
  NOT_DELETED(
      "NotDeleted",
      Places.on(ClaimConditions.RELEASE_BLOCKED),
      "The claim is in use and nothing asks for its release.",
      ""),
  ON_ENI(
      "OnENI",
      Places.on(ClaimConditions.PLACED),
      "The address has arrived on the ENI that it moved to.",
      ""),
  MOVING(
      "Moving",
      Places.on(ClaimConditions.PLACED),
      "The address moves to another ENI, or leaves its ENI; no Pod is bound meanwhile.",
      "Wait; the VpcIP of that address says how far the move is."),

  // Claims: a Pod waits.
  AWAITING_RELEASE(
      "AwaitingRelease",
      Places.on(ClaimConditions.READY).andTold(ObjectKind.POD),
      "The claim of an earlier Pod of that name is deleted, and its address has to leave its"
          + " ENI first.",
      "Wait; the VpcIP of that address says what holds it up."),
  AWAITING_ENI(
      "AwaitingENI",
      Places.on(ClaimConditions.READY).andTold(ObjectKind.POD),
      "The node has no ENI with a free slot yet, and the operator has asked for one.",
      "Wait; the NodeENIConfig of the node says how far the ENI is."),
  ADDRESS_ON_ITS_WAY(
      "AddressOnItsWay",
      Places.on(ClaimConditions.READY).andTold(ObjectKind.POD),
      "The cloud is putting the address on its ENI.",
      "Wait; the VpcIP of that address says how far it is."),
  NO_ROOM_ON_NODE(
      "NoRoomOnNode",
      Places.on(ClaimConditions.READY).andTold(ObjectKind.POD),
      "Every slot of the node's ENIs is used, and the node can have no further ENI.",
      "Let the Pod run on another node, or raise maxRouteENI where the instance allows" + " it."),
  NO_ENI_IN_SUBNET(
      "NoENIInSubnet",
      Places.on(ClaimConditions.READY).andTold(ObjectKind.POD),
      "The node has no ENI with a free slot in the subnet that the Pod needs, and can"
          + " have no further one.",
      "Let the Pod run on another node of that zone, or delete the claim to release the"
          + " address."),
  SUBNET_NOT_ON_NODE(
      "SubnetNotOnNode",
      Places.on(ClaimConditions.READY).andTold(ObjectKind.POD),
      "The Pod needs an address of a subnet from which this node may have no ENI.",
      "Let the Pod run on another node, or change the node's label"
          + " tke.cloud.tencent.com/route-eni-subnet-ids."),
  ZONE_MISMATCH(
      "ZoneMismatch",
      Places.on(ClaimConditions.READY).andTold(ObjectKind.POD),
      "The Pod runs in another availability zone than the subnet of its fixed IP.",
      "Let the Pod run in the zone that the message names, or delete the claim to release"
          + " the address."),
  ZONE_CONFLICT(
      "ZoneConflict",
      Places.on(ClaimConditions.READY).andTold(ObjectKind.POD),
      "The nodeSelector or the required node affinity of the Pod excludes the availability zone of"
          + " its fixed IP.",
      "Let the Pod run in the zone that the message names, or delete the claim to release"
          + " the address."),
  NOMINATED_IP_OUTSIDE_SUBNETS(
      "NominatedIPOutsideSubnets",
      Places.on(ClaimConditions.READY).andTold(ObjectKind.POD),
      "The nominated address belongs to no configured subnet, to another one than the"
          + " nominated subnets, or to the platform.",
      "Nominate a free address of a configured subnet."),
  NOMINATED_IP_IN_USE(
      "NominatedIPInUse",
      Places.on(ClaimConditions.READY).andTold(ObjectKind.POD),
      "Another claim holds the nominated address.",
      "Release it there, or nominate another one; the operator tries again when it"
          + " becomes free."),
  ASSIGN_FAILED(
      "AssignFailed",
      Places.on(ClaimConditions.READY).andTold(ObjectKind.POD),
      "The cloud refuses to put the address on" + " its ENI; the message quotes the cloud.",
      "Do what the message says; the operator tries again."),
  ENI_NOT_ON_NODE(
      "ENINotOnNode",
      Places.on(ClaimConditions.READY).andTold(ObjectKind.POD),
      "The Pod runs with its address, but the ENI of that address is not among those of"
          + " the node.",
      "Look at the NodeENIConfig of the node; the operator looks again by itself."),
  ADDRESS_LOST(
      "AddressLost",
      Places.on(ClaimConditions.READY).andTold(ObjectKind.POD),
      "A user or controller deleted the record of the claim's address past its finalizer,"
          + " and another claim has taken the address.",
      "Delete the claim; the next Pod gets another address."),
  MACHINE_REPLACED(
      "MachineReplaced",
      Places.on(ClaimConditions.READY).andTold(ObjectKind.POD),
      "The node runs on another machine than the ENI of the Pod's address is on, or was.",
      "Where the message says so, terminate the old machine, or detach the ENI from it."),
  RUNS_ON_OTHER_NETWORK(
      "RunsOnOtherNetwork",
      Places.on(ClaimConditions.READY).andTold(ObjectKind.POD),
      "The Pod already runs with an address that the operator cannot bind to its claim.",
      "Delete the Pod, so that its next one gets an address, or remove its VPC-CNI"
          + " annotations."),
  ADDRESS_UNCLEAR(
      "AddressUnclear",
      Places.on(ClaimConditions.READY).andTold(ObjectKind.POD),
      "The Pod already runs with an address, and the cloud does not say where that"
          + " address is.",
      "Do what the message says; the operator asks again."),

  // Pods and claims: what a user wrote.
  UNKNOWN_DELETE_POLICY(
      "UnknownDeletePolicy",
      Places.on(ClaimConditions.VALID).andTold(ObjectKind.POD),
      "vpc-ip-claim-delete-policy is neither Immediate nor Never.",
      "Write Immediate (release the address when the Pod has ended) or Never (retain it)."),
  MALFORMED_DURATION(
      "MalformedDuration",
      Places.on(ClaimConditions.VALID).andTold(ObjectKind.POD),
      "claim-expired-duration cannot be read; the address never expires until it can.",
      "Write a duration of at least 5m, or 0 for never."),
  NETWORK_MODE_CONFLICT(
      "NetworkModeConflict",
      Places.on(ClaimConditions.VALID, ClaimConditions.READY).andTold(ObjectKind.POD),
      "The annotation networks and the requested resources name different networks, or"
          + " both of them; or the claim of the Pod's name is for the other network.",
      "Use tke-route-eni with eni-ip, or tke-direct-eni with direct-eni; delete the claim"
          + " to change from one to the other."),
  NOMINATED_IP_MALFORMED(
      "NominatedIPMalformed",
      Places.on(ClaimConditions.VALID).andTold(ObjectKind.POD),
      "nominated-vpc-ip is not an IPv4 address.",
      "Write an address of a configured subnet."),
  IPV6_NOT_SUPPORTED(
      "IPv6NotSupported",
      Places.on(ClaimConditions.VALID).andTold(ObjectKind.POD),
      "nominated-vpc-ip is an IPv6 address, which this version does not support.",
      "Write an IPv4 address of a configured subnet."),
  NOMINATED_SUBNETS_MALFORMED(
      "NominatedSubnetsMalformed",
      Places.on(ClaimConditions.VALID).andTold(ObjectKind.POD),
      "nominated-eni-subnets is not a comma-separated list of subnet IDs.",
      "Write IDs such as subnet-abc,subnet-def."),
  HOST_NETWORK_POD(
      "HostNetworkPod",
      Places.told(ObjectKind.POD),
      "The Pod has hostNetwork: true and so the address of its node, but asks for"
          + " VPC-CNI too.",
      "Remove the VPC-CNI annotation and resources, or hostNetwork."),
  FIXED_IP_NEVER_RETURNS(
      "FixedIPNeverReturns",
      Places.told(ObjectKind.POD),
      "The Pod has a fixed IP, but its workload never makes a Pod of this name again.",
      "Use a StatefulSet, or set claim-expired-duration."),
  UNKNOWN_STATIC_IP(
      "UnknownStaticIP",
      Places.told(ObjectKind.STATEFUL_SET),
      "enable-static-ip is neither true nor false; it counts as false.",
      "Write true or false."),
  UNKNOWN_RETENTION(
      "UnknownRetention",
      Places.told(ObjectKind.STATEFUL_SET),
      "A retention annotation is neither Retain nor Delete; it counts as Retain.",
      "Write Retain or Delete."),

  // Releases.
  POD_RUNNING(
      "PodRunning",
      Places.on(ClaimConditions.RELEASE_BLOCKED),
      "The claim is deleted while its Pod runs with the address.",
      "Delete the Pod to release the address now."),
  RELEASE_BLOCKED(
      "ReleaseBlocked",
      Places.told(ObjectKind.CLAIM),
      "The claim is deleted while its Pod runs with the address.",
      "Delete the Pod to release the address now."),
  RELEASES_PAUSED(
      "ReleasesPaused",
      Places.on(ClaimConditions.RELEASE_BLOCKED),
      "A user has paused releases, in this namespace or in all of them.",
      "Set pause-releases to false, or remove the namespace from" + " pause-releases-namespaces."),
  AVALANCHE_PAUSED(
      "AvalanchePaused",
      Places.on(ClaimConditions.RELEASE_BLOCKED).andTold(ObjectKind.CONFIG_MAP),
      "So many fixed IPs fell due at once that the operator paused all releases.",
      "Look at what was deleted, then set resume-releases to the present time in the"
          + " ConfigMap."),
  PAUSE_RECORD_MISSING(
      "PauseRecordMissing",
      Places.on(ClaimConditions.RELEASE_BLOCKED).andTold(ObjectKind.CONFIG_MAP),
      "The ConfigMap that records pauses is missing, so that the operator cannot know"
          + " whether releases are paused; it pauses them.",
      "Apply kubernetes.yml again."),
  RELEASES_RESUMED(
      "ReleasesResumed",
      Places.told(ObjectKind.CONFIG_MAP),
      "resume-releases has ended an automatic pause.",
      ""),
  EXPIRED(
      "Expired", Places.told(ObjectKind.CLAIM), "The fixed IP was released after its expiry.", ""),
  EXPIRY_STOPPED(
      "ExpiryStopped",
      Places.told(ObjectKind.CONFIG_MAP),
      "The clock of the operator differs from the API server's by more than a minute,"
          + " so that nothing expires.",
      "Set the clock of the operator's node."),
  RECORD_RESTORED(
      "RecordRestored",
      Places.told(ObjectKind.CLAIM),
      "A user or controller deleted the VpcIP of an address that the claim holds; the"
          + " operator has recorded it again.",
      "Delete the claim, not its VpcIP, to release an address.");

  @SuppressWarnings("ImmutableEnumChecker") // Its sets are copies that no code changes.
  private final Declaration declaration;

  ClaimReason(String word, Places places, String meaning, String remedy) {
    declaration = new Declaration(word, places, meaning, remedy);
  }

  @Override
  public Declaration declaration() {
    return declaration;
  }
}
