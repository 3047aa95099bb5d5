package io.eniipamd.domain.node;

import io.eniipamd.domain.condition.NodeReason;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Everything that can keep a node from its ENIs, each with the one reason that conditions and
 * events name, and the sentence that says what to do. The only place of these words.
 */
public final class NodeProblems {

  private NodeProblems() {}

  public static Problem providerIdInvalid(String node, String providerId) {
    return new Problem(
        NodeReason.PROVIDER_ID_INVALID,
        ("spec.providerID of node %s is \"%s\", whose last part is not an instance ID; use the"
                + " form qcloud:///800002/ins-0a1b2c3d")
            .formatted(node, providerId));
  }

  public static Problem zoneMissing(String node) {
    return new Problem(
        NodeReason.NODE_ZONE_MISSING,
        ("the zone of node %s is not known: the cloud did not report it, and neither label"
                + " topology.com.tencent.cloud.csi.cbs/zone nor topology.kubernetes.io/zone of the node"
                + " is the name of a zone; give the operator's credentials the permission"
                + " cvm:DescribeInstances, or set one of the labels to a name such as ap-guangzhou-3")
            .formatted(node));
  }

  public static Problem subnetsInvalid(String node, String label, Collection<String> wrong) {
    return new Problem(
        NodeReason.NODE_SUBNETS_INVALID,
        ("label tke.cloud.tencent.com/route-eni-subnet-ids of node %s is \"%s\", in which %s is"
                + " not a subnet ID; use IDs such as subnet-0a1b2c3d joined by _")
            .formatted(node, label, listed(wrong)));
  }

  public static Problem nodeGone(String node) {
    return new Problem(
        NodeReason.NODE_GONE,
        ("node %s is gone; unless it comes back within node-leave-delay, the operator detaches and"
                + " deletes each ENI on which no address is left, and then deletes this"
                + " NodeENIConfig; while a Pod names the node it waits")
            .formatted(node));
  }

  public static Problem instanceChanged(String node, String recorded, String now) {
    return new Problem(
        NodeReason.INSTANCE_CHANGED,
        ("node %s runs on %s now, but this record is for %s; the operator creates it again (if"
                + " it stays, apply kubernetes.yml again: the operator needs the right to delete"
                + " nodeeniconfigs)")
            .formatted(node, now, recorded));
  }

  /** What is said of a node that has lost the ENIs that it had. */
  public static Problem enisGone(String node) {
    return new Problem(
        NodeReason.ENI_GONE,
        "the ENIs of node %s do not exist any more; the operator adds another one".formatted(node));
  }

  /** What is said of an ENI that is not on the node's instance and cannot be deleted. */
  public static Problem eniLeftBehind(String node, LeftEni eni) {
    return new Problem(
        NodeReason.ENI_LEFT_BEHIND,
        eni.where() == LeftEni.Where.LOADED
            ? ("ENI %s was made for node %s and is on no instance; it still has addresses, so the"
                    + " operator deletes it only when they have moved to other ENIs; kubectl get vip shows"
                    + " whose they are")
                .formatted(eni.eniId(), node)
            : elsewhere(node, eni.eniId()));
  }

  /** What is said of an ENI of a node that is gone, and that is on another instance. */
  public static Problem eniElsewhere(String node, String eniId) {
    return new Problem(NodeReason.ENI_LEFT_BEHIND, elsewhere(node, eniId));
  }

  private static String elsewhere(String node, String eniId) {
    return ("ENI %s was made for node %s and is on another instance, so the operator leaves it"
            + " alone. If nothing there needs it, detach it, and the operator deletes it")
        .formatted(eniId, node);
  }

  /**
   * What is said of an ENI that is to be given back and is not.
   *
   * @param said why, for example what it still carries
   */
  public static Problem eniStays(String node, String eniId, String said) {
    return new Problem(
        NodeReason.ENI_LEFT_BEHIND,
        "ENI %s of node %s could not be given back (%s); the operator tries again"
            .formatted(eniId, node, said));
  }

  public static Problem instanceNotFound(String node, String instance, String said) {
    return new Problem(
        NodeReason.INSTANCE_NOT_FOUND,
        "the cloud knows no instance %s, which spec.providerID of node %s names (%s); correct spec.providerID, or the region (--cloud-region)"
            .formatted(instance, node, said));
  }

