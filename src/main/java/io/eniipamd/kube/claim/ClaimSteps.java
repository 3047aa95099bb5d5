package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.domain.claim.AllocationStep;
import io.eniipamd.domain.claim.ClaimDecision;
import io.eniipamd.domain.claim.PlacementStep;
import io.eniipamd.domain.claim.ReleaseStep;
import io.eniipamd.domain.claim.RetentionStep;
import io.eniipamd.domain.claim.WaitStep;
import io.eniipamd.kube.release.OwnerReferences.Tie;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.Requeue;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimPod;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/** Hands what was decided about a claim to the performer of its family: one step, one pass. */
@Singleton
final class ClaimSteps {
  private final WrittenClaims written;
  private final SharedCache<SlimPod> pods;
  private final EventRecorder events;
  private final Clock clock;
  private final ClaimFinalizer finalizer;
  private final ClaimMemory memory;
  private final WaitSteps waits;
  private final AllocationSteps allocation;
  private final PlacementSteps placement;
  private final RetentionSteps retention;
  private final ReleaseSteps release;

  ClaimSteps(
      WrittenClaims written,
      SharedCache<SlimPod> pods,
      EventRecorder events,
      Clock clock,
      ClaimFinalizer finalizer,
      ClaimMemory memory,
      WaitSteps waits,
      AllocationSteps allocation,
      PlacementSteps placement,
      RetentionSteps retention,
      ReleaseSteps release) {
    this.written = written;
    this.pods = pods;
    this.events = events;
    this.clock = clock;
    this.finalizer = finalizer;
    this.memory = memory;
    this.waits = waits;
    this.allocation = allocation;
    this.placement = placement;
    this.retention = retention;
    this.release = release;
  }

  /** Reports a claim that another version has written. */
  void leaveAlone(VpcIPClaim claim, String field) {
    events.leftAlone(claim, field);
  }

  /** Puts the operator's finalizer on a claim that has none, before anything else is done. */
  UpdateControl<VpcIPClaim> guard(VpcIPClaim claim, Context<VpcIPClaim> context) {
    finalizer.add(claim, context);
    return Requeue.again();
  }

  UpdateControl<VpcIPClaim> perform(
      VpcIPClaim claim, ClaimDecision decision, Context<VpcIPClaim> context) {
    var pass = pass(claim, context);
    return switch (decision) {
      case ClaimDecision.Nothing() -> UpdateControl.noUpdate();
      case WaitStep wait -> waits.perform(pass, wait);
      case AllocationStep allocate -> allocation.perform(pass, allocate);
      case PlacementStep place -> placement.perform(pass, place);
      case RetentionStep retain -> retention.perform(pass, retain);
      case ReleaseStep end -> release.perform(pass, end);
    };
  }

  /** What has to be done about the owners of a claim, when nothing else has. */
  UpdateControl<VpcIPClaim> tie(VpcIPClaim claim, Tie tie, Context<VpcIPClaim> context) {
    return switch (tie) {
      case Tie.Settled() -> UpdateControl.noUpdate();
      case Tie.LookUp(var from) -> retention.tie(pass(claim, context), Optional.of(from));
      case Tie.Strip() -> retention.tie(pass(claim, context), Optional.empty());
    };
  }

  private ClaimPass pass(VpcIPClaim claim, Context<VpcIPClaim> context) {
    return new ClaimPass(claim, context, written, pods, events, clock);
  }

  /** The claim is gone: nothing about it need be known any more. */
  void forget(VpcIPClaim claim) {
    var uid = claim.getMetadata().getUid();
    memory.clear(uid);
    allocation.forget(uid);
    retention.forget(uid);
    release.forget(claim);
  }

  /** The node that a retained address has just left; said once. */
  Optional<String> left(VpcIP vip) {
    return retention.left(vip);
  }

  /** The claims that wait for an address; see {@link WaitSteps#takeAwaiting}. */
  Set<WaitSteps.Id> takeAwaiting(String address) {
    return waits.takeAwaiting(address);
  }
}
