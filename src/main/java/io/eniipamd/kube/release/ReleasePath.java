package io.eniipamd.kube.release;

import io.eniipamd.api.v1.DeletePolicy;
import io.eniipamd.api.v1.ReleaseReason;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.kube.release.ReleaseGate.Answer;
import io.eniipamd.kube.support.FreshReads;
import io.eniipamd.kube.support.FreshReads.PodRead;
import io.fabric8.kubernetes.client.KubernetesClientException;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The one way in which the operator deletes a claim, and so begins to release an address: the gate
 * is asked, the Pod is read afresh, the caller says whether the release is still due, and the claim
 * is deleted as it was read. A release that the gate let through and that deletes nothing is
 * withdrawn from the gate.
 */
@Singleton
public final class ReleasePath {
  private final ReleaseGate gate;
  private final FreshReads fresh;
  private final Releases releases;

  /**
   * @param gate counts and pauses the releases of fixed IPs
   * @param fresh reads Pods past the cache
   * @param releases deletes, and remembers the reason
   */
  public ReleasePath(ReleaseGate gate, FreshReads fresh, Releases releases) {
    this.gate = gate;
    this.fresh = fresh;
    this.releases = releases;
  }

  /**
   * What is asked for.
   *
   * @param reason why the address is released, for the record of the address
   * @param gate what the gate is asked; empty for a release that passes no gate
   * @param podUid the UID of the Pod that keeps the claim while it lives; empty where every Pod of
   *     the claim's name keeps it
   */
  public record Request(
      ReleaseReason reason, Optional<ReleaseGate.Request> gate, Optional<String> podUid) {

    /** A release of a fixed IP: it passes the gate, and every Pod of the claim's name stops it. */
    public static Request gated(ReleaseReason reason, ReleaseGate.Request gate) {
      return new Request(reason, Optional.of(gate), Optional.empty());
    }

    /**
     * The end of a Pod whose address is not kept. It passes no gate: a Pod that ended is no release
     * that anything holds up.
     *
     * @param podUid the Pod that had the address, if one is recorded
     */
    public static Request podEnded(Optional<String> podUid) {
      return new Request(ReleaseReason.POD_ENDED, Optional.empty(), podUid);
    }

    private boolean stoppedBy(PodRead read) {
      return podUid
          .map(read::alive)
          .orElseGet(() -> read.pod().filter(pod -> !pod.ended()).isPresent());
    }
  }

  /** Whether a release is still due once the fresh read has shown that no Pod stops it. */
  @FunctionalInterface
  public interface StillDue {
    /**
     * Whether it is due by this read.
     *
     * @param read what the API server said of the Pod, with the API server's time
     */
    boolean by(PodRead read);
  }

  /** What came of it. */
  public sealed interface Outcome {
    /** The claim is being deleted. */
    record Deleted() implements Outcome {}

    /** A Pod that stops the release is there, by this read. */
    record PodThere(PodRead read) implements Outcome {}

    /** The caller found that the release is not due any more, by this read. */
    record NotDue(PodRead read) implements Outcome {}

    /** The claim has changed, or is gone: it was not deleted as it was read. */
    record Changed() implements Outcome {}

    /**
     * The gate has let through as many as may be.
     *
     * @param again when to ask again, from now
     */
    record Full(Duration again) implements Outcome {}

    /** The gate is paused. */
    record Paused(Answer.Paused pause) implements Outcome {}
  }

  /** Whether the addresses of a claim that is being deleted may leave the claim. */
  public sealed interface Clearance {
    /**
     * They may: no Pod uses them.
     *
     * @param reason why the claim was deleted
     */
    record Cleared(ReleaseReason reason) implements Clearance {}

    /** The Pod that the claim is bound to is alive. */
    record PodThere() implements Clearance {}

    /**
     * The gate has let through as many as may be.
     *
     * @param again when to ask again, from now
     */
    record Full(Duration again) implements Clearance {}

