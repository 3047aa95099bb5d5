package io.eniipamd.kube.release;

import io.eniipamd.api.v1.OwnerInfo;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.domain.release.ReleaseSettings;
import io.eniipamd.kube.support.SlimPod;
import io.fabric8.kubernetes.api.model.OwnerReference;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * The owner references of claims: written when the claim is made, written later where the flag was
 * off or the workload is a new one, removed when the flag is switched off. What has to be done
 * follows from caches; the workload is read only where it might change something, and once.
 */
@Singleton
public final class OwnerReferences {

  /** What has to be done about the references of a claim. */
  public sealed interface Tie {
    /** Nothing, by all that is known. */
    record Settled() implements Tie {}

    /** The workload has to be looked up, beginning there. */
    record LookUp(OwnerReference from) implements Tie {}

    /** The operator's references have to go. */
    record Strip() implements Tie {}
  }

  private final OwnerResolver owners;
  private final Supplier<ReleaseSettings> settings;

  /** The last look-up for a claim, by its UID: where it began. It is not repeated. */
  private final Map<String, String> looked = new ConcurrentHashMap<>();

  public OwnerReferences(OwnerResolver owners, Supplier<ReleaseSettings> settings) {
    this.owners = owners;
    this.settings = settings;
  }

  /** The references of a claim that is made for a Pod; read afresh, none where cascading is off. */
  public List<OwnerReference> ofNew(SlimPod pod) {
    if (!settings.get().cascade()) {
      return List.of();
    }
    return OwnerResolver.controllerOf(pod)
        .flatMap(from -> owners.top(pod.getMetadata().getNamespace(), from))
        .filter(workload -> !workload.keepsItsClaims())
        .map(workload -> List.of(OwnerResolver.reference(workload.info())))
        .orElseGet(List::of);
  }

  /** The workload of a Pod as far as it is known without a request. */
  public Optional<OwnerInfo> recorded(VpcIPClaim claim, SlimPod pod) {
    return ours(claim).stream()
        .findFirst()
        .or(() -> OwnerResolver.controllerOf(pod))
        .map(OwnerResolver::info);
  }

  /**
   * What has to be done.
   *
   * @param pod the Pod of the claim's name
   * @param byName the workload that the claim belongs to by its name, where neither a Pod nor the
   *     claim itself says so
   */
  public Tie wanted(VpcIPClaim claim, Optional<SlimPod> pod, Optional<OwnerReference> byName) {
    var ours = ours(claim);
    if (!settings.get().cascade()) {
      return ours.isEmpty() ? new Tie.Settled() : new Tie.Strip();
    }
    // A Pod itself names its owner, or none.
    var from =
        (pod.isPresent()
                ? OwnerResolver.controllerOf(pod.get())
                : byName.or(
                    () ->
                        Optional.ofNullable(claim.statusOrEmpty().owner())
                            .map(OwnerResolver::reference)))
            .filter(owners::leadsSomewhere);
    if (from.isEmpty()) {
      return new Tie.Settled();
    }
    boolean tied = ours.stream().anyMatch(r -> r.getUid().equals(from.get().getUid()));
    // A Pod never passes from one Deployment to another.
    boolean tiedThrough = !ours.isEmpty() && GroupKind.of(from.get()).equals(GroupKind.REPLICA_SET);
    boolean known = from.get().getUid().equals(looked.get(claim.getMetadata().getUid()));
    return tied || tiedThrough || known ? new Tie.Settled() : new Tie.LookUp(from.get());
  }

  /**
   * Reads the workload.
   *
   * @return the references that the claim should have; empty where it has them
   */
  public Optional<List<OwnerReference>> lookUp(VpcIPClaim claim, OwnerReference from) {
    var workload = owners.top(claim.getMetadata().getNamespace(), from);
    looked.put(claim.getMetadata().getUid(), from.getUid());
    if (workload.isEmpty()) {
      // The garbage collector deals with a reference to an owner that is gone.
      return Optional.empty();
    }
    var wanted =
        workload.get().keepsItsClaims()
            ? others(claim)
            : with(others(claim), OwnerResolver.reference(workload.get().info()));
    return wanted.equals(all(claim)) ? Optional.empty() : Optional.of(wanted);
  }

  /**
   * Whether the owners of a claim that were just written are alive still: one may have begun to go
   * between the look and the write, and then the reference would take the claim with it.
   */
  public boolean outlived(VpcIPClaim claim) {
    return ours(claim).stream()
        .allMatch(r -> owners.alive(claim.getMetadata().getNamespace(), OwnerResolver.info(r)));
  }

  /** The workload that the claim's reference names. */
  public Optional<OwnerInfo> written(VpcIPClaim claim) {
    return ours(claim).stream().findFirst().map(OwnerResolver::info);
  }

  /** The references without the operator's own. */
  public List<OwnerReference> others(VpcIPClaim claim) {
    return all(claim).stream().filter(r -> !owners.isOurs(r)).toList();
  }

  /** A workload has changed: what was found out about its claims is not to be relied on. */
  public void forget(String claimUid) {
    looked.remove(claimUid);
  }

  private List<OwnerReference> ours(VpcIPClaim claim) {
    return all(claim).stream().filter(owners::isOurs).toList();
  }

  private static List<OwnerReference> all(VpcIPClaim claim) {
    var all = claim.getMetadata().getOwnerReferences();
    return all == null ? List.of() : all;
  }

  private static List<OwnerReference> with(List<OwnerReference> others, OwnerReference one) {
    var all = new ArrayList<>(others);
    all.add(one);
    return List.copyOf(all);
  }
}
