package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimStatus;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.domain.claim.ClaimDecision;
import io.eniipamd.domain.claim.PodRequest;
import io.eniipamd.domain.claim.RetentionMessage;
import io.eniipamd.domain.claim.RetentionView;
import io.eniipamd.domain.claim.ValidationError;
import io.eniipamd.domain.condition.ClaimConditions;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.VpcIpStore;
import io.eniipamd.kube.node.NodeViews;
import io.eniipamd.kube.release.OwnerReferences;
import io.eniipamd.kube.release.ReleasePath;
import io.eniipamd.kube.release.ReleasePath.Outcome;
import io.eniipamd.kube.support.Conditions;
import io.eniipamd.kube.support.WriteThrottle;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is done for a claim whose Pod is away: its status is kept true, its address moved where it
 * has to be, its owner tied to it. Nothing here takes an address from a Pod.
 */
final class RetentionSteps {

  /** A node that is gone may carry Pods for a while; nobody is in a hurry. */
  private static final Duration NODE_AGAIN = Duration.ofSeconds(20);

  private final AddressBook book;
  private final VpcIpStore records;
  private final ReleasePath path;
  private final OwnerReferences ties;
  private final Workloads workloads;
  private final Expiry expiry;
  private final Preemptions preemptions;
  private final WriteThrottle pace;
  private final NodesAsked nodes;
  private final NodeViews views;

  /** Addresses on their way from a node, by name: the node, and the ENI that they leave. */
  private final Map<String, Leaving> leaving = new ConcurrentHashMap<>();

  private record Leaving(String node, String eniId) {}

  RetentionSteps(
      AddressBook book,
      VpcIpStore records,
      ReleasePath path,
      OwnerReferences ties,
      Workloads workloads,
      Expiry expiry,
      Preemptions preemptions,
      WriteThrottle pace,
      NodesAsked nodes,
      NodeViews views) {
    this.book = book;
    this.records = records;
    this.path = path;
    this.ties = ties;
    this.workloads = workloads;
    this.expiry = expiry;
    this.preemptions = preemptions;
    this.pace = pace;
    this.nodes = nodes;
    this.views = views;
  }

  /** Why the claim's address is held, for people. */
  String why(VpcIPClaim claim, String address, Instant since) {
    var inForce = expiry.of(claim);
    var owner = claim.statusOrEmpty().owner();
    boolean tied =
        owner != null
            && claim.getMetadata().getOwnerReferences() != null
            && claim.getMetadata().getOwnerReferences().stream()
                .anyMatch(r -> r.getUid().equals(owner.uid()));
    return new RetentionMessage(
            claim.getMetadata().getNamespace(),
            claim.getMetadata().getName(),
            address,
            Policy.of(claim).whose(),
            since.truncatedTo(ChronoUnit.SECONDS),
            inForce.after(),
            inForce.whose(),
            tied ? Optional.of(owner.kind() + " " + owner.name()) : Optional.empty())
        .text();
  }

  /** The status of a claim that is kept since then, by what is in force. */
  VpcIPClaimStatus kept(ClaimPass writes, String address, Instant since) {
    var claim = writes.claim();
    var status = claim.statusOrEmpty();
    return VpcIPClaimStatusBuilder.builder(status)
        .phase(ClaimPhase.RETAINED)
        .address(address)
        .deletePolicy(DeletePolicy.NEVER)
        .claimExpiredDuration(expiry.of(claim).text())
        .retainedSince(since.toString())
        .expiresAt(expiry.of(claim).after().map(a -> since.plus(a).toString()).orElse(null))
        .conditions(
            writes.set(
                valid(writes, status.conditions(), Policy.error(claim, Optional.empty())),
                ClaimConditions.READY,
                Condition.FALSE,
                ClaimReason.RETAINED,
                why(claim, address, since)))
        .build();
  }

  /** The address that a claim holds, by its records. */
  Optional<String> heldBy(String uid) {
    return book.livingOf(uid).stream().map(v -> v.getMetadata().getName()).findFirst();
  }

  /** The conditions with what {@code Valid} has to say of the claim. */
  private static List<Condition> valid(
      ClaimPass writes, List<Condition> before, Optional<ValidationError> error) {
    if (error.isPresent()) {
      var c = error.get();
      return writes.set(before, ClaimConditions.VALID, Condition.FALSE, c.reason(), c.message());
    }
    return Conditions.is(before, ClaimConditions.VALID, Condition.FALSE)
        ? writes.set(before, ClaimConditions.VALID, Condition.TRUE, ClaimReason.ACCEPTED, "")
        : before;
  }

  private static boolean retained(VpcIPClaim claim) {
    return claim.statusOrEmpty().phase() == ClaimPhase.RETAINED;
  }

