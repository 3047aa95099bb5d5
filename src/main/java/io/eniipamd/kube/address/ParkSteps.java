package io.eniipamd.kube.address;

import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.cloud.EniOperations;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import jakarta.inject.Singleton;

/** Takes a kept address from its ENI, so that its record alone holds it. */
@Singleton
public final class ParkSteps {
  private final EniOperations enis;
  private final AddressReserver reserving;
  private final AddressTasks tasks;
  private final FreshChecks checks;
  private final AddressOutcomes outcomes;

  public ParkSteps(
      EniOperations enis,
      AddressReserver reserving,
      AddressTasks tasks,
      FreshChecks checks,
      AddressOutcomes outcomes) {
    this.enis = enis;
    this.reserving = reserving;
    this.tasks = tasks;
    this.checks = checks;
    this.outcomes = outcomes;
  }

  /** Takes the address of a record that names no ENI from the one that it is confirmed on. */
  UpdateControl<VpcIP> park(VpcIP vip) {
    var status = vip.statusOrEmpty();
    var on = status.eniId();
    if (on == null) {
      return status.phase() == VpcIPPhase.HELD ? reserving.hold(vip) : UpdateControl.noUpdate();
    }
    return tasks
        .hindrance(vip, on)
        .orElseGet(
            () ->
                tasks.drive(
                    vip,
                    "park/" + on,
                    _ -> enis.unassign(on, vip.ip(), () -> checks.stillParking(vip)),
                    done -> outcomes.parked(vip, done.requestId()),
                    failed -> outcomes.refused(vip, failed)));
  }
}
