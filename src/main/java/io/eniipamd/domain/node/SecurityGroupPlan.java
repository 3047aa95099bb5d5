package io.eniipamd.domain.node;

import io.eniipamd.domain.condition.NodeConditions;
import io.eniipamd.domain.condition.NodeReason;
import java.util.List;
import java.util.Optional;

/**
 * What is done about the security groups of a node's ENIs.
 *
 * @param unseen ENIs that have to be read first
 * @param change ENIs that get the groups
 * @param said what the record is to say of it
 */
public record SecurityGroupPlan(List<String> unseen, List<String> change, Said said) {
  public SecurityGroupPlan {
    unseen = List.copyOf(unseen);
    change = List.copyOf(change);
  }

  /**
   * An ENI that carries Pods.
   *
   * @param shown its groups as the cloud has shown them; empty where it was not read yet
   * @param refused why the cloud has refused it the groups, until it is tried again
   */
  public record Eni(String eniId, Optional<List<String>> shown, Optional<Problem> refused) {
    private boolean differsFrom(List<String> wanted) {
      return shown.filter(now -> !now.equals(wanted)).isPresent();
    }
  }

  /** What a record is to say of security groups. */
  public sealed interface Said {
    /** What it said before: the outcome is not known yet. */
    record AsBefore() implements Said {}

    /** Nothing: the operator leaves the groups alone. */
    record Nothing() implements Said {}

    /** This condition. */
    record This(NodeCondition condition) implements Said {}
  }

  /**
   * Decides it.
   *
   * @param ofNode the groups that the node's record names
   */
  public static SecurityGroupPlan of(
      SecurityGroupSettings settings, List<String> ofNode, List<Eni> enis) {
    var wanted = settings.groupsFor(ofNode);
    if (wanted.isEmpty()) {
      return new SecurityGroupPlan(
          List.of(),
          List.of(),
          settings.enabled() || ofNode.isEmpty()
              ? new Said.Nothing()
              : not(NodeProblems.securityGroupsOff(ofNode)));
    }
    var unseen = enis.stream().filter(eni -> eni.shown().isEmpty()).map(Eni::eniId).toList();
    var differing = enis.stream().filter(eni -> eni.differsFrom(wanted)).toList();
    var change = differing.stream().filter(eni -> eni.refused().isEmpty()).map(Eni::eniId).toList();
    return new SecurityGroupPlan(unseen, change, said(wanted, enis, unseen, differing));
  }

  private static Said said(
      List<String> wanted, List<Eni> enis, List<String> unseen, List<Eni> differing) {
    var refused = differing.stream().flatMap(eni -> eni.refused().stream()).findFirst();
    if (refused.isPresent()) {
      return not(refused.get());
    }
    if (enis.isEmpty() || !unseen.isEmpty() || !differing.isEmpty()) {
      return new Said.AsBefore();
    }
    return new Said.This(
        new NodeCondition(
            NodeConditions.SECURITY_GROUPS_SET,
            true,
            NodeReason.GROUPS_SET,
            "the node's ENIs have " + String.join(", ", wanted)));
  }

  private static Said not(Problem problem) {
    return new Said.This(
        new NodeCondition(
            NodeConditions.SECURITY_GROUPS_SET, false, problem.reason(), problem.message()));
  }
}