  public static Problem limitsUnknown(String instance, String said) {
    return new Problem(
        NodeReason.LIMITS_UNKNOWN,
        ("the operator does not know how many ENIs %s may have (%s); grant the permission"
                + " vpc:DescribeNetworkInterfaceLimit or cvm:DescribeInstances")
            .formatted(instance, said));
  }

  /**
   * The cloud refuses the account a call.
   *
   * @param said what the cloud refused, and what can be done about it: a permission, another key or
   *     a clock that is right
   */
  public static Problem denied(String said) {
    return new Problem(NodeReason.CLOUD_DENIED, said);
  }

  public static Problem cloudFailed(String said) {
    return new Problem(NodeReason.CLOUD_FAILED, said + "; the operator tries again");
  }

  public static Problem noSubnetInZone(String node, String zone, List<SubnetRoom> subnets) {
    var have = new TreeSet<>(subnets.stream().map(s -> s.id() + " in " + s.zone()).toList());
    return new Problem(
        NodeReason.NO_SUBNET_IN_ZONE,
        "node %s is in zone %s, in which it has no subnet (%s); add one of that zone (%s)"
            .formatted(
                node,
                zone,
                have.isEmpty() ? "it has none at all" : String.join(", ", have),
                "--eni-subnets, or label tke.cloud.tencent.com/route-eni-subnet-ids of the node"));
  }

  public static Problem subnetFull(String zone, Collection<String> subnets) {
    return new Problem(
        NodeReason.SUBNET_FULL,
        ("no address is left in %s (zone %s); add a subnet of that zone (--eni-subnets), or"
                + " release addresses: kubectl get vipc -A shows the claims that retain some")
            .formatted(listed(subnets), zone));
  }

  /**
   * No address can be had of some subnets, of some of them because their quotas are met.
   *
   * @param limits the quotas that leave too few; empty where the subnets themselves have no more
   */
  public static Problem subnetFull(
      String zone, Collection<String> subnets, Collection<SubnetQuotaUse> limits) {
    if (limits.isEmpty()) {
      return subnetFull(zone, subnets);
    }
    var others = new TreeSet<>(subnets);
    limits.forEach(limit -> others.remove(limit.subnet()));
    var said =
        limits.stream()
            .sorted(Comparator.comparing(SubnetQuotaUse::subnet))
            .map(NodeProblems::quota)
            .collect(Collectors.joining("; "));
    return new Problem(
        NodeReason.SUBNET_QUOTA_EXCEEDED,
        "%s%s; raise the quota (subnet-quotas), add a subnet of zone %s (--eni-subnets), or %s"
            .formatted(
                said,
                others.isEmpty() ? "" : "; no address is left in " + listed(others),
                zone,
                releasable(limits.stream().mapToLong(SubnetQuotaUse::retained).sum())));
  }

  private static String quota(SubnetQuotaUse use) {
    return ("this cluster may take %d addresses of %s and has %d: %d of Pods, %d of ENIs, %d"
            + " retained, %d warm, %d being released")
        .formatted(
            use.quota(),
            use.subnet(),
            use.used(),
            use.pods() + use.coming(),
            use.enis(),
            use.retained(),
            use.warm(),
            use.releasing());
  }

  private static String releasable(long retained) {
    return retained == 0
        ? "end Pods; no address there is retained, so that none can be released"
        : ("release retained addresses, of which there are %d: kubectl get vipc -A shows the claims"
                + " that retain them")
            .formatted(retained);
  }

  /** The cloud has no address left in a subnet, whatever the records say. */
  public static Problem subnetRefused(String said, String subnet, String zone) {
    return new Problem(
        NodeReason.SUBNET_FULL,
        ("%s; the cloud has no address left in %s (zone %s), although the records show free"
                + " ones; add a subnet of that zone (--eni-subnets), or release addresses of it")
            .formatted(said, subnet, zone));
  }

