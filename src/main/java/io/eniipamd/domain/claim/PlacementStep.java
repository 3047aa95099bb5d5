package io.eniipamd.domain.claim;

import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.EniView;
import io.eniipamd.domain.node.NodeView;
import java.util.Optional;
import java.util.Set;

/** The claim's address gets onto an ENI of the Pod's node, and the Pod gets the address. */
public sealed interface PlacementStep extends ClaimDecision {

  /**
   * The node has no room: the claim asks for an ENI of one of these subnets.
   *
   * @param subnets IDs of the subnets; empty: any
   * @param problem why it may take long, where there is a reason
   */
  record AwaitRoom(String node, Set<String> subnets, Optional<WaitStep.Problem> problem)
      implements PlacementStep {
    public AwaitRoom {
      subnets = Set.copyOf(subnets);
    }
  }

  /** The claim asks one of the retained addresses on these ENIs to make room. */
  record Preempt(Set<String> enis, WaitStep.Problem problem) implements PlacementStep {
    public Preempt {
      enis = Set.copyOf(enis);
    }
  }

  /** The address goes to another ENI. */
  record Move(ClaimAddress held, EniView to, NodeView node) implements PlacementStep {}

  /** The ENI of the Pod's own goes to this instance. */
  record MoveDirect(ClaimAddress held, String instanceId, NodeView node) implements PlacementStep {}

  /**
   * The claim says that its address was to move, and the record of the address was not written
   * since: it is written, so that a move which was decided before fails.
   */
  record ConfirmPlace(Ip ip) implements PlacementStep {}

  /**
   * The operator asks the cloud where the ENI is that the Pod is bound on and that the Pod's
   * machine does not have.
   */
  record LookForEni(String eniId) implements PlacementStep {}

  /** The address is on an ENI of the Pod's node: the Pod may have it. */
  record Bind(ClaimAddress held, EniView eni, NodeView node, PodView pod)
      implements PlacementStep {}
}
