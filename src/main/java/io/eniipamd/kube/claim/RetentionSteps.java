package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPClaimStatus;
import io.eniipamd.api.v1.VpcIPClaimStatusBuilder;
import io.eniipamd.domain.claim.ClaimAddress;
import io.eniipamd.domain.claim.PodRequest;
import io.eniipamd.domain.claim.RetentionMessage;
import io.eniipamd.domain.claim.RetentionStep;
import io.eniipamd.domain.claim.RetentionView;
import io.eniipamd.domain.claim.ValidationError;
import io.eniipamd.domain.condition.ClaimConditions;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.DirectRecords;
import io.eniipamd.kube.address.VpcIpStore;
import io.eniipamd.kube.node.NodeViews;
import io.eniipamd.kube.release.Expiry;
import io.eniipamd.kube.release.OwnerReferences;
import io.eniipamd.kube.support.Conditions;
import io.eniipamd.kube.support.FreshReads;
import io.eniipamd.kube.support.NodesAsked;
import io.eniipamd.kube.support.Requeue;
import io.eniipamd.kube.support.WriteThrottle;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Retains the address of a claim whose Pod is away: keeps the status true, moves the address where
 * it has to be, and ties the claim to its owner. Nothing here takes an address from a Pod.
 */
@Singleton
final class RetentionSteps {

  /** A node that is gone may carry Pods for a while; a retained address can wait. */
  private static final Duration NODE_AGAIN = Duration.ofSeconds(20);

  private final AddressBook book;
  private final VpcIpStore records;
  private final DirectRecords directs;
  private final FreshReads fresh;
  private final OwnerReferences owners;
  private final Expiry expiry;
  private final Preemptions preemptions;
  private final ClaimMemory memory;
  private final WriteThrottle throttle;
  private final NodesAsked nodes;
  private final NodeViews views;

  /** Addresses on their way from a node, by name: the node, and the ENI that they leave. */
  private final Map<String, Leaving> leaving = new ConcurrentHashMap<>();

  private record Leaving(String node, String eniId) {}

  RetentionSteps(
      AddressBook book,
      VpcIpStore records,
      DirectRecords directs,
      FreshReads fresh,
      OwnerReferences owners,
      Expiry expiry,
      Preemptions preemptions,
      ClaimMemory memory,
      WriteThrottle throttle,
      NodesAsked nodes,
      NodeViews views) {
    this.book = book;
    this.records = records;
    this.directs = directs;
    this.fresh = fresh;
    this.owners = owners;
    this.expiry = expiry;
    this.preemptions = preemptions;
    this.memory = memory;
    this.throttle = throttle;
    this.nodes = nodes;
    this.views = views;
  }

  UpdateControl<VpcIPClaim> perform(ClaimPass pass, RetentionStep step) {
    return switch (step) {
      case RetentionStep.Retain() -> retain(pass);
      case RetentionStep.RefreshStatus(var pod) -> refresh(pass, pod);
      case RetentionStep.Detach(var held) -> detach(pass, held);
      case RetentionStep.Relocate relocate -> relocate(pass, relocate);
    };
  }

  private UpdateControl<VpcIPClaim> retain(ClaimPass pass) {
    var status = pass.claim().statusOrEmpty();
    var read = fresh.pod(pass.namespace(), pass.name());
    if (status.podUID() != null && read.alive(status.podUID())) {
      // The cache was wrong about the Pod's end; its events will say what is true.
      return Requeue.soon();
    }
    var address = Optional.ofNullable(status.address()).or(() -> heldBy(pass.uid())).orElse(null);
    if (address == null) {
      // What it held when this was decided is gone.
      return Requeue.soon();
    }
    pass.status(kept(pass, address, read.serverTime()));
    memory.needsNoRoom(pass.uid());
    // The framework hides the event of this write, and there may be more to do.
    return Requeue.again();
  }