    /** The gate is paused. */
    record Paused(Answer.Paused pause) implements Clearance {}
  }

  /**
   * Asks whether the addresses of a claim that is being deleted may leave it. The deletes of the
   * garbage collector and of users pass the gate here and not before. A claim that the gate lets
   * through costs a read of its Pod.
   *
   * @throws KubernetesClientException where the read failed
   */
  public Clearance clear(VpcIPClaim claim) {
    if (claim.statusOrEmpty().deletePolicy() == DeletePolicy.NEVER) {
      var meta = claim.getMetadata();
      var request =
          new ReleaseGate.Request(
              meta.getNamespace(), meta.getUid(), Instant.parse(meta.getDeletionTimestamp()));
      switch (gate.ask(request)) {
        case Answer.Open() -> {}
        case Answer.Full(var again) -> {
          return new Clearance.Full(again);
        }
        case Answer.Paused paused -> {
          return new Clearance.Paused(paused);
        }
      }
    }
    if (isPodThere(claim)) {
      gate.withdraw(claim.getMetadata().getUid());
      return new Clearance.PodThere();
    }
    return new Clearance.Cleared(reason(claim));
  }

  /**
   * Whether the Pod that a claim is bound to is alive, by a fresh read.
   *
   * @throws KubernetesClientException where the read failed
   */
  public boolean isPodThere(VpcIPClaim claim) {
    var podUid = claim.statusOrEmpty().podUID();
    var meta = claim.getMetadata();
    return podUid != null && fresh.pod(meta.getNamespace(), meta.getName()).alive(podUid);
  }

  /** Why a claim that is being deleted is; it may have to ask the API server for its owner. */
  public ReleaseReason reason(VpcIPClaim claim) {
    return releases.reason(claim);
  }

  /** The claim is gone; nothing about its release need be known any more. */
  public void forget(VpcIPClaim claim) {
    releases.done(claim);
  }

  /** A request to release for what nothing in the cluster dates; see {@link ReleaseGate}. */
  public Request undated(VpcIPClaim claim, ReleaseReason reason) {
    var meta = claim.getMetadata();
    return Request.gated(reason, gate.undated(meta.getNamespace(), meta.getUid()));
  }

  /**
   * Begins a release: deletes the claim as it was read, where nothing speaks against it. The
   * claim's finalizer does what remains.
   *
   * @param stillDue asked last, and only where no Pod stops the release: it may cost a request
   * @throws KubernetesClientException where a read or the delete failed for another reason than
   *     that the claim changed; nothing is deleted then, as far as is known, and the gate counts it
   *     no longer
   */
  public Outcome begin(VpcIPClaim claim, Request request, StillDue stillDue) {
    return switch (request.gate().map(gate::ask).orElseGet(Answer.Open::new)) {
      case Answer.Full(var again) -> new Outcome.Full(again);
      case Answer.Paused paused -> new Outcome.Paused(paused);
      case Answer.Open() -> deleteOrWithdraw(claim, request, stillDue);
    };
  }

  /** What is not deleted uses up nothing of the gate's window. */
  private Outcome deleteOrWithdraw(VpcIPClaim claim, Request request, StillDue stillDue) {
    boolean deleted = false;
    try {
      var outcome = delete(claim, request, stillDue);
      deleted = outcome instanceof Outcome.Deleted;
      return outcome;
    } finally {
      if (!deleted && request.gate().isPresent()) {
        gate.withdraw(claim.getMetadata().getUid());
      }
    }
  }

  private Outcome delete(VpcIPClaim claim, Request request, StillDue stillDue) {
    var read = fresh.pod(claim.getMetadata().getNamespace(), claim.getMetadata().getName());
    if (request.stoppedBy(read)) {
      return new Outcome.PodThere(read);
    }
    if (!stillDue.by(read)) {
      return new Outcome.NotDue(read);
    }
    return releases.delete(claim, request.reason()) ? new Outcome.Deleted() : new Outcome.Changed();
  }
}
