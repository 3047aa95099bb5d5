package io.eniipamd.kube.node;

import io.eniipamd.api.v1.EniInfo;
import io.eniipamd.api.v1.EniPhase;
import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.domain.node.EniFacts;
import io.eniipamd.domain.node.NodeProblems;
import io.eniipamd.domain.node.Problem;
import io.eniipamd.domain.node.SecurityGroupPlan;
import io.eniipamd.domain.node.SecurityGroupSettings;
import io.eniipamd.kube.address.OwnEnis;
import io.eniipamd.kube.address.StrayCollector;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.SharedCache;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Gives a node's ENIs the security groups that they are to have: those of its record, or those that
 * are configured. What they have is seen by the look for strays, which takes place anyway; an ENI
 * that was not read yet is read with others. One call changes an ENI, and no Pod waits for it.
 */
@Singleton
final class SecurityGroupSteps {

  private final SharedCache<NodeENIConfig> necs;
  private final OwnEnis own;
  private final StrayCollector looks;
  private final NodeCloud cloud;
  private final Supplier<SecurityGroupSettings> settings;
  private final EniGroups groups;
  private final GroupTurns turns;
  private final CloudTasks tasks;
  private final EniCache memory;

  SecurityGroupSteps(
      SharedCache<NodeENIConfig> necs,
      OwnEnis own,
      StrayCollector looks,
      NodeCloud cloud,
      Supplier<SecurityGroupSettings> settings,
      EniGroups groups,
      GroupTurns turns,
      CloudTasks tasks,
      EniCache memory) {
    this.necs = necs;
    this.own = own;
    this.looks = looks;
    this.cloud = cloud;
    this.settings = settings;
    this.groups = groups;
    this.turns = turns;
    this.tasks = tasks;
    this.memory = memory;
    looks.onSeen(this::seen);
    necs.listen(SharedCache.Listener.onDeleted(nec -> groups.keep(name(nec), List.of())));
  }

  /** A read that was made for another reason has shown an ENI of a node. */
  private void seen(NodeENIConfig nec, NetworkInterface eni) {
    if (settings.get().enabled()
        && cloud.isOurs(eni)
        && groups.shown(name(nec), eni.id(), eni.securityGroups())) {
      necs.enqueue(name(nec));
    }
  }

  /** The groups that the ENIs of a node are to have; empty where they stay as they are. */
  List<String> wanted(NodeENIConfig nec) {
    return settings.get().groupsFor(nec.getSpec().securityGroups());
  }

  /**
   * Has the ENIs read and changed that need it.
   *
   * @param changes receives what the record is to say of it
   */
  void perform(NodeENIConfig nec, EniFacts facts, EniChanges changes) {
    if (facts.nodeFacts().isEmpty() || facts.isReplaced()) {
      // Its ENIs leave, or are of another machine.
      return;
    }
    var wanted = wanted(nec);
    var listed = nec.statusOrEmpty().eniInfos();
    groups.keep(name(nec), listed.stream().map(EniInfo::eniId).toList());
    var enis =
        listed.stream()
            .filter(this::carriesPods)
            .map(info -> eni(nec, info.eniId(), wanted))
            .toList();
    var plan = SecurityGroupPlan.of(settings.get(), nec.getSpec().securityGroups(), enis);
    plan.unseen().forEach(looks::suspect);
    plan.change().forEach(eniId -> change(nec, eniId));
    changes.say(plan.said());
    memory.groupsAgain(
        nec.getMetadata().getUid(),
        enis.stream()
            .flatMap(eni -> groups.refusal(wanted, eni.eniId()).stream())
            .map(EniGroups.Refused::until)
            .min(Instant::compareTo));
  }

  private boolean carriesPods(EniInfo eni) {
    return eni.phase() == EniPhase.ATTACHED && own.isUsable(eni.eniId());
  }

  private SecurityGroupPlan.Eni eni(NodeENIConfig nec, String eniId, List<String> wanted) {
    // Its outcome is known already; it is taken so that the next may begin.
    tasks.<Optional<Boolean>>hear(task(nec, eniId), _ -> {}, _ -> {});
    return new SecurityGroupPlan.Eni(
        eniId,
        groups.of(name(nec), eniId),
        groups.refusal(wanted, eniId).map(EniGroups.Refused::problem));
  }

  private static CloudTasks.Key task(NodeENIConfig nec, String eniId) {
    return new CloudTasks.Key(nec.getMetadata().getUid(), "security groups of " + eniId);
  }

  private void change(NodeENIConfig nec, String eniId) {
    var node = name(nec);
    tasks.start(
        task(nec, eniId), () -> turns.submit(() -> begin(node, eniId)), () -> necs.enqueue(node));
  }

  /** It has waited for its turn: what is wanted may be something else now, or be refused. */
  private Optional<CompletionStage<Boolean>> begin(String node, String eniId) {
    var wanted = wanted(node);
    if (wanted.isEmpty()
        || groups.refusal(wanted, eniId).isPresent()
        || groups.of(node, eniId).filter(wanted::equals).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        cloud
            .setSecurityGroups(eniId, wanted, () -> wanted(node).equals(wanted))
            .handle(
                (eni, failure) -> {
                  if (failure == null) {
                    given(node, eni, wanted);
                  } else {
                    refused(node, eniId, wanted, failure);
                  }
                  return failure == null;
                }));
  }

  private List<String> wanted(String node) {
    return necs.get(node).map(this::wanted).orElse(List.of());
  }

  private void given(String node, NetworkInterface eni, List<String> wanted) {
    if (groups.given(node, eni.id(), wanted, eni.securityGroups())) {
      necs.enqueueAll();
    }
  }

  private void refused(String node, String eniId, List<String> wanted, Throwable failure) {
    if (!wanted(node).equals(wanted)) {
      // Nobody wants it any more, and nothing is wrong.
      return;
    }
    var cause = failure instanceof CompletionException c ? c.getCause() : failure;
    if (!(cause instanceof CloudException e)) {
      groups.refused(wanted, Optional.of(eniId), NodeProblems.cloudFailed(String.valueOf(cause)));
      return;
    }
    boolean ofGroups =
        switch (e.kind()) {
          case NOT_FOUND -> e.missingEni().isEmpty();
          case QUOTA, DENIED -> true;
          case SUBNET_FULL, ADDRESS_TAKEN, THROTTLED, TRANSIENT, INVALID -> false;
        };
    groups.refused(wanted, ofGroups ? Optional.empty() : Optional.of(eniId), problem(wanted, e));
  }

  private static Problem problem(List<String> wanted, CloudException e) {
    return switch (e.kind()) {
      case NOT_FOUND ->
          e.missingEni().isEmpty()
              ? NodeProblems.securityGroupNotFound(wanted, e.getMessage())
              : NodeProblems.cloudFailed(e.getMessage());
      case DENIED -> NodeProblems.denied(e.getMessage());
      case QUOTA, INVALID, SUBNET_FULL, ADDRESS_TAKEN ->
          NodeProblems.securityGroupsRefused(wanted, e.getMessage());
      case THROTTLED, TRANSIENT -> NodeProblems.cloudFailed(e.getMessage());
    };
  }

  private static String name(NodeENIConfig nec) {
    return nec.getMetadata().getName();
  }
}
