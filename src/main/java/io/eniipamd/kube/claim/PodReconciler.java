package io.eniipamd.kube.claim;

import io.eniipamd.api.v1.Names;
import io.eniipamd.api.v1.VpcIPClaim;
import io.eniipamd.domain.address.Ip;
import io.eniipamd.domain.claim.ClaimProblems;
import io.eniipamd.domain.claim.PodRequest;
import io.eniipamd.domain.claim.WaitStep;
import io.eniipamd.domain.condition.ClaimReason;
import io.eniipamd.kube.address.WornAddresses;
import io.eniipamd.kube.release.OwnerReferences;
import io.eniipamd.kube.release.OwnerResolver;
import io.eniipamd.kube.support.EventRecorder;
import io.eniipamd.kube.support.Requeue;
import io.eniipamd.kube.support.SharedCache;
import io.eniipamd.kube.support.SlimPod;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * A Pod that uses VPC-CNI gets a claim of its name. What becomes of the claim is the claim's way.
 */
@Singleton
@ControllerConfiguration(
    name = "pod",
    generationAwareEventProcessing = false,
    informer = @Informer(genericFilter = VpcCniPodFilter.class))
@GradualRetry(maxAttempts = -1, initialInterval = 1000, intervalMultiplier = 2, maxInterval = 60000)
public final class PodReconciler implements Reconciler<SlimPod> {

  /** Index of the Pods' cache: the node that a Pod was scheduled to. */
  static final String BY_NODE = "node";

  private final KubernetesClient client;
  private final SharedCache<SlimPod> pods;
  private final SharedCache<VpcIPClaim> claims;
  private final OwnerReferences owners;
  private final WornAddresses worn;
  private final PodRequestReader requests;
  private final SchedulingGate gate;
  private final EventRecorder events;

  /**
   * Claims that were just created and that the cache does not show yet, and when (nanoseconds). A
   * watch that breaks at the wrong moment may never show them: after a while that is checked again.
   */
  private final Map<String, Long> created = new ConcurrentHashMap<>();

  private static final Duration CACHE_LAG = Duration.ofSeconds(10);

  /** How long a gated Pod waits before the subnets are asked for again. */
  private static final Duration SUBNETS_ARE_READ = Duration.ofSeconds(5);

  private final LongSupplier nanoTime;

  @Inject
  PodReconciler(
      KubernetesClient client,
      SharedCache<SlimPod> pods,
      SharedCache<VpcIPClaim> claims,
      OwnerReferences owners,
      WornAddresses worn,
      PodRequestReader requests,
      SchedulingGate gate,
      EventRecorder events) {
    this(client, pods, claims, owners, worn, requests, gate, events, System::nanoTime);
  }

