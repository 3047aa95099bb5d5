package io.eniipamd.kube.node;

import io.eniipamd.cloud.CloudException;
import io.eniipamd.cloud.CloudException.Kind;
import io.eniipamd.cloud.Instance;
import io.eniipamd.cloud.Refusal;
import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.domain.node.RouteLimits;
import io.eniipamd.kube.support.CloudReaders;
import jakarta.inject.Singleton;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** The instances that nodes run on, as the cloud knows them; no method blocks. */
@Singleton
final class Machines {
  /** As many as the cloud answers for at once. */
  private static final int INSTANCES_A_CALL = 100;

  private final VpcCloud cloud;
  private final Executor readers;
  private final Map<String, CompletableFuture<Optional<Instance>>> asked = new LinkedHashMap<>();
  private boolean asking;

  /**
   * @param readers where the cloud is asked
   */
  Machines(VpcCloud cloud, @CloudReaders Executor readers) {
    this.cloud = cloud;
    this.readers = readers;
  }

  /**
   * What the cloud has as a node.
   *
   * @param limits how many ENIs and addresses it may have
   * @param directEnis how many ENIs of Pods' own it may have; 0 if the cloud does not say
   * @param zone where it runs; empty if the cloud does not say
   */
  record Machine(RouteLimits limits, int directEnis, Optional<String> zone) {}

  private record Limits(RouteLimits route, int directEnis) {}

  /**
   * How many ENIs and addresses the instance may have, as the cloud says, else by its cores; and
   * where it runs.
   */
  CompletionStage<Machine> machine(String instanceId) {
    return instance(instanceId)
        .thenCombine(
            limits(instanceId),
            (found, limits) ->
                new Machine(limits.route(), limits.directEnis(), found.map(Instance::zone)));
  }

  private CompletableFuture<Limits> limits(String instanceId) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            var said = cloud.eniLimits(instanceId);
            return new Limits(
                RouteLimits.ofCloud(said.enis(), said.addressesPerEni()), said.extensionEnis());
          } catch (CloudException e) {
            if (!isOfThisCall(e) && e.kind() != Kind.INVALID) {
              throw e;
            }
            return new Limits(byCores(instanceId, e), 0);
          }
        },
        readers);
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
}
