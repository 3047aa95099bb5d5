package io.eniipamd.domain.node;

import io.eniipamd.domain.address.Ip;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A node as a Pod's claim sees it.
 *
 * @param name the node
 * @param zone its availability zone
 * @param enis its attached ENIs
 * @param problem why it has no more of them
 * @param mayGrow whether further ENIs may come
 * @param subnets the only ones that further ENIs may be from; empty where that is not known
 * @param zoneLabel its label that selects the nodes of its zone, where it has one with the name
 * @param warm addresses on its ENIs that no claim holds, for Pods that come
 * @param warmElsewhere of full subnets, a warm address that another node has, by subnet
 * @param metQuotas the quotas of subnets that are met, by subnet
 */
public record NodeView(
    String name,
    String zone,
    List<EniView> enis,
    Optional<Problem> problem,
    boolean mayGrow,
    Set<String> subnets,
    Optional<ZoneLabel> zoneLabel,
    List<WarmAddress> warm,
    Map<String, Ip> warmElsewhere,
    Map<String, SubnetQuotaUse> metQuotas) {
  public NodeView {
    enis = List.copyOf(enis);
    subnets = Set.copyOf(subnets);
    warm = List.copyOf(warm);
    warmElsewhere = Map.copyOf(warmElsewhere);
    metQuotas = Map.copyOf(metQuotas);
  }

  /** Whether an ENI of one of these subnets (empty: any) is one that the node may have. */
  public boolean mayHaveOneOf(Set<String> asked) {
    return asked.isEmpty() || subnets.isEmpty() || !Collections.disjoint(asked, subnets);
  }

  /** A node of any subnets that no label selects by its zone. */
  public NodeView(
      String name, String zone, List<EniView> enis, Optional<Problem> problem, boolean mayGrow) {
    this(name, zone, enis, problem, mayGrow, Set.of(), Optional.empty());
  }

  /** A node without warm addresses. */
  public NodeView(
      String name,
      String zone,
      List<EniView> enis,
      Optional<Problem> problem,
      boolean mayGrow,
      Set<String> subnets,
      Optional<ZoneLabel> zoneLabel) {
    this(name, zone, enis, problem, mayGrow, subnets, zoneLabel, List.of(), Map.of(), Map.of());
  }

  /** The same node, with these quotas met. */
  public NodeView withMetQuotas(Map<String, SubnetQuotaUse> met) {
    return new NodeView(
        name, zone, enis, problem, mayGrow, subnets, zoneLabel, warm, warmElsewhere, met);
  }
}
