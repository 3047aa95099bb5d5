package io.eniipamd.kube.address;

import io.eniipamd.api.v1.ClaimPhase;
import io.eniipamd.api.v1.ClaimRef;
import io.eniipamd.api.v1.VpcIP;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.api.v1.VpcIPPhase;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.kube.support.FreshReads;
import io.eniipamd.kube.support.SharedCache;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Everything that is read afresh, from the API server or from the cloud, before the cloud is asked
 * to put an address on an ENI, to move it or to take it off. An address that a living Pod uses is
 * safe by these checks, so that they stand together. A check that cannot read throws, and the call
 * is not made.
 */
@Singleton
public final class FreshChecks {

  /** Whether the claim that a record names still holds the address. */
  enum Holder {
    THERE,
    GONE,
    /** The claim is gone, but a Pod or another claim of its name still has the address. */
    UNSURE
  }

  private final KubernetesClient client;
  private final SharedCache<VpcIPClaim> claims;
  private final FreshReads fresh;
  private final OwnEnis own;

  public FreshChecks(
      KubernetesClient client, SharedCache<VpcIPClaim> claims, FreshReads fresh, OwnEnis own) {
    this.client = client;
    this.claims = claims;
    this.fresh = fresh;
    this.own = own;
  }

  /** This very record as the API server has it now; empty where it is gone. */
  Optional<VpcIP> record(VpcIP vip) {
    return Optional.ofNullable(
            client.resources(VpcIP.class).withName(vip.getMetadata().getName()).get())
        .filter(now -> now.getMetadata().getUid().equals(vip.getMetadata().getUid()));
  }

  /**
   * Before a record is released because its claim is gone: the cache's No is asked for a second
   * time, and a Pod that runs with the address, or a claim that names it, keeps it. They take it
   * over.
   */
  Holder holder(VpcIP vip) {
    var ref = vip.getSpec().claimRef();
    if (ref == null
        || claims.get(ref.namespace(), ref.name()).filter(c -> is(c, ref)).isPresent()) {
      return Holder.THERE;
    }
    var claim = claimNamed(ref);
    if (claim.filter(c -> is(c, ref)).isPresent()) {
      return Holder.THERE;
    }
    boolean named =
        claim
            .map(c -> vip.getMetadata().getName().equals(c.statusOrEmpty().address()))
            .orElse(false);
    boolean worn =
        fresh
            .pod(ref.namespace(), ref.name())
            .pod()
            .filter(p -> !p.ended())
            .filter(p -> vip.getMetadata().getName().equals(p.podIp()))
            .isPresent();
    return named || worn ? Holder.UNSURE : Holder.GONE;
  }

  /**
   * Before a record that no claim holds is released: the Pod that uses its address all the same.
   */
  Optional<String> user(VpcIP vip) {
    return fresh.podWith(vip.getMetadata().getName());
  }

  /**
   * Right before a kept address leaves its ENI: this very record still wants to be on none, and its
   * claim is bound to no Pod.
   */
  boolean stillParking(VpcIP vip) {
    return record(vip)
        .filter(now -> now.getSpec().eniId() == null)
        .filter(now -> now.statusOrEmpty().phase() != VpcIPPhase.RELEASING)
        .flatMap(this::claimOf)
        .map(VpcIPClaim::statusOrEmpty)
        .filter(c -> c.phase() == ClaimPhase.RETAINED && c.eniId() == null)
        .isPresent();
  }