  public static Problem subnetNotFound(Collection<String> subnets) {
    return new Problem(
        NodeReason.SUBNET_NOT_FOUND,
        ("the cloud knows no %s in this VPC and region; correct --eni-subnets or the node's"
                + " label tke.cloud.tencent.com/route-eni-subnet-ids; the operator uses the others"
                + " meanwhile")
            .formatted(listed(subnets)));
  }

  /**
   * The VPC can have no further ENI.
   *
   * @param waiting how many Pods of the node wait for an address or a slot
   */
  public static Problem eniLimit(String said, QuotaUse quota, int waiting) {
    return new Problem(
        NodeReason.ENI_LIMIT,
        ("%s; the quota of ENIs of the VPC (vpc-max-enis) is used up: %s; %s for it on this node;"
                + " ask Tencent Cloud for a higher quota, or delete ENIs that nothing needs, then"
                + " the operator goes on by itself: meanwhile it tries one ENI every 15 seconds"
                + " for all nodes together")
            .formatted(said, value(quota), pods(waiting)));
  }

  private static String value(QuotaUse quota) {
    var limit =
        quota
            .limit()
            .map("its value is %d"::formatted)
            .orElse("its value is not known (grant the permission vpc:DescribeVpcLimits)");
    return quota
        .used()
        .map(used -> "%s, and %d secondary ENIs are there".formatted(limit, used))
        .orElse(limit);
  }

  /**
   * The instance can have no further ENI, although it should by what the cloud has said of it.
   *
   * @param waiting how many Pods of the node wait for an address or a slot
   */
  public static Problem instanceFull(String said, InstanceFacts instance, int waiting) {
    return new Problem(
        NodeReason.ENI_LIMIT,
        ("%s; the quota of ENIs of instance %s is used up: %s, and %d that are not this cluster's"
                + " are there; %s for it on this node; detach ENIs that nothing needs, or lower"
                + " maxRouteENI of the NodeENIConfig")
            .formatted(
                said,
                instance.id().orElse("of the node"),
                instance
                    .limits()
                    .map(l -> "%d secondary ENIs for Pods are allowed".formatted(l.enis()))
                    .orElse("its value is not known"),
                instance.strangers(),
                pods(waiting)));
  }

  private static String pods(int waiting) {
    return waiting == 1 ? "1 Pod waits" : waiting + " Pods wait";
  }

  public static Problem eniFailed(String said) {
    return new Problem(NodeReason.ENI_FAILED, said);
  }

  public static Problem addressTaken(String said) {
    return new Problem(NodeReason.ADDRESS_TAKEN, said + "; the operator chooses another address");
  }

  public static Problem nodeFull(String node, int enis) {
    return new Problem(
        NodeReason.NODE_FULL,
        ("node %s has all of the %d ENIs that it may have, and Pods wait for more room; raise"
                + " maxRouteENI if the instance allows it, or let the Pods run on other nodes")
            .formatted(node, enis));
  }

  /** A record names security groups, and the operator does not bind any. */
  public static Problem securityGroupsOff(List<String> groups) {
    return new Problem(
        NodeReason.SECURITY_GROUPS_OFF,
        ("spec.securityGroups names %s, but enable-security-groups is false, so the operator leaves"
                + " the ENIs as they are; set it to true, or empty spec.securityGroups")
            .formatted(String.join(", ", groups)));
  }

  /**
   * The cloud does not know one of the security groups that an ENI is to have.
   *
   * @param said what the cloud says, with the group
   */
  public static Problem securityGroupNotFound(List<String> groups, String said) {
    return new Problem(
        NodeReason.SECURITY_GROUP_NOT_FOUND,
        ("the cloud does not know all of %s (%s); correct spec.securityGroups of this"
                + " NodeENIConfig, or --security-groups; the ENI keeps the security groups that it"
                + " has")
            .formatted(String.join(", ", groups), said));
  }

  /** The cloud refuses an ENI the security groups that it is to have. */
  public static Problem securityGroupsRefused(List<String> groups, String said) {
    return new Problem(
        NodeReason.SECURITY_GROUPS_REFUSED,
        ("the cloud refuses %s (%s); the ENI keeps the security groups that it has, and the"
                + " operator tries again")
            .formatted(String.join(", ", groups), said));
  }

  private static String listed(Collection<String> ids) {
    return String.join(", ", new TreeSet<>(ids));
  }
}
