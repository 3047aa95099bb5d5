package io.eniipamd.kube.address;

import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.domain.condition.AddressReason;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.Requeue;
import io.eniipamd.kube.support.SharedCache;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * The tasks in the cloud that work on addresses: each enqueues the record that it works for, and
 * none is started on an ENI of which it is not known that it is this cluster's.
 */
@Singleton
public final class AddressTasks {
  private static final String WHOSE = "whose/";

  private final SharedCache<VpcIP> vips;
  private final CloudTasks tasks;
  private final FreshChecks checks;
  private final AddressOutcomes outcomes;
  private final EventRecorder events;

  public AddressTasks(
      SharedCache<VpcIP> vips,
      CloudTasks tasks,
      FreshChecks checks,
      AddressOutcomes outcomes,
      EventRecorder events) {
    this.vips = vips;
    this.tasks = tasks;
    this.checks = checks;
    this.outcomes = outcomes;
    this.events = events;
  }

  /**
   * Carries a task one step on; {@link CloudTasks#drive} says how.
   *
   * @param what of the record's tasks. The beginning of the record's phase is added: a task for an
   *     earlier intent says nothing of this one, not even of an equal one that was given up in
   *     between.
   * @param done writes the result into the record
   */
  <T> UpdateControl<VpcIP> drive(
      VpcIP vip,
      String what,
      CloudTasks.Work<T> work,
      Consumer<T> done,
      Function<CloudTasks.State.Failed<T>, UpdateControl<VpcIP>> refused) {
    var key =
        new CloudTasks.Key(vip.getMetadata().getUid(), what + "/" + vip.statusOrEmpty().since());
    return tasks.drive(
        new CloudTasks.Task<>(key, work, () -> enqueue(vip)),
        UpdateControl.<VpcIP>noUpdate(),
        result -> {
          done.accept(result);
          return UpdateControl.noUpdate();
        },
        refused);
  }

  /**
   * What hinders a step that would change these ENIs: one of them is not this cluster's, or it is
   * not known yet whose it is.
   *
   * @param eniIds null for none
   */
  Optional<UpdateControl<VpcIP>> hindrance(VpcIP vip, String... eniIds) {
    for (var eniId : eniIds) {
      if (eniId == null) {
        continue;
      }
      var whose = checks.whose(eniId);
      if (whose.isEmpty()) {
        return Optional.of(askWhose(vip, eniId));
      }
      if (whose.get() == OwnEnis.Whose.OTHERS) {
        return Optional.of(foreign(vip, eniId));
      }
    }
    return Optional.empty();
  }

  /** Asks the cloud whose an ENI is, and comes back with the answer. */
  UpdateControl<VpcIP> askWhose(VpcIP vip, String eniId) {
    return tasks.drive(
        new CloudTasks.Task<>(
            new CloudTasks.Key(vip.getMetadata().getUid(), WHOSE + eniId),
            _ -> checks.look(eniId),
            () -> enqueue(vip)),
        UpdateControl.<VpcIP>noUpdate(),
        // What was found is not believed any more, or another record asked meanwhile.
        _ -> Requeue.again(),
        failed -> outcomes.refused(vip, failed));
  }

  /** The record came from another cluster: it is kept for its claim, and the cloud left alone. */
  private UpdateControl<VpcIP> foreign(VpcIP vip, String eniId) {
    var message =
        ("%s is recorded on ENI %s, which is not of this cluster: its tag names another cluster"
                + " or none, and no NodeENIConfig of a Node lists it. The operator changes nothing in the"
                + " cloud; delete the claim to drop the record")
            .formatted(vip.getMetadata().getName(), eniId);
    if (outcomes.explained(vip, AddressReason.FOREIGN_ENI, message)) {
      events.warn(vip, AddressReason.FOREIGN_ENI, message);
    }
    return Requeue.after(OwnEnis.BELIEVED);
  }

  private void enqueue(VpcIP vip) {
    vips.enqueue(vip.getMetadata().getName());
  }
}
