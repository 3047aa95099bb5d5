package io.eniipamd.kube.node;

import io.eniipamd.cloud.AttachMode;
import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.BoundEni;
import io.eniipamd.kube.support.CloudReaders;
import io.eniipamd.kube.support.EniTags;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What the node room asks of the cloud about ENIs; no method blocks. */
@Singleton
final class NodeCloud {
  private final VpcCloud cloud;
  private final EniOperations operations;
  private final VpcQuota quota;
  private final String cluster;
  private final Executor readers;

  NodeCloud(
      VpcCloud cloud,
      EniOperations operations,
      VpcQuota quota,
      NodeSettings settings,
      @CloudReaders Executor readers) {
    this.cloud = cloud;
    this.operations = operations;
    this.quota = quota;
    this.cluster = settings.clusterId();
    this.readers = readers;
  }

  /** What is known of the quota of ENIs. */
  VpcQuota quota() {
    return quota;
  }

  /**
   * What the cloud has for a node.
   *
   * @param seen ENIs with this cluster's tag that are on the instance or were made for the node
   * @param gone those of the ENIs that were asked for by name that do not exist
   * @param others those of them that are not this cluster's
   * @param strangers how many secondary ENIs on the instance are not this cluster's
   */
  record Look(List<Seen> seen, Set<String> gone, Set<String> others, int strangers) {
    Look {
      seen = List.copyOf(seen);
      gone = Set.copyOf(gone);
      others = Set.copyOf(others);
    }

    /** What it shows of an ENI. */
    Optional<Seen> showing(String eniId) {
      return seen.stream().filter(s -> s.eni().eniId().equals(eniId)).findFirst();
    }

    /** Whether it shows where the ENI is. */
    boolean tells(String eniId) {
      return gone.contains(eniId)
          || others.contains(eniId)
          || seen.stream().anyMatch(s -> s.eni().eniId().equals(eniId));
    }

    /** The same where an ENI is gone since. */
    Look without(String eniId) {
      var goneNow = new HashSet<>(gone);
      goneNow.add(eniId);
      return new Look(
          seen.stream().filter(s -> !s.eni().eniId().equals(eniId)).toList(),
          goneNow,
          others,
          strangers);
    }
  }

  /**
   * An ENI of this cluster.
   *
   * @param place where it is, seen from the node's instance
   * @param loaded whether there are addresses on it beside its own
   */
  record Seen(BoundEni eni, Place place, boolean loaded) {}

  /** Where an ENI is. */
  enum Place {
    /** On the instance, or on its way to it. */
    HERE,
    NOWHERE,
    ELSEWHERE,
    /** It is being deleted, or taken off an instance. */
    GOING
  }

  /**
   * Which ENIs are there for a node already.
   *
   * @param recorded ENIs that are recorded for the node, wherever they are
   */
  CompletionStage<Look> look(String node, String instanceId, Set<String> recorded) {
    return read(
        () -> {
          Map<String, NetworkInterface> seen = new LinkedHashMap<>();
          cloud
              .networkInterfaces(new EniQuery.ByInstance(instanceId))
              .all()
              .forEach(eni -> seen.put(eni.id(), eni));
          cloud
              .networkInterfaces(new EniQuery.ByTags(EniTags.ofNode(cluster, node)))
              .all()
              .forEach(eni -> seen.putIfAbsent(eni.id(), eni));
          var gone = new HashSet<>(recorded);
          gone.removeAll(seen.keySet());
          if (!gone.isEmpty()) {
            for (var eni : cloud.networkInterfaces(new EniQuery.ByIds(List.copyOf(gone))).all()) {
              gone.remove(eni.id());
              seen.put(eni.id(), eni);
            }
          }
          return look(instanceId, seen.values(), gone);
        });
  }

  private Look look(String instanceId, Collection<NetworkInterface> all, Set<String> gone) {
    return look(cluster, instanceId, all, gone);
  }

  /**
   * What reads have shown of a node's ENIs.
   *
   * @param all those that were seen
   * @param gone those that were asked for by name and do not exist
   */
  static Look look(
      String cluster, String instanceId, Collection<NetworkInterface> all, Set<String> gone) {
    var ours = new ArrayList<Seen>();
    var others = new HashSet<String>();
    int strangers = 0;
    for (var eni : all) {
      if (eni.extension() || EniTags.isDirect(eni.tags())) {
        // A Pod's own, whoever's Pod: it counts apart and is no ENI of the node.
        continue;
      }
      var place = place(instanceId, eni);
      if (!cluster.equals(eni.tags().get(EniTags.CLUSTER))) {
        others.add(eni.id());
        strangers += eni.instanceId().filter(instanceId::equals).isPresent() ? 1 : 0;
      } else if (eni.primaryIp().isPresent()) {
        boolean loaded = eni.addresses().stream().anyMatch(address -> !address.primary());
        ours.add(new Seen(bound(eni), place, loaded));
      }
    }
    return new Look(ours, gone, others, strangers);
  }