  /** The sentence for the user that says why the claim keeps its address. */
  private String why(VpcIPClaim claim, String address, Instant since) {
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

  /** The status of a claim that is retained since then, by what is in force. */
  private VpcIPClaimStatus kept(ClaimPass pass, String address, Instant since) {
    var claim = pass.claim();
    var status = claim.statusOrEmpty();
    return VpcIPClaimStatusBuilder.builder(status)
        .phase(ClaimPhase.RETAINED)
        .address(address)
        .deletePolicy(DeletePolicy.NEVER)
        .claimExpiredDuration(expiry.of(claim).text())
        .retainedSince(since.toString())
        .expiresAt(expiry.of(claim).after().map(a -> since.plus(a).toString()).orElse(null))
        .conditions(
            pass.set(
                valid(pass, status.conditions(), Policy.error(claim, Optional.empty())),
                ClaimConditions.READY,
                Condition.FALSE,
                ClaimReason.RETAINED,
                why(claim, address, since)))
        .build();
  }

  /** The address that a claim holds, by its records. */
  private Optional<String> heldBy(String uid) {
    return book.livingOf(uid).stream().map(v -> v.getMetadata().getName()).findFirst();
  }

  /** The conditions with what {@code Valid} has to say of the claim. */
  private static List<Condition> valid(
      ClaimPass pass, List<Condition> before, Optional<ValidationError> error) {
    if (error.isPresent()) {
      var c = error.get();
      return pass.set(before, ClaimConditions.VALID, Condition.FALSE, c.reason(), c.message());
    }
    return Conditions.is(before, ClaimConditions.VALID, Condition.FALSE)
        ? pass.set(before, ClaimConditions.VALID, Condition.TRUE, ClaimReason.ACCEPTED, "")
        : before;
  }

  private static boolean retained(VpcIPClaim claim) {
    return claim.statusOrEmpty().phase() == ClaimPhase.RETAINED;
  }

  /**
   * Writes the policy, the expiry and the validation errors in force now.
   *
   * @param pod what the Pod that has the address says now; empty where it is away
   */
  private UpdateControl<VpcIPClaim> refresh(ClaimPass pass, Optional<PodRequest.Requested> pod) {
    var wait = throttle.untilTurnOf(pass.uid());
    if (wait.isPresent()) {
      return Requeue.after(wait.get());
    }
    var claim = pass.claim();
    var before = claim.statusOrEmpty();
    var error = Policy.error(claim, retained(claim) ? Optional.empty() : pod);
    var status =
        retained(claim)
            ? kept(
                pass,
                Optional.ofNullable(before.address()).or(() -> heldBy(pass.uid())).orElse(null),
                Instant.parse(before.retainedSince()))
            : VpcIPClaimStatusBuilder.builder(before)
                .deletePolicy(Policy.of(claim).policy())
                .claimExpiredDuration(
                    Policy.of(claim).policy() == DeletePolicy.NEVER
                        ? expiry.of(claim).text()
                        : null)
                .conditions(valid(pass, before.conditions(), error))
                .build();
    if (!status.equals(before)) {
      pass.status(status);
      error.ifPresent(c -> pass.tell(c.reason(), c.message()));
      // The framework hides the event of this write, and there may be more to do.
      return Requeue.again();
    }
    return UpdateControl.noUpdate();
  }

  /**
   * The ENI of the Pod's own is to be on no instance; the claim is bound in the cheap way no more.
   */
  private UpdateControl<VpcIPClaim> detach(ClaimPass pass, ClaimAddress held) {
    var vip = book.get(held.ip()).filter(pass::holds);
    if (vip.isPresent() && retained(pass.claim())) {
      pass.leavesItsPlace(vip.get(), "no instance");
      directs.place(vip.get(), null, null);
    }
    return UpdateControl.noUpdate();
  }

  /** The address leaves its ENI for another one of its subnet, or is held on none. */
  private UpdateControl<VpcIPClaim> relocate(ClaimPass pass, RetentionStep.Relocate relocate) {
    var ip = relocate.held().ip();
    var relocation = relocate.relocation();
    var vip = book.get(ip);
    if (vip.isEmpty()) {
      return UpdateControl.noUpdate();
    }
    if (relocation.nodeGone() && nodes.mayCarryPods(relocation.from())) {
      return Requeue.after(NODE_AGAIN);
    }
    // Only now: where the node is gone it may be asked after for long, and there are many records.
    var to = views.elsewhere(relocate.held().subnetId(), relocation.from());
    if (to.isPresent() && !book.keepSlot(to.get().eni().eniId(), to.get().eni().slots(), ip)) {
      return Requeue.soon();
    }
    try {
      // From here on no cheap binding succeeds; a Pod that came meanwhile makes this very write
      // fail.
      pass.leavesItsPlace(vip.get(), to.map(p -> p.eni().eniId()).orElse("no ENI"));
      leaving.put(ip.toString(), new Leaving(relocation.from(), vip.get().getSpec().eniId()));
      records.direct(
          vip.get(),
          to.map(p -> p.eni().eniId()).orElse(null),
          to.map(RetentionView.Place::node).orElse(null));
    } finally {
      book.putBack(ip);
    }
    preemptions.done(pass.uid());
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

  /** Ties the claim to its workload, or unties it; true where something was written. */
  UpdateControl<VpcIPClaim> tie(ClaimPass pass, Optional<OwnerReference> from) {
    var wait = throttle.untilTurnOf(pass.uid());
    if (wait.isPresent()) {
      return Requeue.after(wait.get());
    }
    var claim = pass.claim();
    var wanted =
        from.isPresent() ? owners.lookUp(claim, from.get()) : Optional.of(owners.others(claim));
    if (wanted.isPresent()) {
      pass.owners(wanted.get());
      if (!owners.outlived(claim)) {
        pass.owners(owners.others(claim));
        return UpdateControl.noUpdate();
      }
      owners
          .written(claim)
          .filter(owner -> !owner.equals(claim.statusOrEmpty().owner()))
          .ifPresent(
              owner ->
                  pass.status(
                      VpcIPClaimStatusBuilder.builder(claim.statusOrEmpty()).owner(owner).build()));
    }
    return UpdateControl.noUpdate();
  }

  /** The claim is gone. */
  void forget(String uid) {
    owners.forget(uid);
  }
}
