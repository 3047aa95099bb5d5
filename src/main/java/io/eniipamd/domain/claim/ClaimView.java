package io.eniipamd.domain.claim;

import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.NodeView;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that the decision about a claim is made from.
 *
 * @param deleting whether the claim is being deleted
 * @param ours whether the operator created the claim, not a user in advance
 * @param phase what its status says
 * @param address the address in its status
 * @param eniId the ENI in its status
 * @param moving whether its address was about to move, and has not been confirmed in its place
 *     since
 * @param boundTo the UID of the Pod in its status
 * @param fixed whether the policy in force keeps the address; before the first binding, those of
 *     the request
 * @param requestIsNew whether no Pod was bound yet and the one that waits wants another policy or
 *     expiry than the claim says
 * @param pod the Pod of its name
 * @param held the addresses that it holds, the oldest first, those in quarantine included
 * @param node the Pod's node
 * @param requested what the Pod asks of the address: by the Pod, or by the user who made the claim
 * @param quarantined an address of this name that the expiry released and that is still in
 *     quarantine
 * @param worn the address that the living Pod runs with already although the claim is not bound to
 *     it
 * @param lost where the address is that its living Pod is bound with, where the Pod's node runs on
 *     another machine by now
 * @param crowded the ENIs of the Pod's node on which addresses of other Pods are kept that are away
 * @param retention what bears on the claim while it is retained
 */
public record ClaimView(
    boolean deleting,
    boolean ours,
    Phase phase,
    Optional<Ip> address,
    Optional<String> eniId,
    boolean moving,
    Optional<String> boundTo,
    boolean fixed,
    boolean requestIsNew,
    Optional<PodView> pod,
    List<ClaimAddress> held,
    Optional<NodeView> node,
    PodRequests requested,
    Optional<Ip> quarantined,
    Optional<Worn> worn,
    Optional<LostPlace> lost,
    Set<String> crowded,
    RetentionView retention) {

  public ClaimView {
    held = List.copyOf(held);
    crowded = Set.copyOf(crowded);
  }

  /** What the claim's status says of its phase. */
  public enum Phase {
    PENDING,
    BOUND,
    RETAINED,
    RELEASING
  }

  /**
   * What the waiting Pod requests of its address.
   *
   * @param ip this very address
   * @param subnets only from these, empty for any
   * @param nominated what is known of {@code ip}
   */
  public record PodRequests(Optional<Ip> ip, List<String> subnets, Optional<Nominated> nominated) {
    public static final PodRequests NONE =
        new PodRequests(Optional.empty(), List.of(), Optional.empty());

    public PodRequests {
      subnets = List.copyOf(subnets);
    }
  }

  /**
   * What is known of an address that was asked for.
   *
   * @param subnetId the configured subnet that has it, empty where none has
   * @param zone that subnet's zone
   * @param usable whether it is not the network, the gateway or the broadcast
   * @param holder who has it now, in words
   */
  public record Nominated(
      Optional<String> subnetId, Optional<String> zone, boolean usable, Optional<String> holder) {}

  /** The addresses that count: those that are not on their way out. */
  public List<ClaimAddress> living() {
    return held.stream()
        .filter(
            h ->
                h.phase() != ClaimAddress.Phase.RELEASING
                    && h.phase() != ClaimAddress.Phase.QUARANTINED)
        .toList();
  }
}
