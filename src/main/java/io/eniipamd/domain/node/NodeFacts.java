package io.eniipamd.domain.node;

import java.util.List;
import java.util.Optional;

/**
 * A Node object as far as its ENIs depend on it.
 *
 * @param name of the node
 * @param providerId its {@code spec.providerID}, or empty text
 * @param zone the name of its zone, where one of its labels has it
 * @param subnetLabel its label {@code route-eni-subnet-ids}
 * @param virtual whether it runs on no instance
 * @param offered the {@code eni-ip} in its capacity and in its allocatable, where they agree
 * @param offeredDirect the same of {@code direct-eni}
 */
public record NodeFacts(
    String name,
    String providerId,
    Optional<String> zone,
    Optional<String> subnetLabel,
    boolean virtual,
    Optional<String> offered,
    Optional<String> offeredDirect) {

  /** A Node that offers no ENIs of Pods' own. */
  public NodeFacts(
      String name,
      String providerId,
      Optional<String> zone,
      Optional<String> subnetLabel,
      boolean virtual,
      Optional<String> offered) {
    this(name, providerId, zone, subnetLabel, virtual, offered, Optional.empty());
  }

  public Optional<String> instanceId() {
    return ProviderIds.instance(providerId);
  }

  /** The subnets that its label names, the well-formed ones. */
  public List<String> subnets() {
    return named().stream().filter(ProviderIds::isSubnet).toList();
  }

  /** What keeps this Node from having ENIs, if anything does. */
  public Optional<Problem> problem() {
    if (instanceId().isEmpty()) {
      return Optional.of(NodeProblems.providerIdInvalid(name, providerId));
    }
    return subnetProblem();
  }

  /** What is wrong with the label of its subnets: others are not taken in their place. */
  public Optional<Problem> subnetProblem() {
    var wrong = named().stream().filter(id -> !ProviderIds.isSubnet(id)).toList();
    return wrong.isEmpty()
        ? Optional.empty()
        : Optional.of(NodeProblems.subnetsInvalid(name, subnetLabel.orElse(""), wrong));
  }

  private List<String> named() {
    return subnetLabel.map(l -> List.of(l.split("_", -1))).orElse(List.of());
  }
}