  /**
   * Writes what holds now of policy, expiry and complaints.
   *
   * @param pod what the Pod that has the address says now; empty where it is away
   */
  UpdateControl<VpcIPClaim> refresh(ClaimPass writes, Optional<PodRequest.Requested> pod) {
    var wait = pace.untilTurnOf(writes.uid());
    if (wait.isPresent()) {
      return UpdateControl.<VpcIPClaim>noUpdate().rescheduleAfter(wait.get().plusMillis(1));
    }
    var claim = writes.claim();
    var before = claim.statusOrEmpty();
    var error = Policy.error(claim, retained(claim) ? Optional.empty() : pod);
    var status =
        retained(claim)
            ? kept(
                writes,
                Optional.ofNullable(before.address()).or(() -> heldBy(writes.uid())).orElse(null),
                Instant.parse(before.retainedSince()))
            : VpcIPClaimStatusBuilder.builder(before)
                .deletePolicy(Policy.of(claim).policy())
                .claimExpiredDuration(
                    Policy.of(claim).policy() == DeletePolicy.NEVER
                        ? expiry.of(claim).text()
                        : null)
                .conditions(valid(writes, before.conditions(), error))
                .build();
    if (!status.equals(before)) {
      writes.status(status);
      error.ifPresent(c -> writes.tell(c.reason(), c.message()));
      // The framework keeps the event of this write to itself, and there may be more to do.
      return UpdateControl.<VpcIPClaim>noUpdate().rescheduleAfter(Duration.ofMillis(1));
    }
    return UpdateControl.noUpdate();
  }

  /** The address leaves its ENI for another one of its subnet, or is held on none. */
  UpdateControl<VpcIPClaim> displace(ClaimPass writes, ClaimDecision.Relocate displace) {
    var ip = displace.held().ip();
    var relocation = displace.relocation();
    var vip = book.get(ip);
    if (vip.isEmpty()) {
      return UpdateControl.noUpdate();
    }
    if (relocation.nodeGone() && nodes.mayCarryPods(relocation.from())) {
      return UpdateControl.<VpcIPClaim>noUpdate().rescheduleAfter(NODE_AGAIN);
    }
    // Only now: where the node is gone it may be asked after for long, and there are many records.
    var to = views.elsewhere(displace.held().subnetId(), relocation.from());
    if (to.isPresent() && !book.keepSlot(to.get().eni().eniId(), to.get().eni().slots(), ip)) {
      return UpdateControl.<VpcIPClaim>noUpdate().rescheduleAfter(Duration.ofMillis(200));
    }
    try {
      // From here on nobody may bind the claim in the cheap way; a Pod that came meanwhile makes
      // this very write fail.
      writes.leavesItsPlace(vip.get(), to.map(p -> p.eni().eniId()).orElse("no ENI"));
      leaving.put(ip.toString(), new Leaving(relocation.from(), vip.get().getSpec().eniId()));
      records.direct(
          vip.get(),
          to.map(p -> p.eni().eniId()).orElse(null),
          to.map(RetentionView.Place::node).orElse(null));
    } finally {
      book.putBack(ip);
    }
    preemptions.done(writes.uid());
    return UpdateControl.noUpdate();
  }

  /** The node whose slot has become free with this state of a kept address; said once. */
  Optional<String> left(VpcIP vip) {
    var name = vip.getMetadata().getName();
    var from = leaving.get(name);
    if (from == null || from.eniId().equals(vip.statusOrEmpty().eniId())) {
      return Optional.empty();
    }
    leaving.remove(name);
    return Optional.of(from.node());
  }

  /** Its StatefulSet was scaled away from it, by a fresh look at the set too: it is released. */
  UpdateControl<VpcIPClaim> deleteScaled(ClaimPass writes) {
    var claim = writes.claim();
    var outcome =
        path.begin(
            claim,
            path.undated(claim, ReleaseReason.SCALED_DOWN),
            read -> workloads.scaledAwayByFreshRead(claim));
    return switch (outcome) {
      case Outcome.Full(var again) -> UpdateControl.<VpcIPClaim>noUpdate().rescheduleAfter(again);
      case Outcome.Paused(var pause) ->
          UpdateControl.<VpcIPClaim>noUpdate().rescheduleAfter(pause.again());
      case Outcome.Deleted(), Outcome.PodThere(var _), Outcome.NotDue(var _), Outcome.Changed() ->
          UpdateControl.noUpdate();
    };
  }

  /** Says what holds a release up; not for thousands at once. */
  UpdateControl<VpcIPClaim> explain(ClaimPass writes, RetentionView.Pause hold) {
    var wait = pace.untilTurnOf(writes.uid());
    if (wait.isPresent()) {
      return UpdateControl.<VpcIPClaim>noUpdate().rescheduleAfter(wait.get().plusMillis(1));
    }
    writes.note(ClaimConditions.RELEASE_BLOCKED, Condition.TRUE, hold.reason(), hold.message());
    return UpdateControl.noUpdate();
  }

  /** Ties the claim to its workload, or unties it; true where something was written. */
  UpdateControl<VpcIPClaim> tie(ClaimPass writes, Optional<OwnerReference> from) {
    var wait = pace.untilTurnOf(writes.uid());
    if (wait.isPresent()) {
      return UpdateControl.<VpcIPClaim>noUpdate().rescheduleAfter(wait.get().plusMillis(1));
    }
    var claim = writes.claim();
    var wanted =
        from.isPresent() ? ties.lookUp(claim, from.get()) : Optional.of(ties.others(claim));
    if (wanted.isPresent()) {
      writes.owners(wanted.get());
      if (!ties.outlived(claim)) {
        writes.owners(ties.others(claim));
        return UpdateControl.noUpdate();
      }
      ties.written(claim)
          .filter(owner -> !owner.equals(claim.statusOrEmpty().owner()))
          .ifPresent(
              owner ->
                  writes.status(
                      VpcIPClaimStatusBuilder.builder(claim.statusOrEmpty()).owner(owner).build()));
    }
    return UpdateControl.noUpdate();
  }
}
