package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.Condition;
import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.ReleaseStep;
import io.eniipamd.domain.claim.RetentionView;
import io.eniipamd.domain.condition.ClaimConditions;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.kube.address.AddressBook;
import io.eniipamd.kube.address.VpcIpStore;
import io.eniipamd.kube.release.ReleasePath;
import io.eniipamd.kube.release.ReleasePath.Clearance;
import io.eniipamd.kube.release.ReleasePath.Outcome;
import io.eniipamd.kube.release.Workloads;
import io.eniipamd.kube.support.Requeue;
import io.eniipamd.kube.support.WriteThrottle;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;

/**
 * Begins the release of a claim by {@link ReleasePath}, and brings a claim that is being deleted to
 * its end: its addresses first, then its finalizer.
 */
@Singleton
final class ReleaseSteps {
  private final AddressBook book;
  private final VpcIpStore records;
  private final ReleasePath path;
  private final Workloads workloads;
  private final UnansweredRecords unanswered;
  private final ClaimFinalizer finalizer;
  private final ClaimMemory memory;
  private final WriteThrottle throttle;
  private final ClaimObserver observer;

  ReleaseSteps(
      AddressBook book,
      VpcIpStore records,
      ReleasePath path,
      Workloads workloads,
      UnansweredRecords unanswered,
      ClaimFinalizer finalizer,
      ClaimMemory memory,
      WriteThrottle throttle,
      ClaimObserver observer) {
    this.book = book;
    this.records = records;
    this.path = path;
    this.workloads = workloads;
    this.unanswered = unanswered;
    this.finalizer = finalizer;
    this.memory = memory;
    this.throttle = throttle;
    this.observer = observer;
  }

  UpdateControl<VpcIPClaim> perform(ClaimPass pass, ReleaseStep step) {
    return switch (step) {
      case ReleaseStep.DeleteClaim() -> deleteClaim(pass);
      case ReleaseStep.DeleteScaled() -> deleteScaled(pass);
      case ReleaseStep.ExplainPause(var pause) -> explain(pass, pause);
      case ReleaseStep.ReleaseSurplus(var surplus) -> releaseSurplus(surplus);
      case ReleaseStep.BlockRelease() -> blockRelease(pass);
      case ReleaseStep.ReleaseAddresses(var addresses) -> releaseAddresses(pass, addresses);
      case ReleaseStep.RemoveFinalizer() -> removeFinalizer(pass);
    };
  }

  private UpdateControl<VpcIPClaim> deleteClaim(ClaimPass pass) {
    var claim = pass.claim();
    var outcome =
        path.begin(
            claim,
            ReleasePath.Request.podEnded(Optional.ofNullable(claim.statusOrEmpty().podUID())),
            _ -> true);
    return outcome instanceof Outcome.Deleted ? UpdateControl.noUpdate() : Requeue.soon();
  }

  /**
   * Its StatefulSet was scaled below its ordinal, also by a fresh read of the set: it is released.
   */
  private UpdateControl<VpcIPClaim> deleteScaled(ClaimPass pass) {
    var claim = pass.claim();
    var outcome =
        path.begin(
            claim,
            path.undated(claim, ReleaseReason.SCALED_DOWN),
            _ -> workloads.scaledAwayByFreshRead(claim));
    return switch (outcome) {
      case Outcome.Full(var again) -> Requeue.after(again);
      case Outcome.Paused(var pause) -> Requeue.after(pause.again());
      case Outcome.Deleted(), Outcome.PodThere(_), Outcome.NotDue(_), Outcome.Changed() ->
          UpdateControl.noUpdate();
    };
  }

  /** Says what pauses a release; the throttle spreads the writes of thousands of claims. */
  private UpdateControl<VpcIPClaim> explain(ClaimPass pass, RetentionView.Pause pause) {
    var wait = throttle.untilTurnOf(pass.uid());
    if (wait.isPresent()) {
      return Requeue.after(wait.get());
    }
    pass.note(ClaimConditions.RELEASE_BLOCKED, Condition.TRUE, pause.reason(), pause.message());
    return UpdateControl.noUpdate();
  }

  private UpdateControl<VpcIPClaim> releaseSurplus(List<Ip> surplus) {
    for (var ip : surplus) {
      book.get(ip).ifPresent(vip -> records.release(vip, ReleaseReason.SURPLUS));
    }
    return UpdateControl.noUpdate();
  }

  private UpdateControl<VpcIPClaim> blockRelease(ClaimPass pass) {
    var status = pass.claim().statusOrEmpty();
    var since = pass.pod().map(p -> " since " + p.getMetadata().getCreationTimestamp()).orElse("");
    // While the address follows its Pod to another machine it is on no node.
    var node = status.nodeName() == null ? "" : " on node " + status.nodeName();
    var message =
        "deleted while Pod %s (UID %s) uses %s%s%s; the operator releases the address when"
                .formatted(pass.name(), status.podUID(), status.address(), node, since)
            + " that Pod has ended: delete the Pod to release it now";
    if (pass.note(
        ClaimConditions.RELEASE_BLOCKED, Condition.TRUE, ClaimReason.POD_RUNNING, message)) {
      pass.tellOfClaim(ClaimReason.RELEASE_BLOCKED, message);
    }
    return UpdateControl.noUpdate();
  }

  private UpdateControl<VpcIPClaim> releaseAddresses(ClaimPass pass, List<Ip> addresses) {
    return switch (path.clear(pass.claim())) {
      case Clearance.Full(var again) -> Requeue.after(again);
      case Clearance.Paused(var pause) -> {
        explain(pass, new RetentionView.Pause(pause.reason(), pause.message(), false));
        yield Requeue.after(pause.again());
      }
      case Clearance.PodThere() -> blockRelease(pass);
      case Clearance.Cleared(var reason) -> {
        for (var ip : addresses) {
          book.get(ip).filter(pass::holds).ifPresent(vip -> records.release(vip, reason));
        }
        memory.needsNoRoom(pass.uid());
        yield UpdateControl.noUpdate();
      }
    };
  }

  private UpdateControl<VpcIPClaim> removeFinalizer(ClaimPass pass) {
    var claim = pass.claim();
    if (book.heldBy(pass.uid()).isEmpty()) {
      // The cache lags behind what the leader before did, and an answer may have been lost.
      if (unanswered.remain(pass.uid())) {
        return Requeue.soon();
      }
      if (path.isPodThere(claim)) {
        return blockRelease(pass);
      }
    }
    if (!ClaimFinalizer.isOn(claim)) {
      return UpdateControl.noUpdate();
    }
    // It may have to ask the API server, and that may fail: before anything is noted.
    var reason = path.reason(claim);
    if (finalizer.remove(claim)) {
      observer.released(claim, reason);
    }
    return UpdateControl.noUpdate();
  }

  /** The claim is gone. */
  void forget(VpcIPClaim claim) {
    finalizer.forget(claim.getMetadata().getUid());
    path.forget(claim);
  }
}
