package io.eniipamd.domain.claim;

import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.condition.Reason;
import io.eniipamd.domain.node.EniView;
import io.eniipamd.domain.node.NodeView;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What has to happen to a claim next: one step, after which it is looked at again. */
public sealed interface ClaimDecision {

  /** All is as it should be, or something is under way that will wake the claim. */
  record Nothing() implements ClaimDecision {}

  /** The Pod waits for what comes by itself; where that lasts, somebody should know why. */
  record Await(Reason reason, String message) implements ClaimDecision {}

  /**
   * The Pod waits, and somebody should know why.
   *
   * @param awaited the address whose release ends the wait, where there is one
   */
  record Problem(Reason reason, String message, Optional<Ip> awaited) implements ClaimDecision {
    public Problem(Reason reason, String message) {
      this(reason, message, Optional.empty());
    }
  }

  /** Something the user wrote keeps the Pod from being served. */
  record Refuse(ValidationError error) implements ClaimDecision {}

  /**
   * The Pod that waits wants another policy or expiry than the one before it: it is written down.
   */
  record NoteRequest() implements ClaimDecision {}

  /** A new address from the subnet of this ENI, onto this ENI. */
  record Allocate(EniView eni, NodeView node) implements ClaimDecision {}

  /** This very address onto this ENI: nominated, or lost with its record. */
  record AllocateNamed(Ip ip, EniView eni, NodeView node) implements ClaimDecision {}

  /** An address whose record was taken away while a living Pod or the claim still has it. */
  record RecreateRecord(Ip ip) implements ClaimDecision {}

  /**
   * Room on the node is asked for, of these subnets (empty: any); the trouble is why it may take
   * long.
   */
  record AwaitRoom(String node, Set<String> subnets, Optional<Problem> problem)
      implements ClaimDecision {
    public AwaitRoom {
      subnets = Set.copyOf(subnets);
    }
  }

  /**
   * An address of the Pod's own that is held by nobody any more: it still rests, or its claim was
   * torn away while the Pod ran on.
   *
   * @param eniId the ENI that a look has found it on, where it has no record
   */
  record TakeBack(Ip ip, Optional<String> eniId) implements ClaimDecision {
    public TakeBack(Ip ip) {
      this(ip, Optional.empty());
    }
  }

  /** The cloud is asked where the address is that the Pod runs with. */
  record LookForWorn(Ip ip) implements ClaimDecision {}

  /** The cloud is asked where the ENI is that the Pod is bound on and that its machine has not. */
  record LookForEni(String eniId) implements ClaimDecision {}

  /** The address goes to another ENI. */
  record Move(ClaimAddress held, EniView to, NodeView node) implements ClaimDecision {}

  /**
   * The claim says that its address was to move, and its record was not written since: it is
   * written, so that whoever would move it by what it knew before fails.
   */
  record ConfirmPlace(Ip ip) implements ClaimDecision {}

  /** The address is on an ENI of the Pod's node: the Pod may have it. */
  record Bind(ClaimAddress held, EniView eni, NodeView node, PodView pod)
      implements ClaimDecision {}

  /** The Pod has ended, its address stays. */
  record Retain() implements ClaimDecision {}

  /** The status says something of policy or expiry that is no longer so. */
  record RefreshStatus() implements ClaimDecision {}

  /** The kept address leaves its ENI. */
  record Relocate(ClaimAddress held, RetentionView.Relocation relocation)
      implements ClaimDecision {}

  /** Addresses that are kept on these ENIs are asked to make room, one of them. */
  record Preempt(Set<String> enis, NodeView node, Problem problem) implements ClaimDecision {
    public Preempt {
      enis = Set.copyOf(enis);
    }
  }

  /** Its StatefulSet was scaled away from it, and wants its address back then. */
  record DeleteScaled() implements ClaimDecision {}

  /** It should be released and is held up: people are told by what. */
  record ExplainPause(RetentionView.Pause hold) implements ClaimDecision {}

  /** The Pod has ended and so has its claim. */
  record DeleteClaim() implements ClaimDecision {}

  /** Second addresses by a crash or by two operators go back. */
  record ReleaseSurplus(List<Ip> surplus) implements ClaimDecision {
    public ReleaseSurplus {
      surplus = List.copyOf(surplus);
    }
  }

  /** The claim is being deleted, its Pod lives: it waits and says so. */
  record BlockRelease(String podUid) implements ClaimDecision {}

  /** The claim is being deleted and nothing uses its addresses: they go back. */
  record ReleaseAddresses(List<Ip> addresses) implements ClaimDecision {
    public ReleaseAddresses {
      addresses = List.copyOf(addresses);
    }
  }

  /** The claim is being deleted and holds nothing any more. */
  record RemoveFinalizer() implements ClaimDecision {}
}