  /**
   * Right before the ENI of a Pod's own leaves an instance that its record does not want it on:
   * this very record still wants the same, its claim is bound to no Pod, and no Pod that lives is
   * the claim's or runs with the address.
   */
  boolean stillLeaving(VpcIP vip) {
    return record(vip)
        .filter(now -> now.getMetadata().getGeneration().equals(vip.getMetadata().getGeneration()))
        .filter(
            now ->
                switch (now.statusOrEmpty().phase()) {
                  case ATTACHING, ASSIGNED, HELD -> true;
                  case AVAILABLE, RELEASING, QUARANTINED, UNKNOWN -> false;
                })
        .flatMap(this::claimOf)
        .filter(claim -> claim.unreadable().isEmpty())
        .filter(claim -> claim.statusOrEmpty().phase() != ClaimPhase.BOUND)
        .filter(claim -> claim.statusOrEmpty().eniId() == null)
        .filter(claim -> !isUsed(vip, claim))
        .isPresent();
  }

  /** Whether a Pod of the claim's name lives that is the claim's, or runs with the address. */
  private boolean isUsed(VpcIP vip, VpcIPClaim claim) {
    var meta = claim.getMetadata();
    return fresh
        .pod(meta.getNamespace(), meta.getName())
        .pod()
        .filter(pod -> !pod.ended())
        .filter(
            pod ->
                pod.getMetadata().getUid().equals(claim.statusOrEmpty().podUID())
                    || vip.getMetadata().getName().equals(pod.podIp()))
        .isPresent();
  }

  /**
   * Right before a released address leaves its ENI: this very record is still being released, and
   * no claim is bound to the address. One that no claim holds is used by no Pod either.
   */
  boolean stillReleasing(VpcIP vip) {
    if (vip.getSpec().claimRef() == null && user(vip).isPresent()) {
      return false;
    }
    return record(vip)
        .filter(now -> now.statusOrEmpty().phase() == VpcIPPhase.RELEASING)
        .filter(now -> !boundMeanwhile(now))
        .isPresent();
  }

  /** With two leaders by mistake, one may bind what the other takes for a surplus. */
  private boolean boundMeanwhile(VpcIP vip) {
    return claimOf(vip)
        .filter(claim -> !claim.isMarkedForDeletion())
        .filter(claim -> vip.getMetadata().getName().equals(claim.statusOrEmpty().address()))
        .isPresent();
  }

  /**
   * Before anything is changed on an ENI: whose it is, by what is known.
   *
   * @return empty where {@link #look} has to ask the cloud first
   */
  Optional<OwnEnis.Whose> whose(String eniId) {
    return own.whose(eniId);
  }

  /** Asks the cloud whose an ENI is; {@link #whose} knows it for a while then. */
  CompletionStage<OwnEnis.Whose> look(String eniId) {
    return own.look(eniId);
  }

  /**
   * After a refusal, before the address goes anywhere else: the ENI as the cloud has it now. The
   * cloud is asked only where the refusal does not say that the ENI is gone.
   *
   * @return empty where the ENI is gone
   */
  CompletionStage<Optional<NetworkInterface>> find(String eniId, Throwable refusal) {
    var cause = refusal instanceof CompletionException ? refusal.getCause() : refusal;
    if (cause instanceof CloudException e && e.missingEni().filter(eniId::equals).isPresent()) {
      own.gone(eniId);
      return CompletableFuture.completedStage(Optional.empty());
    }
    return own.find(eniId);
  }

  /** Before an address that is taken is moved to its place: the ENI of ours that has it. */
  CompletionStage<Optional<String>> holding(Ip ip) {
    return own.holding(ip);
  }

  private Optional<VpcIPClaim> claimOf(VpcIP vip) {
    var ref = vip.getSpec().claimRef();
    return ref == null ? Optional.empty() : claimNamed(ref).filter(c -> is(c, ref));
  }

  /** The claim of that name, which need not be the one that is meant. */
  private Optional<VpcIPClaim> claimNamed(ClaimRef ref) {
    return Optional.ofNullable(
        client.resources(VpcIPClaim.class).inNamespace(ref.namespace()).withName(ref.name()).get());
  }

  /** Whether it is this claim, and not a new one of the same name. */
  static boolean is(VpcIPClaim claim, ClaimRef ref) {
    return claim.getMetadata().getUid().equals(ref.uid());
  }
}
