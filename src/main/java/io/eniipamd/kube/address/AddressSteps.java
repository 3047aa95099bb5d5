package io.eniipamd.kube.address;

import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.domain.condition.AddressReason;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.ReleaseHold;
import io.eniipamd.kube.support.Requeue;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import jakarta.inject.Singleton;
import java.time.Duration;

/**
 * What is done for an address in each phase of its life: who still holds it is settled here, and
 * the three families of steps do the other work.
 */
@Singleton
public final class AddressSteps {

  /** How often to look whether a Pod still uses an address that no claim holds. */
  private static final Duration STRAY_IN_USE = Duration.ofSeconds(20);

  private final AddressBook book;
  private final VpcIpStore records;
  private final FreshChecks checks;
  private final AssignSteps assigning;
  private final ParkSteps parking;
  private final UnassignSteps unassigning;
  private final DirectEniSteps directs;
  private final EventRecorder events;
  private final ReleaseHold releaseHold;

  /**
   * @param releaseHold what can hold up a release
   */
  public AddressSteps(
      AddressBook book,
      VpcIpStore records,
      FreshChecks checks,
      AssignSteps assigning,
      ParkSteps parking,
      UnassignSteps unassigning,
      DirectEniSteps directs,
      EventRecorder events,
      ReleaseHold releaseHold) {
    this.book = book;
    this.records = records;
    this.checks = checks;
    this.assigning = assigning;
    this.parking = parking;
    this.unassigning = unassigning;
    this.directs = directs;
    this.events = events;
    this.releaseHold = releaseHold;
  }

  /** Tells of a record that another version has written. */
  void leaveAlone(VpcIP vip, String field) {
    events.leftAlone(vip, field);
  }

  /** The record is gone; nothing has to be known of it any more. */
  void forget(String uid) {
    assigning.forget(uid);
    unassigning.forget(uid);
    directs.forget(uid);
  }

  /** Puts our finalizer back on a record from which it was stripped. */
  UpdateControl<VpcIP> guard(VpcIP vip) {
    records.guard(vip);
    events.warn(
        vip,
        AddressReason.FINALIZER_RESTORED,
        "a user or controller removed the finalizer; the operator put it back, because without it the address could be lost");
    return UpdateControl.noUpdate();
  }

  /** Brings the address to where its spec wants it. */
  UpdateControl<VpcIP> settle(VpcIP vip) {
    if (vip.isMarkedForDeletion() && checks.record(vip).isEmpty()) {
      // Its finalizer was removed, and the answer to that never came: nothing may be put on an ENI
      // for it.
      book.deleted(vip);
      return UpdateControl.noUpdate();
    }
    boolean unheld = vip.getSpec().claimRef() == null;
    boolean warm = RecordPurpose.isMadeWarm(vip);
    if (warm && !vip.isMarkedForDeletion() && !isOnAnotherClusters(vip)) {
      return assigning.assign(vip);
    }
    if (RecordPurpose.isStray(vip) || (unheld && (warm || vip.isMarkedForDeletion()))) {
      return stray(vip);
    }
    return switch (checks.holder(vip)) {
      case GONE -> abandoned(vip);
      case UNSURE -> Requeue.later();
      case THERE -> {
        if (vip.isMarkedForDeletion()) {
          tellOfBlockedDeletion(vip);
        }
        if (vip.getSpec().ofOwnEni()) {
          yield directs.settle(vip);
        }
        yield vip.getSpec().eniId() == null ? parking.park(vip) : assigning.assign(vip);
      }
    };
  }

  /** A record that was restored from a backup of another cluster. */
  private boolean isOnAnotherClusters(VpcIP vip) {
    return checks.whose(vip.getSpec().eniId()).filter(OwnEnis.Whose.OTHERS::equals).isPresent();
  }

  /** Releases an address that no claim holds, unless a Pod uses it all the same. */
  private UpdateControl<VpcIP> stray(VpcIP vip) {
    var user = checks.user(vip);
    if (user.isPresent()) {
      events.warn(
          vip,
          AddressReason.STRAY_ADDRESS_IN_USE,
          "Pod %s uses it, but no claim of that Pod holds it; it stays for as long as that Pod runs"
              .formatted(user.get()));
      return Requeue.after(STRAY_IN_USE);
    }
    records.release(
        vip, RecordPurpose.isMadeWarm(vip) ? ReleaseReason.SURPLUS : ReleaseReason.STRAY);
    return UpdateControl.noUpdate();
  }

  /** Releases an address whose claim was deleted past its finalizer. */
  private UpdateControl<VpcIP> abandoned(VpcIP vip) {
    var ref = vip.getSpec().claimRef();
    var wait = releaseHold.holds(ref.namespace(), ref.uid());
    if (wait.isPresent()) {
      return Requeue.after(wait.get());
    }
    records.release(vip, ReleaseReason.MANUAL);
    if (book.livingOf(ref.uid()).isEmpty()) {
      // The claim, which would say so, was gone before the gate was asked for its addresses.
      releaseHold.done(ref.uid());
    }
    return UpdateControl.noUpdate();
  }

  private void tellOfBlockedDeletion(VpcIP vip) {
    var ref = vip.getSpec().claimRef();
    events.warn(
        vip,
        AddressReason.DELETION_BLOCKED,
        ("deleted while claim %s/%s holds it; it stays until that claim is deleted"
                + " (kubectl delete vipc %s -n %s)")
            .formatted(ref.namespace(), ref.name(), ref.name(), ref.namespace()));
  }

  /** Takes the address from its ENI, and sees that it is gone. */
  UpdateControl<VpcIP> release(VpcIP vip) {
    return vip.getSpec().ofOwnEni() ? directs.remove(vip) : unassigning.unassign(vip);
  }

  /** Lets the address go when its quarantine is over. */
  UpdateControl<VpcIP> endQuarantine(VpcIP vip) {
    return unassigning.await(vip);
  }
}
