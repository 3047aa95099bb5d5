package io.eniipamd.kube.release;

import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.OwnerInfo;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.domain.claim.Ordinal;
import io.eniipamd.domain.release.ReleaseSettings;
import io.eniipamd.domain.release.Retention;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimStatefulSet;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** StatefulSets and the claims of their ordinals. */
@Singleton
public final class Workloads {
  private static final String API_VERSION = "apps/v1";
  private static final String KIND = "StatefulSet";

  private final KubernetesClient client;
  private final SharedCache<SlimStatefulSet> sets;
  private final Supplier<ReleaseSettings> settings;

  public Workloads(
      KubernetesClient client,
      SharedCache<SlimStatefulSet> sets,
      Supplier<ReleaseSettings> settings) {
    this.client = client;
    this.sets = sets;
    this.settings = settings;
  }

  /**
   * The StatefulSet that a claim belongs to by its name and ordinal, where nothing is recorded on
   * the claim that says otherwise.
   */
  public Optional<OwnerReference> byName(VpcIPClaim claim) {
    return setOf(claim, sets::get)
        .map(
            set ->
                new OwnerReferenceBuilder()
                    .withApiVersion(API_VERSION)
                    .withKind(KIND)
                    .withName(set.getMetadata().getName())
                    .withUid(set.getMetadata().getUid())
                    .build());
  }

  /** Whether its StatefulSet was scaled away from it and wants its address back; by the cache. */
  public boolean scaledAway(VpcIPClaim claim) {
    return setOf(claim, sets::get).filter(set -> leaves(set, claim)).isPresent();
  }

  /** The same by a fresh read, and only if it is the very set that is recorded on the claim. */
  public boolean scaledAwayByFreshRead(VpcIPClaim claim) {
    return setOf(
            claim,
            (namespace, name) ->
                Optional.ofNullable(
                    client
                        .resources(SlimStatefulSet.class)
                        .inNamespace(namespace)
                        .withName(name)
                        .get()))
        .filter(set -> leaves(set, claim))
        .isPresent();
  }

  private boolean leaves(SlimStatefulSet set, VpcIPClaim claim) {
    var owner = claim.statusOrEmpty().owner();
    boolean sameSet = owner != null && set.getMetadata().getUid().equals(owner.uid());
    var ordinal = Ordinal.of(claim.getMetadata().getName());
    return sameSet
        && !set.isMarkedForDeletion()
        && policy(set) == Retention.DELETE
        && ordinal.filter(o -> !o.within(set.start(), set.replicas())).isPresent();
  }

  /** A value that cannot be read keeps the address. */
  private Retention policy(SlimStatefulSet set) {
    var word = set.annotations().get(Names.WHEN_SCALED);
    return word == null
        ? settings.get().whenScaled()
        : Retention.parse(word).orElse(Retention.RETAIN);
  }

  private interface Lookup {
    Optional<SlimStatefulSet> get(String namespace, String name);
  }

  private static Optional<SlimStatefulSet> setOf(VpcIPClaim claim, Lookup lookup) {
    var meta = claim.getMetadata();
    return Ordinal.of(meta.getName())
        .map(Ordinal::set)
        .filter(recordedAsNothingElse(claim))
        .flatMap(name -> lookup.get(meta.getNamespace(), name));
  }

  private static Predicate<String> recordedAsNothingElse(VpcIPClaim claim) {
    OwnerInfo owner = claim.statusOrEmpty().owner();
    return name ->
        owner == null
            || (owner.apiVersion().equals(API_VERSION)
                && owner.kind().equals(KIND)
                && owner.name().equals(name));
  }

  /** The index of claims by the StatefulSet that their names point to. */
  public static Function<VpcIPClaim, List<String>> index() {
    return claim ->
        Ordinal.of(claim.getMetadata().getName())
            .map(o -> List.of(key(claim.getMetadata().getNamespace(), o.set())))
            .orElseGet(List::of);
  }

  /** The key of {@link #index} for a StatefulSet. */
  public static String key(String namespace, String set) {
    return namespace + "/" + set;
  }
}
