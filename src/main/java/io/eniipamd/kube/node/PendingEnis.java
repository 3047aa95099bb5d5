package io.eniipamd.kube.node;

import io.eniipamd.api.v1.NodeENIConfig;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.BoundEni;
import io.eniipamd.domain.node.PendingEni;
import io.eniipamd.domain.node.PendingEni.BindingState;
import io.eniipamd.kube.support.CloudTasks;
import jakarta.inject.Singleton;
import java.util.Map;

/** How the bindings of a node's ENIs stand that are not in its status yet. */
@Singleton
final class PendingEnis {
  private final CloudTasks tasks;
  private final EniCache memory;
  private final VpcQuota quota;

  PendingEnis(CloudTasks tasks, EniCache memory, VpcQuota quota) {
    this.tasks = tasks;
    this.memory = memory;
    this.quota = quota;
  }

  /** The task that creates and attaches the ENI of an address. */
  static CloudTasks.Key binding(NodeENIConfig nec, VpcIP vip) {
    return new CloudTasks.Key(nec.getMetadata().getUid(), "bind/" + vip.getMetadata().getUid());
  }

  /**
   * How the ENI of an address stands; an end of its binding is heard here.
   *
   * @param failures a failure that was heard is added to these
   */
  PendingEni of(
      NodeENIConfig nec, Ip ip, VpcIP vip, Map<Ip, CloudTasks.State.Failed<BoundEni>> failures) {
    CloudTasks.State<BoundEni> state = tasks.take(binding(nec, vip));
    var uid = vip.getMetadata().getUid();
    BindingState standing =
        switch (state) {
          case CloudTasks.State.Running<BoundEni> _ -> new BindingState.UnderWay();
          case CloudTasks.State.Done<BoundEni> done -> {
            memory.bound(uid, nec.getMetadata().getUid(), done.result());
            memory.resume(uid);
            yield new BindingState.Bound(done.result());
          }
          case CloudTasks.State.Failed<BoundEni> failed -> {
            failures.put(ip, failed);
            yield new BindingState.Refused(
                CloudFailures.refusal(failed.cause(), memory.made(uid).isPresent()),
                failed.cause().getMessage(),
                quota.use());
          }
          case CloudTasks.State.Idle<BoundEni> _ ->
              memory
                  .bound(uid, nec.getMetadata().getUid())
                  .<BindingState>map(BindingState.Bound::new)
                  .or(() -> memory.pause(uid).map(p -> new BindingState.Paused(p.problem())))
                  .orElseGet(BindingState.Open::new);
        };
    return new PendingEni(ip, vip.getSpec().subnetId(), standing);
  }
}