  private static Place place(String instanceId, NetworkInterface eni) {
    return switch (eni.state()) {
      case DELETING, DETACHING -> Place.GOING;
      case PENDING, AVAILABLE, ATTACHING, UNKNOWN ->
          eni.instanceId()
              .map(on -> on.equals(instanceId) ? Place.HERE : Place.ELSEWHERE)
              .orElse(Place.NOWHERE);
    };
  }

  /**
   * Takes an ENI of this cluster that carries nothing off its instance, if it is on one, and
   * deletes it; success too where it is gone.
   *
   * @param stillDue asked right before each call with what was just seen, on a thread that may
   *     block
   */
  CompletionStage<EniOperations.Done> remove(String eniId, Predicate<NetworkInterface> stillDue) {
    return operations.remove(eniId, eni -> isOurs(eni) && stillDue.test(eni));
  }

  /** Whether an ENI has this cluster's tag. */
  boolean isOurs(NetworkInterface eni) {
    return cluster.equals(eni.tags().get(EniTags.CLUSTER));
  }

  /**
   * Gives an ENI of this cluster these security groups.
   *
   * @param stillWanted asked right before the call, on a thread that may block
   * @return the ENI as the cloud shows it then
   */
  CompletionStage<NetworkInterface> setSecurityGroups(
      String eniId, List<String> groups, BooleanSupplier stillWanted) {
    return operations.setSecurityGroups(
        eniId, groups, eni -> isOurs(eni) && stillWanted.getAsBoolean());
  }

  /**
   * Creates the ENI, unless it is known or found, and attaches it.
   *
   * @param known its id where it is known to exist
   * @param mayBeThere whether an earlier run may have created it
   * @param made receives its id as soon as it exists
   */
  CompletionStage<BoundEni> bind(
      EniSpec spec,
      String instanceId,
      String attachToken,
      Optional<String> known,
      boolean mayBeThere,
      Consumer<String> made) {
    CompletionStage<String> there =
        known
            .<CompletionStage<String>>map(CompletableFuture::completedFuture)
            .orElseGet(
                () ->
                    operations
                        .create(spec, mayBeThere)
                        .thenApply(NetworkInterface::id)
                        .exceptionallyCompose(e -> orOwn(spec, e))
                        .exceptionallyCompose(this::withQuota));
    return there
        .thenCompose(
            eniId -> {
              made.accept(eniId);
              return operations.attach(eniId, instanceId, AttachMode.STANDARD, attachToken);
            })
        .thenApply(NodeCloud::bound);
  }

  /** The failure itself; if it is the quota, once its value and its use are known. */
  private CompletionStage<String> withQuota(Throwable failure) {
    var cause = failure instanceof CompletionException c ? c.getCause() : failure;
    CompletionStage<String> same = CompletableFuture.failedFuture(failure);
    return cause instanceof CloudException e && e.kind() == Kind.QUOTA
        ? quota.ask(e).thenCompose(_ -> same)
        : same;
  }

  /**
   * The address is taken, but perhaps by the very ENI that was made for it under another record.
   */
  private CompletionStage<String> orOwn(EniSpec spec, Throwable failure) {
    var cause = failure instanceof CompletionException c ? c.getCause() : failure;
    if (!(cause instanceof CloudException e) || e.kind() != Kind.ADDRESS_TAKEN) {
      return CompletableFuture.failedFuture(failure);
    }
    return read(
        () ->
            cloud.networkInterfaces(new EniQuery.ByAddress(spec.primaryIp())).all().stream()
                .filter(eni -> isFor(spec, eni))
                .map(NetworkInterface::id)
                .findFirst()
                .orElseThrow(() -> e));
  }

  private boolean isFor(EniSpec spec, NetworkInterface eni) {
    return isOurs(eni)
        && spec.tags().get(EniTags.NODE).equals(eni.tags().get(EniTags.NODE))
        && eni.primaryIp().filter(spec.primaryIp()::equals).isPresent();
  }

  private static BoundEni bound(NetworkInterface eni) {
    Ip primary = eni.primaryIp().orElseThrow();
    return new BoundEni(eni.id(), eni.mac().toLowerCase(Locale.ROOT), eni.subnetId(), primary);
  }

  private <T> CompletableFuture<T> read(Supplier<T> call) {
    return CompletableFuture.supplyAsync(call, readers);
  }
}
