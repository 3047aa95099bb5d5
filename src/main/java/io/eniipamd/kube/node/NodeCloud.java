package io.eniipamd.kube.node;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.EniOperations;
import io.eniipamd.cloud.EniQuery;
import io.eniipamd.cloud.EniSpec;
import io.eniipamd.cloud.Instance;
import io.eniipamd.cloud.NetworkInterface;
import io.eniipamd.cloud.Refusal;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.node.BoundEni;
import io.eniipamd.domain.node.RouteLimits;
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
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** What the node room asks of the cloud; no method blocks. */
@Singleton
final class NodeCloud {
  /** As many as the cloud answers for at once. */
  private static final int INSTANCES_A_CALL = 100;

  private final VpcCloud cloud;
  private final EniOperations operations;
  private final String cluster;
  private final Map<String, CompletableFuture<Optional<Instance>>> asked = new LinkedHashMap<>();
  private boolean asking;
  private final Executor readers = Executors.newVirtualThreadPerTaskExecutor();

  NodeCloud(VpcCloud cloud, EniOperations operations, NodeSettings settings) {
    this.cloud = cloud;
    this.operations = operations;
    this.cluster = settings.clusterId();
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
   * What the cloud has as a node.
   *
   * @param limits how many ENIs and addresses it may have
   * @param zone where it runs; empty if the cloud does not say
   */
  record Machine(RouteLimits limits, Optional<String> zone) {}

  /**
   * How many ENIs and addresses the instance may have, as the cloud says, else by its cores; and
   * where it runs.
   */
  CompletionStage<Machine> machine(String instanceId) {
    return instance(instanceId)
        .thenCombine(
            limits(instanceId), (found, limits) -> new Machine(limits, found.map(Instance::zone)));
  }

  private CompletableFuture<RouteLimits> limits(String instanceId) {
    return read(
        () -> {
          try {
            var said = cloud.eniLimits(instanceId);
            return RouteLimits.ofCloud(said.enis(), said.addressesPerEni());
          } catch (CloudException e) {
            if (!isOfThisCall(e) && e.kind() != Kind.INVALID) {
              throw e;
            }
            return byCores(instanceId, e);
          }
        });
  }

  /**
   * Instances are asked for together: callers that come while a question is under way share the
   * next.
   */
  private CompletableFuture<Optional<Instance>> instance(String instanceId) {
    CompletableFuture<Optional<Instance>> answer;
    boolean idle;
    synchronized (asked) {
      answer = asked.computeIfAbsent(instanceId, _ -> new CompletableFuture<>());
      idle = !asking;
      asking = true;
    }
    if (idle) {
      readers.execute(this::askForInstances);
    }
    return answer;
  }

  private void askForInstances() {
    while (true) {
      Map<String, CompletableFuture<Optional<Instance>>> batch = new LinkedHashMap<>();
      synchronized (asked) {
        asked.entrySet().stream()
            .limit(INSTANCES_A_CALL)
            .forEach(e -> batch.put(e.getKey(), e.getValue()));
        batch.keySet().forEach(asked::remove);
        if (batch.isEmpty()) {
          asking = false;
          return;
        }
      }
      answer(batch);
    }
  }

  private void answer(Map<String, CompletableFuture<Optional<Instance>>> batch) {
    try {
      var found = cloud.instances(batch.keySet());
      batch.forEach(
          (id, answer) -> {
            try {
              answer.complete(found.find(id));
            } catch (CloudException unclear) {
              answer.completeExceptionally(unclear);
            }
          });
    } catch (CloudException e) {
      if (e.kind() == Kind.INVALID || isOfThisCall(e)) {
        // The call is optional: labels name the zone, too.
        batch.values().forEach(answer -> answer.complete(Optional.empty()));
      } else {
        batch.values().forEach(answer -> answer.completeExceptionally(e));
      }
    } catch (RuntimeException | Error e) {
      batch.values().forEach(answer -> answer.completeExceptionally(e));
    }
  }

  /**
   * Whether this call alone is refused: with a refused key or a clock that is off none succeeds.
   */
  private static boolean isOfThisCall(CloudException e) {
    return e.kind() == Kind.DENIED && Refusal.of(e.code()) == Refusal.CALL;
  }

  private RouteLimits byCores(String instanceId, CloudException unknown) {
    return cloud
        .instances(List.of(instanceId))
        .find(instanceId)
        .map(i -> RouteLimits.ofCores(i.cpuCores()))
        .orElseThrow(() -> unknown);
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
    return operations.remove(
        eniId, eni -> cluster.equals(eni.tags().get(EniTags.CLUSTER)) && stillDue.test(eni));
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
                        .exceptionallyCompose(e -> orOwn(spec, e)));
    return there
        .thenCompose(
            eniId -> {
              made.accept(eniId);
              return operations.attach(eniId, instanceId, attachToken);
            })
        .thenApply(NodeCloud::bound);
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
    return cluster.equals(eni.tags().get(EniTags.CLUSTER))
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
