package io.eniipamd.api.v1;

import java.util.List;

/** Names that users, dashboards and other components rely on. None of them ever changes. */
public final class Names {
  public static final String GROUP = "networking.tke.cloud.tencent.com";
  public static final String VERSION = "v1";

  private static final String PREFIX = "tke.cloud.tencent.com/";

  /** Pod: which kind of network it uses. */
  public static final String NETWORKS = PREFIX + "networks";

  public static final String DELETE_POLICY = PREFIX + "vpc-ip-claim-delete-policy";

  /** Pod or claim: after how long away a fixed IP is released. */
  public static final String CLAIM_EXPIRED_DURATION = PREFIX + "claim-expired-duration";

  public static final String NOMINATED_IP = PREFIX + "nominated-vpc-ip";
  public static final String NOMINATED_SUBNETS = PREFIX + "nominated-eni-subnets";

  /** Extended resource: an address on a shared ENI. */
  public static final String ENI_IP = PREFIX + "eni-ip";

  /** Extended resource: an ENI for the Pod alone. */
  public static final String DIRECT_ENI = PREFIX + "direct-eni";

  /** Node: the key of the taint, of effect {@code NoSchedule}, while no ENI of it carries Pods. */
  public static final String NODE_TAINT = PREFIX + "eni-ip-unavailable";

  /** Node: subnets of its ENIs, joined by {@code _}. */
  public static final String NODE_SUBNETS = PREFIX + "route-eni-subnet-ids";

  /** NodeENIConfig: cap of the ENIs of the node. */
  public static final String ROUTE_ENI_MAX_ATTACH = PREFIX + "route-eni-max-attach";

  /** NodeENIConfig: cap of the Pod addresses of one of its ENIs. */
  public static final String MAX_IP_PER_ROUTE_ENI = PREFIX + "max-ip-per-route-eni";

  /** On a {@code NodeENIConfig}: fewest unused addresses that the node holds ready. */
  public static final String WARM_TARGET_MIN = PREFIX + "route-eni-ip-min-warm-target";

  /** On a {@code NodeENIConfig}: most unused addresses that the node holds ready. */
  public static final String WARM_TARGET_MAX = PREFIX + "route-eni-ip-max-warm-target";

  /** Workload: {@code Retain} keeps its fixed IPs when it is deleted, whatever the flag. */
  public static final String WHEN_DELETED = PREFIX + "when-deleted";

  /**
   * StatefulSet of an older cluster: {@code true} gives its Pods fixed IPs, as the policy {@code
   * Never} of each Pod does.
   */
  public static final String ENABLE_STATIC_IP = PREFIX + "enable-static-ip";

  /** StatefulSet: {@code Retain} or {@code Delete} for ordinals that it was scaled away from. */
  public static final String WHEN_SCALED = PREFIX + "when-scaled";

  /**
   * Claim: why it may be deleted though its Pod lives. It lifts the refusal of the guard and
   * nothing else; the operator does not read it.
   */
  public static final String FORCE_DELETE = PREFIX + "force-delete";

  /** VpcIP: the node that its ENI is on; see {@link NodeLabel} for long names. */
  public static final String NODE_NAME = PREFIX + "node-name";

  /** VpcIP: the UID of the claim that holds it. */
  public static final String CLAIM_UID = PREFIX + "claim-uid";

  /** VpcIP: the subnet it is from. */
  public static final String SUBNET_ID = PREFIX + "subnet-id";

  public static final String MANAGED_BY = "app.kubernetes.io/managed-by";
  public static final String OPERATOR = "tke-eni-ipamd";

  /** Claim: waits for the Pod's end, then for the release of the address. */
  public static final String CLAIM_FINALIZER = PREFIX + "vpc-ip-claim";

  /** VpcIP: unassign, confirm, quarantine, gone. */
  public static final String IP_FINALIZER = PREFIX + "vpc-ip";

  /** NodeENIConfig: its ENIs are removed first. */
  public static final String NODE_FINALIZER = PREFIX + "node-eni-config";

  public static final String ZONE_LABEL = "topology.kubernetes.io/zone";

  /** The zone's name on nodes of TKE, where {@link #ZONE_LABEL} is a number. */
  public static final String CSI_ZONE_LABEL = "topology.com.tencent.cloud.csi.cbs/zone";

  /** What {@link #ZONE_LABEL} was before Kubernetes 1.17; nodes may carry it still. */
  public static final String BETA_ZONE_LABEL = "failure-domain.beta.kubernetes.io/zone";

  /** The labels of a node that tell its zone, the one first that schedulers know best. */
  public static final List<String> ZONE_LABELS =
      List.of(ZONE_LABEL, CSI_ZONE_LABEL, BETA_ZONE_LABEL);

  /**
   * The scheduling gate of a Pod that waits for the zone of its fixed IP. The operator takes it
   * away from every Pod that has it.
   */
  public static final String ZONE_GATE = "tke.cloud.tencent.com/fixed-ip-zone";

  public static final String INSTANCE_TYPE_LABEL = "node.kubernetes.io/instance-type";

  private Names() {}
}
