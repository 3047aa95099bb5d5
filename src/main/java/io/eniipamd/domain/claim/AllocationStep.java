package io.eniipamd.domain.claim;

import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.EniView;
import io.eniipamd.domain.node.NodeView;
import java.util.Optional;
import java.util.Set;

/** The claim gets an address, or the record of an address that it already has. */
public sealed interface AllocationStep extends ClaimDecision {

  /**
   * The waiting Pod asks for another policy or expiry than the Pod before it: the claim notes it.
   */
  record NoteRequest() implements AllocationStep {}

  /** A new address from the subnet of this ENI, onto this ENI. */
  record Allocate(EniView eni, NodeView node) implements AllocationStep {}

  /** This very address onto this ENI: nominated, or lost with its record. */
  record AllocateNamed(Ip ip, EniView eni, NodeView node) implements AllocationStep {}

  /**
   * An address for an ENI of the Pod's own, onto this instance.
   *
   * @param ip this very address; empty: any of the subnet
   */
  record AllocateDirect(Optional<Ip> ip, String subnetId, String instanceId, NodeView node)
      implements AllocationStep {}

  /**
   * A warm address, which no claim holds: it is on an ENI of the Pod's node or on its way there, or
   * moves there from another node, because it is nominated or the last of its subnet.
   */
  record TakeWarm(Ip ip) implements AllocationStep {}

  /**
   * A warm address on one of these ENIs makes room for the address of this claim.
   *
   * @param problem why the claim waits
   */
  record YieldWarm(Set<String> enis, WaitStep.Problem problem) implements AllocationStep {
    public YieldWarm {
      enis = Set.copyOf(enis);
    }
  }

  /** An address whose record was deleted while a living Pod or the claim still has the address. */
  record RecreateRecord(Ip ip) implements AllocationStep {}

  /**
   * An address of the Pod's own that no claim holds any more: it is in quarantine, or its claim was
   * deleted past its finalizer while the Pod ran on.
   *
   * @param eniId the ENI on which the cloud has the address, where the address has no record
   */
  record TakeBack(Ip ip, Optional<String> eniId) implements AllocationStep {
    public TakeBack(Ip ip) {
      this(ip, Optional.empty());
    }
  }

  /** The operator asks the cloud where the address is that the Pod runs with. */
  record LookForWorn(Ip ip) implements AllocationStep {}
}