  /**
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  PodReconciler(
      KubernetesClient client,
      SharedCache<SlimPod> pods,
      SharedCache<VpcIPClaim> claims,
      OwnerReferences owners,
      WornAddresses worn,
      PodRequestReader requests,
      SchedulingGate gate,
      EventRecorder events,
      LongSupplier nanoTime) {
    this.worn = worn;
    this.requests = requests;
    this.gate = gate;
    this.nanoTime = nanoTime;
    this.client = client;
    this.pods = pods;
    this.claims = claims;
    this.owners = owners;
    this.events = events;
    claims.listen(
        new SharedCache.Listener<>() {
          @Override
          public void changed(VpcIPClaim claim) {
            created.remove(key(claim));
            var meta = claim.getMetadata();
            pods.get(meta.getNamespace(), meta.getName())
                .filter(SlimPod::isGated)
                .ifPresent(_ -> pods.enqueue(meta.getNamespace(), meta.getName()));
          }

          @Override
          public void deleted(VpcIPClaim claim) {
            created.remove(key(claim));
            pods.enqueue(claim.getMetadata().getNamespace(), claim.getMetadata().getName());
          }
        });
  }

  @Override
  public List<EventSource<?, SlimPod>> prepareEventSources(EventSourceContext<SlimPod> context) {
    pods.bind(
        context,
        Map.of(BY_NODE, pod -> pod.nodeName() == null ? List.of() : List.of(pod.nodeName())));
    return List.of(pods);
  }

  @Override
  public UpdateControl<SlimPod> reconcile(SlimPod pod, Context<SlimPod> context) {
    var asked = requests.of(pod);
    boolean again = gate.openOrAskAgain(pod, asked);
    switch (asked) {
      case PodRequest.NotOurs notOurs ->
          notOurs.error().ifPresent(c -> events.warn(pod, c.reason(), c.message()));
      case PodRequest.Requested request -> {
        var meta = pod.getMetadata();
        if (!pod.ended()
            && !pod.isMarkedForDeletion()
            && claims.get(meta.getNamespace(), meta.getName()).isEmpty()) {
          return PodRequests.ip(pod.podIp())
              .map(ip -> running(pod, ip, request))
              .orElseGet(() -> claimed(pod, request));
        }
      }
    }
    return again ? Requeue.after(SUBNETS_ARE_READ) : UpdateControl.noUpdate();
  }

  /** A Pod that runs already has its address from us, or stays without one. */
  private UpdateControl<SlimPod> running(SlimPod pod, Ip ip, PodRequest.Requested request) {
    var meta = pod.getMetadata();
    return switch (worn.of(meta.getNamespace(), meta.getName(), meta.getUid(), ip).where()) {
      case OURS -> claimed(pod, request);
      case ELSEWHERE -> {
        warn(pod, ClaimProblems.runsElsewhere(ip));
        yield UpdateControl.noUpdate();
      }
      case UNSURE ->
          switch (worn.look(meta.getNamespace(), meta.getName(), meta.getUid(), ip)) {
            case WornAddresses.Look.Asking() -> UpdateControl.noUpdate();
            case WornAddresses.Look.Answered() -> running(pod, ip, request);
            case WornAddresses.Look.Failed(var cause, var pause) -> {
              warn(pod, ClaimProblems.addressUnclear(ip, cause.getMessage()));
              yield Requeue.after(pause);
            }
          };
    };
  }

  private void warn(SlimPod pod, WaitStep.Problem problem) {
    events.warn(pod, problem.reason(), problem.message());
  }

  /** Makes the claim; a watch that breaks may never show it, so that it is checked again. */
  private UpdateControl<SlimPod> claimed(SlimPod pod, PodRequest.Requested request) {
    create(pod, request);
    return Requeue.after(CACHE_LAG);
  }

  private void create(SlimPod pod, PodRequest.Requested request) {
    var claim = new VpcIPClaim();
    claim.setMetadata(
        new ObjectMetaBuilder()
            .withNamespace(pod.getMetadata().getNamespace())
            .withName(pod.getMetadata().getName())
            .addToLabels(Names.MANAGED_BY, Names.OPERATOR)
            .withFinalizers(Names.CLAIM_FINALIZER)
            .withOwnerReferences(owners.ofNew(pod))
            .build());
    claim.setSpec(PodRequests.spec(request));
    // The API server fills in what is true at first sight.
    claim.setStatus(null);
    long now = nanoTime.getAsLong();
    var before = created.putIfAbsent(key(claim), now);
    if (before != null && now - before < CACHE_LAG.toNanos()) {
      return;
    }
    if (request.fixed() && OwnerResolver.namesDoNotReturn(pod)) {
      events.warn(
          pod,
          ClaimReason.FIXED_IP_NEVER_RETURNS,
          "the Pod has a fixed IP (vpc-ip-claim-delete-policy: Never), but its workload never"
              + " makes a Pod of this name again: the claim keeps the address for a Pod that never"
              + " comes; use a StatefulSet, or set claim-expired-duration");
    }
    try {
      client.resource(claim).create();
    } catch (KubernetesClientException e) {
      created.remove(key(claim));
      // There is one already that the cache does not show yet; or the namespace is on its way out.
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT && !namespaceEnds(e)) {
        throw e;
      }
    }
  }

  private static String key(VpcIPClaim claim) {
    return claim.getMetadata().getNamespace() + "/" + claim.getMetadata().getName();
  }

  private static boolean namespaceEnds(KubernetesClientException e) {
    return e.getCode() == HttpURLConnection.HTTP_NOT_FOUND
        || (e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
            && String.valueOf(e.getMessage()).contains("being terminated"));
  }
}
