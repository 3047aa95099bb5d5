package io.eniipamd.kube.address;

import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPType;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.kube.support.CloudTasks;
import io.eniipamd.kube.support.SharedCache;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;

/**
 * The way of an address: what its spec intends is made so in the cloud, what is released is
 * unassigned, seen to be gone, in quarantine, and free. Addresses of ENIs themselves are the node
 * room's until they are released.
 */
@Singleton
@ControllerConfiguration(
    name = "address",
    generationAwareEventProcessing = false,
    triggerReconcilerOnAllEvents = true)
@GradualRetry(maxAttempts = -1, initialInterval = 1000, intervalMultiplier = 2, maxInterval = 60000)
public final class VpcIpReconciler implements Reconciler<VpcIP> {
  private final SharedCache<VpcIP> vips;
  private final AddressBook book;
  private final AddressSteps steps;
  private final VpcIpStore records;
  private final CloudTasks tasks;

  public VpcIpReconciler(
      SharedCache<VpcIP> vips,
      SharedCache<VpcIPClaim> claims,
      AddressBook book,
      AddressSteps steps,
      VpcIpStore records,
      CloudTasks tasks) {
    this.vips = vips;
    this.book = book;
    this.steps = steps;
    this.records = records;
    this.tasks = tasks;
    claims.listen(
        // One that was deleted past its finalizer has left its addresses behind.
        SharedCache.Listener.onDeleted(
            claim ->
                book.heldBy(claim.getMetadata().getUid())
                    .forEach(vip -> vips.enqueue(vip.getMetadata().getName()))));
  }

  @Override
  public List<EventSource<?, VpcIP>> prepareEventSources(EventSourceContext<VpcIP> context) {
    vips.bind(context, Map.of());
    return List.of(vips);
  }

  @Override
  public UpdateControl<VpcIP> reconcile(VpcIP seen, Context<VpcIP> context) {
    if (context.isPrimaryResourceDeleted()) {
      tasks.forget(seen.getMetadata().getUid());
      records.forget(seen.getMetadata().getUid());
      steps.forget(seen.getMetadata().getUid());
      return UpdateControl.noUpdate();
    }
    // Other rooms write records too; the book has the newest of what was seen and written. What it
    // has not is gone, though this cache may show it still: nothing may be put on an ENI for it.
    var known =
        book.get(Ip.parse(seen.getMetadata().getName()))
            .filter(b -> b.getMetadata().getUid().equals(seen.getMetadata().getUid()));
    if (known.isEmpty()) {
      return UpdateControl.noUpdate();
    }
    var vip = known.get();
    if (vip.unreadable().isPresent()) {
      steps.leaveAlone(vip, vip.unreadable().get());
      return UpdateControl.noUpdate();
    }
    if (!vip.getMetadata().getFinalizers().contains(Names.IP_FINALIZER)) {
      return vip.isMarkedForDeletion() ? UpdateControl.noUpdate() : steps.guard(vip);
    }
    if (records.isFinished(vip)) {
      // Gone already: whatever were done for it now would have no record.
      return UpdateControl.noUpdate();
    }
    boolean anEnisOwn = vip.getSpec().type() == VpcIPType.ENI;
    return switch (vip.statusOrEmpty().phase()) {
      case ATTACHING, ASSIGNED, AVAILABLE, HELD ->
          anEnisOwn ? UpdateControl.noUpdate() : steps.settle(vip);
      case UNKNOWN -> UpdateControl.noUpdate();
      case RELEASING -> steps.release(vip);
      case QUARANTINED -> steps.endQuarantine(vip);
    };
  }
}
