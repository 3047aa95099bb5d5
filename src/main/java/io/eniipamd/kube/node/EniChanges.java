package io.eniipamd.kube.node;

import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.EniInfoBuilder;
import io.eniipamd.api.v1.EniPhase;
import io.eniipamd.domain.node.BoundEni;
import io.eniipamd.domain.node.SecurityGroupPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What the steps of one pass change in the list of a node's ENIs; it is written in one status. */
final class EniChanges {
  private final List<BoundEni> bound = new ArrayList<>();
  private final Set<String> closed = new HashSet<>();
  private final Set<String> reopened = new HashSet<>();
  private final Set<String> struck = new HashSet<>();
  private SecurityGroupPlan.Said groups = new SecurityGroupPlan.Said.AsBefore();

  /** The ENI is on the instance since this pass. */
  void bound(BoundEni eni) {
    bound.add(eni);
  }

  /** Nothing is put on the ENI from now on. */
  void close(String eniId) {
    closed.add(eniId);
  }

  /** The ENI carries Pods again. */
  void reopen(String eniId) {
    reopened.add(eniId);
  }

  /** The ENI is not there any more. */
  void strike(String eniId) {
    struck.add(eniId);
  }

  /** This is to be said of the security groups. */
  void say(SecurityGroupPlan.Said said) {
    groups = said;
  }

  SecurityGroupPlan.Said groups() {
    return groups;
  }

  List<BoundEni> bound() {
    return List.copyOf(bound);
  }

  /** Whether an entry that is there changes. */
  boolean ofListed() {
    return !closed.isEmpty() || !reopened.isEmpty() || !struck.isEmpty();
  }

  /** An entry as it is now; empty where its ENI is not there any more. */
  Optional<EniInfo> now(EniInfo info) {
    if (struck.contains(info.eniId())) {
      return Optional.empty();
    }
    if (closed.contains(info.eniId())) {
      return Optional.of(EniInfoBuilder.builder(info).phase(EniPhase.DETACHING).build());
    }
    if (reopened.contains(info.eniId())) {
      return Optional.of(EniInfoBuilder.builder(info).phase(EniPhase.ATTACHED).build());
    }
    return Optional.of(info);
  }
}
