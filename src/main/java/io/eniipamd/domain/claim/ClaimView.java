package io.eniipamd.domain.claim;

import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.DirectRoom;
import io.eniipamd.domain.node.NodeView;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * All that the decision about a claim is made from.
 *
 * @param deleting whether the claim is being deleted
 * @param ours whether the operator created the claim, not a user in advance
 * @param recorded what the claim's status says
 * @param requester the Pod of the claim's name
 * @param held the addresses that the claim holds, the oldest first, those in quarantine included
 * @param quarantined an address of this name that the expiry released and that is still in
 *     quarantine
 * @param crowded the ENIs of the Pod's node on which addresses are retained for other Pods
 * @param retention what bears on the claim while it is retained
 */
public record ClaimView(
    boolean deleting,
    boolean ours,
    Recorded recorded,
    Requester requester,
    List<ClaimAddress> held,
    Optional<Ip> quarantined,
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
   * What the claim's status says.
   *
   * @param address the claim's address
   * @param moving whether its address was about to move, and has not been confirmed in its place
   *     since
   * @param boundTo the UID of the Pod
   * @param fixed whether the policy in force keeps the address; before the first binding, that of
   *     the request
   * @param direct whether it is for an ENI of the Pod's own, which it is for ever
   */
  public record Recorded(
      Phase phase,
      Optional<Ip> address,
      boolean moving,
      Optional<String> boundTo,
      boolean fixed,
      boolean direct) {

    /** Of a claim for an address on a shared ENI. */
    public Recorded(
        Phase phase,
        Optional<Ip> address,
        boolean moving,
        Optional<String> boundTo,
        boolean fixed) {
      this(phase, address, moving, boundTo, fixed, false);
    }
  }

  /**
   * The Pod of the claim's name, and what it asks for.
   *
   * @param pod the Pod, where there is one
   * @param node the Pod's node
   * @param requested what the Pod, or the user who created the claim, requests of the address
   * @param requestIsNew whether no Pod was bound yet and the one that waits requests another policy
   *     or expiry than the claim says
   * @param worn the address that the living Pod runs with already although the claim is not bound
   *     to it
   * @param lost where the address is that its living Pod is bound with, where the Pod's node runs
   *     on another machine by now
   * @param destination where the claim's address is from; known only of a Pod without a node that
   *     says something of zones itself
   * @param direct what the node has for an ENI of the Pod's own; known only where the claim is for
   *     one
   */
  public record Requester(
      Optional<PodView> pod,
      Optional<NodeView> node,
      PodRequests requested,
      boolean requestIsNew,
      Optional<Worn> worn,
      Optional<LostPlace> lost,
      Optional<Destination> destination,
      Optional<DirectRoom> direct) {

    /** Of a claim for an address on a shared ENI. */
    public Requester(
        Optional<PodView> pod,
        Optional<NodeView> node,
        PodRequests requested,
        boolean requestIsNew,
        Optional<Worn> worn,
        Optional<LostPlace> lost,
        Optional<Destination> destination) {
      this(pod, node, requested, requestIsNew, worn, lost, destination, Optional.empty());
    }
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
   * @param warm whether it is kept ready for a Pod that comes, and no claim holds it
   */
  public record Nominated(
      Optional<String> subnetId,
      Optional<String> zone,
      boolean usable,
      Optional<String> holder,
      boolean warm) {

    /** One that is not kept ready. */
    public Nominated(
        Optional<String> subnetId, Optional<String> zone, boolean usable, Optional<String> holder) {
      this(subnetId, zone, usable, holder, false);
    }
  }

  /** The addresses that count: those that are not on their way out. */
  public List<ClaimAddress> living() {
    return held.stream()
        .filter(
            h ->
                h.phase() != ClaimAddress.Phase.RELEASING
                    && h.phase() != ClaimAddress.Phase.QUARANTINED)
        .toList();
  }

  /** See {@link Recorded}. */
  public Phase phase() {
    return recorded.phase();
  }

  /** See {@link Recorded}. */
  public Optional<Ip> address() {
    return recorded.address();
  }

  /** See {@link Recorded}. */
  public boolean moving() {
    return recorded.moving();
  }

  /** See {@link Recorded}. */
  public Optional<String> boundTo() {
    return recorded.boundTo();
  }

  /** See {@link Recorded}. */
  public boolean fixed() {
    return recorded.fixed();
  }

  /** See {@link Recorded}. */
  public boolean direct() {
    return recorded.direct();
  }

  /** See {@link Requester}. */
  public Optional<DirectRoom> directRoom() {
    return requester.direct();
  }

  /** See {@link Requester}. */
  public Optional<PodView> pod() {
    return requester.pod();
  }

  /** See {@link Requester}. */
  public Optional<NodeView> node() {
    return requester.node();
  }

  /** See {@link Requester}. */
  public PodRequests requested() {
    return requester.requested();
  }

  /** See {@link Requester}. */
  public boolean requestIsNew() {
    return requester.requestIsNew();
  }

  /** See {@link Requester}. */
  public Optional<Worn> worn() {
    return requester.worn();
  }

  /** See {@link Requester}. */
  public Optional<LostPlace> lost() {
    return requester.lost();
  }

  /** See {@link Requester}. */
  public Optional<Destination> destination() {
    return requester.destination();
  }
}
