package io.eniipamd.kube.address;

import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.domain.condition.AddressReason;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.Requeue;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/** Takes a released address from its ENI, and drops its record after the quarantine. */
@Singleton
public final class UnassignSteps {
  private final AddressBook book;
  private final EniOperations enis;
  private final AddressReserver reserving;
  private final AddressTasks tasks;
  private final FreshChecks checks;
  private final AddressOutcomes outcomes;
  private final EventRecorder events;
  private final Quarantine quarantine;

  public UnassignSteps(
      AddressBook book,
      EniOperations enis,
      AddressReserver reserving,
      AddressTasks tasks,
      FreshChecks checks,
      AddressOutcomes outcomes,
      EventRecorder events,
      Quarantine quarantine) {
    this.book = book;
    this.enis = enis;
    this.reserving = reserving;
    this.tasks = tasks;
    this.checks = checks;
    this.outcomes = outcomes;
    this.events = events;
    this.quarantine = quarantine;
  }

  /** The record is gone; nothing has to be known of it any more. */
  void forget(String uid) {
    quarantine.forget(uid);
  }

  /** Takes the address from its ENI, and sees that it is gone. */
  UpdateControl<VpcIP> unassign(VpcIP vip) {
    var named = named(vip);
    if (vip.getSpec().type() == VpcIPType.ENI
        || (named.isEmpty() && !AddressReserver.reserved(vip))) {
      // An ENI's own address goes with the ENI; one that never was on any is free already.
      outcomes.released(vip, "");
      return UpdateControl.noUpdate();
    }
    var ours = new ArrayList<String>();
    for (var eniId : named) {
      var whose = checks.whose(eniId);
      if (whose.isEmpty()) {
        return tasks.askWhose(vip, eniId);
      }
      if (whose.get() == OwnEnis.Whose.OTHERS) {
        tellOfForeign(vip, eniId);
      } else {
        ours.add(eniId);
      }
    }
    if (!named.isEmpty() && ours.isEmpty()) {
      // The other cluster uses it: no claim of this one may get it soon.
      book.markForeign(vip.ip());
      outcomes.released(vip, "");
      return UpdateControl.noUpdate();
    }
    return tasks.drive(
        vip,
        "unassign",
        _ -> unassign(vip, ours),
        done -> outcomes.released(vip, done.requestId()),
        failed -> outcomes.refused(vip, failed));
  }

  /** It was perhaps on its way from one ENI to another, and may be on either. */
  private static List<String> named(VpcIP vip) {
    return Stream.of(vip.statusOrEmpty().eniId(), vip.getSpec().eniId())
        .filter(Objects::nonNull)
        .distinct()
        .toList();
  }

  private void tellOfForeign(VpcIP vip, String eniId) {
    events.warn(
        vip,
        AddressReason.FOREIGN_ENI,
        ("it is recorded on ENI %s, which is not of this cluster; the operator drops the"
                + " record, and changes nothing in the cloud")
            .formatted(eniId));
  }

  private CompletionStage<EniOperations.Done> unassign(VpcIP vip, List<String> eniIds) {
    CompletionStage<EniOperations.Done> gone =
        CompletableFuture.completedStage(new EniOperations.Done(""));
    for (var eniId : eniIds) {
      gone =
          gone.thenCompose(_ -> enis.unassign(eniId, vip.ip(), () -> checks.stillReleasing(vip)));
    }
    return AddressReserver.reserved(vip)
        ? gone.thenCompose(_ -> reserving.end(vip, () -> checks.stillReleasing(vip)))
        : gone;
  }

  /** Drops the record when the quarantine of its address is over. */
  UpdateControl<VpcIP> await(VpcIP vip) {
    var left = quarantine.left(vip);
    if (left.isPositive()) {
      return Requeue.after(left);
    }
    outcomes.gone(vip);
    return UpdateControl.noUpdate();
  }
}
